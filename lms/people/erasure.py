"""Contributions of apps to erasing a person: what they must keep and why, what stands against it, what they erase.

Higher apps register theirs in ``AppConfig.ready``; :mod:`lms.people.services.erasure` asks them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise


@dataclass(frozen=True, slots=True)
class Kept:
    """Rows that stay, without the person's name where nothing asks for it."""

    what: str | Promise
    count: int
    why: str | Promise


type Keeper = Callable[[Any], Iterable[Kept]]
type Blocker = Callable[[Any], Iterable[str]]
type Eraser = Callable[[Any], dict[str, int]]

_keepers: list[Keeper] = []
_blockers: list[Blocker] = []
_erasers: list[Eraser] = []


def register_kept(keeper: Keeper) -> None:
    """``keeper(user)`` names the rows that the law or the purpose of the record keeps."""
    _keepers.append(keeper)


def register_blocker(blocker: Blocker) -> None:
    """``blocker(user)`` names, in sentences, what must end before the person can be erased."""
    _blockers.append(blocker)


def register_eraser(eraser: Eraser) -> None:
    """``eraser(user)`` erases what its app keeps, inside the service's transaction; returns how much of what."""
    _erasers.append(eraser)


def kept(user: Any) -> list[Kept]:
    """Return what stays, leaving out what is not there."""
    return [row for keeper in _keepers for row in keeper(user) if row.count]


def blockers(user: Any) -> list[str]:
    """Return what stands against erasing ``user`` today."""
    return [str(sentence) for blocker in _blockers for sentence in blocker(user)]


def erase_elsewhere(user: Any) -> dict[str, int]:
    """Have every app erase its part; return how much of what."""
    counts: dict[str, int] = {}
    for eraser in _erasers:
        counts |= eraser(user)
    return counts
