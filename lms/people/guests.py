"""Guests: accounts without a password that somebody got by giving a name at one sitting, and for that sitting only.

What a guest may open is named here by the apps that have it; everything else answers as if it were not there. Pages
that strangers may read stay open to guests too.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

type GuestHome = Callable[[Any], str]

_open: set[str] = set()
_homes: list[GuestHome] = []

# Signing out, the language, what a page needs without a network.
_open.update({"logout", "offline", "service-worker", "set-language"})


def register_guest_views(*names: str) -> None:
    """Open views (by their full names, ``attempts:attempt``) to guests; each must look for the person's own rows."""
    _open.update(names)


def is_open_to_guests(name: str) -> bool:
    """Whether guests may open the view of this name."""
    return name in _open


def register_guest_home(function: GuestHome) -> None:
    """Say where a guest belongs: ``function(user)`` returns an address, or "" for "not mine"."""
    _homes.append(function)


def guest_home(user: Any) -> str:
    """Return the page where a guest belongs, "/" when nobody knows."""
    return next((address for home in _homes if (address := home(user))), "/")
