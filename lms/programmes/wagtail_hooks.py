"""Additions of programmes to Wagtail."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.action_menu import ActionMenuItem
from wagtail.admin.widgets.button import Button
from wagtail.models import Page

from cms.models import LessonPage, ProgrammePage
from lms.programmes.models import Edition, EditionItem
from lms.programmes.wagtail_views import (
    EditionsView,
    EditionView,
    FreezeView,
    ItemDeleteView,
    ItemFormView,
    ItemsView,
)


@hooks.register("register_admin_urls")
def register_urls() -> list[URLPattern]:
    root = "chuong-trinh/<int:page_id>"
    return [
        path(f"{root}/chot/", FreezeView.as_view(), name="programmes-freeze"),
        path(f"{root}/an-ban/", EditionsView.as_view(), name="programmes-editions"),
        path(f"{root}/an-ban/<int:number>/", EditionView.as_view(), name="programmes-edition"),
        path(f"{root}/muc/", ItemsView.as_view(), name="programmes-items"),
        path(f"{root}/muc/them/", ItemFormView.as_view(), name="programmes-item-add"),
        path(f"{root}/muc/<int:item_id>/", ItemFormView.as_view(), name="programmes-item-edit"),
        path(f"{root}/muc/<int:item_id>/xoa/", ItemDeleteView.as_view(), name="programmes-item-delete"),
    ]


def _buttons(page: Any, user: Any) -> Iterator[Button]:
    """The programme's own entries of the page menus."""
    if not isinstance(page.specific_deferred, ProgrammePage):
        return
    permissions = page.permissions_for_user(user)
    if permissions.can_publish():
        url = reverse("programmes-freeze", args=[page.pk])
        yield Button(gettext_lazy("Freeze edition"), url, icon_name="lock", priority=15)
    if permissions.can_edit():
        url = reverse("programmes-items", args=[page.pk])
        yield Button(gettext_lazy("Exams and sessions"), url, icon_name="list-ul", priority=16)
        url = reverse("programmes-editions", args=[page.pk])
        yield Button(gettext_lazy("Editions"), url, icon_name="history", priority=17)


@hooks.register("register_page_header_buttons")
def header_buttons(page: Any, user: Any, view_name: str, next_url: str | None = None) -> Iterator[Button]:
    yield from _buttons(page, user)


@hooks.register("register_page_listing_more_buttons")
def listing_buttons(page: Any, user: Any, next_url: str | None = None) -> Iterator[Button]:
    yield from _buttons(page, user)


class FreezeMenuItem(ActionMenuItem):
    """The entry beside “Publish” in the page editor."""

    name = "action-freeze-edition"
    label = gettext_lazy("Freeze edition")
    icon_name = "lock"
    order = 95

    def is_shown(self, context: dict[str, Any]) -> bool:
        page = context.get("page")
        if context["view"] != "edit" or not isinstance(page, ProgrammePage):
            return False
        return bool(page.permissions_for_user(context["request"].user).can_publish())

    def get_url(self, parent_context: dict[str, Any]) -> str:
        return reverse("programmes-freeze", args=[parent_context["page"].pk])


@hooks.register("register_page_action_menu_item")
def freeze_menu_item() -> FreezeMenuItem:
    return FreezeMenuItem()


def _held_by_editions(pages: Iterable[Any]) -> list[str]:
    """Return the titles among ``pages`` and below that editions hold, which the database will not let go."""
    held = []
    for page in pages:
        below = Page.objects.descendant_of(page, inclusive=True).order_by().values("pk")
        lessons = EditionItem.objects.filter(lesson__in=below).values("lesson")
        programmes = Edition.objects.filter(programme__in=below).values("programme")
        held += LessonPage.objects.filter(pk__in=lessons).values_list("title", flat=True)
        held += ProgrammePage.objects.filter(pk__in=programmes).values_list("title", flat=True)
    return held


def _refuse(request: HttpRequest, held: list[str], page: Any) -> HttpResponse:
    text = _("%(titles)s stand in an edition and cannot be deleted. Unpublish them instead.")
    messages.error(request, text % {"titles": ", ".join(f"“{title}”" for title in held[:5])})
    return redirect("wagtailadmin_explore", page.get_parent().pk)


@hooks.register("before_delete_page")
def keep_what_editions_hold(request: HttpRequest, page: Any) -> HttpResponse | None:
    held = _held_by_editions([page])
    return _refuse(request, held, page) if held else None


@hooks.register("before_bulk_action")
def keep_in_bulk(request: HttpRequest, action_type: str, objects: list[Any], action: Any) -> HttpResponse | None:
    if action_type != "delete" or not objects or not isinstance(objects[0], Page):
        return None
    held = _held_by_editions(objects)
    return _refuse(request, held, objects[0]) if held else None
