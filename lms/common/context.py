"""Context processors of the interface."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.functional import SimpleLazyObject

from lms.common import menu as menus

if TYPE_CHECKING:
    from django.http import HttpRequest

THEME_COOKIE = "sen_theme"
THEMES = ("light", "dark")


def site(request: HttpRequest) -> dict[str, Any]:
    """The product's name and whether the demo accounts exist."""
    return {"site_name": settings.WAGTAIL_SITE_NAME, "demo_accounts": settings.SEN_DEMO}


def menu(request: HttpRequest) -> dict[str, Any]:
    """Return what ``base.html`` and ``portal.html`` need beside the page's own context.

    ``menu``, ``site_menu``, ``account_menu`` and ``help_menu`` are lists of ``MenuItem``, made only when a template
    reads them (a fragment for htmx does not). ``theme`` is "light", "dark" or "" (as the device says), from the cookie
    that ``js/theme.js`` writes: the server sets the attribute so that no page flashes in the wrong colours.
    """
    theme = request.COOKIES.get(THEME_COOKIE, "")
    return {
        "menu": SimpleLazyObject(lambda: menus.items(request, menus.PORTAL)),
        "site_menu": SimpleLazyObject(lambda: menus.items(request, menus.SITE)),
        "account_menu": SimpleLazyObject(lambda: menus.items(request, menus.ACCOUNT)),
        "help_menu": SimpleLazyObject(lambda: menus.items(request, menus.HELP)),
        "theme": theme if theme in THEMES else "",
    }
