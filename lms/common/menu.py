"""The menus of the interface, filled by the apps.

The frame of a page (``base.html``, ``portal.html``) shows menus whose entries it cannot know. An app adds its own
in ``AppConfig.ready()``::

    menu.register(learner_menu)                       # def learner_menu(request) -> list[MenuItem]
    menu.register(account_menu, place=menu.ACCOUNT)

Four places: ``PORTAL`` (the rail and the dock), ``SITE`` (the line of public pages at the top), ``ACCOUNT`` (the
person's own menu) and ``HELP`` (the "?" at the top).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from operator import attrgetter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.utils.functional import Promise

PORTAL = "portal"
SITE = "site"
ACCOUNT = "account"
HELP = "help"
PLACES = (PORTAL, SITE, ACCOUNT, HELP)


@dataclass(frozen=True, slots=True)
class MenuItem:
    """One entry of a menu.

    ``icon`` names a symbol of ``icons.svg``. ``order`` sorts (small first; ties keep the order of registration).
    ``section`` is the heading above the entry on wide screens. ``current`` marks the place where the person is;
    left ``None`` it is worked out from the path: the entry with the longest ``url`` that the path starts with.
    ``count`` is a small number beside the label (0 shows nothing). ``post`` makes the entry a button that posts
    to ``url`` (signing out).
    """

    label: str | Promise
    url: str
    icon: str = ""
    order: int = 100
    section: str | Promise = ""
    current: bool | None = None
    count: int = 0
    post: bool = False


type MenuProvider = Callable[[HttpRequest], Sequence[MenuItem]]

_providers: dict[str, list[MenuProvider]] = defaultdict(list)


def register(provider: MenuProvider, *, place: str = PORTAL) -> None:
    """Add ``provider`` to the menu at ``place``; registering the same function twice changes nothing.

    Raises ``ValueError`` for an unknown place.
    """
    if place not in PLACES:
        raise ValueError(f"Unknown menu place {place!r}; known: {', '.join(PLACES)}")
    if provider not in _providers[place]:
        _providers[place].append(provider)


def items(request: HttpRequest, place: str = PORTAL) -> list[MenuItem]:
    """Return the entries at ``place`` for ``request``, sorted, with exactly the right one marked as current."""
    found = [item for provider in _providers[place] for item in provider(request)]
    found.sort(key=attrgetter("order"))
    if any(item.current for item in found):
        return [replace(item, current=bool(item.current)) for item in found]
    matching = [item.url for item in found if item.current is None and _leads_to(item.url, request.path)]
    best = max(matching, key=len, default=None)
    return [replace(item, current=item.url == best) for item in found]


def _leads_to(url: str, path: str) -> bool:
    """Whether ``path`` is ``url`` or lies below it; "/" is only ever itself."""
    return path == url or (url != "/" and path.startswith(url if url.endswith("/") else f"{url}/"))
