"""One door before all Wagtail views that name a page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property

from cms.queries import choosable_pages, explorable_pages

# The names under which Wagtail's addresses carry pages.
PAGE_ARGUMENTS = frozenset({"page_id", "parent_page_id", "page_to_move_id", "destination_id", "target_parent_page_id"})


class PageGuard:
    """Answers 404 for every Wagtail address that names a page outside the asker's programmes.

    Most Wagtail views check this themselves, but not all do: choosers show any page whose number is asked for.
    Absent and forbidden are the same answer (style.md 9).
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    @cached_property
    def prefix(self) -> str:
        return reverse("wagtailadmin_home")

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> None:
        user: Any = request.user
        if not request.path_info.startswith(self.prefix) or not user.is_authenticated or user.is_superuser:
            return
        wanted = {int(value) for name, value in kwargs.items() if name in PAGE_ARGUMENTS and str(value).isdigit()}
        name = (request.resolver_match and request.resolver_match.view_name) or ""
        pages = explorable_pages
        if name.startswith("wagtailadmin_choose_page"):
            wanted |= {int(value) for value in request.GET.getlist("id") if value.isdigit()}
            pages = choosable_pages
        if wanted and pages(user).filter(pk__in=wanted).count() != len(wanted):
            raise Http404
