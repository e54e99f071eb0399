"""The line of public pages at the top."""

from __future__ import annotations

from typing import Any

from django.core.cache import cache
from django.http import HttpRequest
from wagtail.models import Page, Site

from lms.common.menu import MenuItem

KEY = "cms:site-menu"
SECONDS = 60


def site_menu(request: HttpRequest) -> list[MenuItem]:
    """Return the published children of the front page that are marked for menus.

    Every page of every portal shows it, so it is kept until a page is published, unpublished or moved.
    """
    entries: list[tuple[str, str]] | None = cache.get(KEY)
    if entries is None:
        site = Site.objects.filter(is_default_site=True).select_related("root_page").first()
        pages = Page.objects.child_of(site.root_page).live().in_menu().order_by("path") if site else []
        entries = [(page.title, page.get_url(request) or "/") for page in pages]
        cache.set(KEY, entries, timeout=SECONDS)
    return [MenuItem(title, url, order=number) for number, (title, url) in enumerate(entries, start=1)]


def forget(**kwargs: Any) -> None:
    """Have the menu read again."""
    cache.delete(KEY)
