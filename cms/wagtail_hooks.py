"""Additions of the curriculum to Wagtail."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.templatetags.static import static
from django.urls import URLPattern, path, reverse
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.action_menu import ActionMenuItem, SubmitForModerationMenuItem
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.ui.tables.pages import BulkActionsColumn, PageStatusColumn, PageTitleColumn
from wagtail.admin.views.pages.listing import IndexView
from wagtail.admin.viewsets.pages import PageListingViewSet
from wagtail.admin.widgets.button import HeaderButton

from cms import file_lists, people_filters
from cms.access import may_start_programmes
from cms.file_views import in_use, refuse
from cms.models import ProgrammePage
from cms.queries import choosable_pages
from cms.wagtail_views import NewProgrammeView
from lms.people.access import is_root_administrator
from media.models import SenDocument, SenImage

file_lists.narrow()
people_filters.narrow()


class ProgrammeIndexView(IndexView):
    """The programmes that a person may see, with the way to start another."""

    def get_add_url(self) -> str | None:
        return reverse("cms-new-programme") if may_start_programmes(self.request.user) else None

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        url = self.get_add_url()
        if url is None:
            return []
        return [HeaderButton(_("New programme"), url=url, icon_name="plus")]


class ProgrammeListing(PageListingViewSet):
    model = ProgrammePage
    index_view_class = ProgrammeIndexView
    name = "cms_programmes"
    url_prefix = "chuong-trinh"
    icon = "folder-open-inverse"
    menu_label = _("Programmes")
    menu_order = 110
    add_to_admin_menu = True
    columns = [
        BulkActionsColumn("bulk_actions"),
        PageTitleColumn("title", label=_("Title"), sort_key="title", classname="title"),
        Column("unit", label=_("Owning unit"), accessor="unit"),
        DateColumn("latest_revision_created_at", label=_("Updated"), sort_key="latest_revision_created_at"),
        PageStatusColumn("status", label=_("Status"), sort_key="live"),
    ]

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            path("", self.index_view, name="index"),
            path("results/", self.index_results_view, name="index_results"),
            path("choose_parent/", NewProgrammeView.as_view(), name="choose_parent"),
        ]


@hooks.register("register_admin_viewset")
def register_programmes() -> ProgrammeListing:
    return ProgrammeListing()


@hooks.register("register_admin_urls")
def register_urls() -> list[URLPattern]:
    return [path("chuong-trinh-moi/", NewProgrammeView.as_view(), name="cms-new-programme")]


@hooks.register("construct_page_chooser_queryset")
def only_own_pages(pages: Any, request: HttpRequest) -> Any:
    """Choosers offer own programmes and the public site, nothing of another unit."""
    if request.user.is_superuser:
        return pages
    return pages.filter(pk__in=choosable_pages(request.user).order_by().values("pk"))


@hooks.register("insert_global_admin_css")
def own_colours() -> SafeString:
    return format_html('<link rel="stylesheet" href="{}">', static("cms/administration.css"))


@hooks.register("insert_editor_js")
def one_save_at_a_time() -> SafeString:
    return format_html('<script type="module" src="{}"></script>', static("cms/js/one-save.js"))


@hooks.register("register_admin_menu_item")
def way_back() -> MenuItem:
    """Leads from the administration to the portal of one's work."""
    return MenuItem(_("To my work"), reverse("start"), name="start", icon_name="arrow-left", order=1)


@hooks.register("construct_help_menu")
def no_foreign_help(request: HttpRequest, menu_items: list[Any]) -> None:
    """The help menu leads to no page outside the product."""
    menu_items[:] = [item for item in menu_items if not str(item.url).startswith("http")]


class SubmitForReview(SubmitForModerationMenuItem):
    """Wagtail's entry in words that tell what happens."""

    def get_context_data(self, parent_context: dict[str, Any]) -> dict[str, Any]:
        context = super().get_context_data(parent_context)
        page = context.get("page")
        state = page.current_workflow_state if page else None
        context["label"] = _("Submit for review again") if state else _("Submit for review")
        return context


@hooks.register("construct_page_action_menu")
def plain_words(menu_items: list[ActionMenuItem], request: HttpRequest, context: dict[str, Any]) -> None:
    for place, item in enumerate(menu_items):
        if item.name == SubmitForReview.name:
            menu_items[place] = SubmitForReview(order=item.order)


@hooks.register("construct_reports_menu")
def no_reports_over_all_units(request: HttpRequest, menu_items: list[Any]) -> None:
    """Two of Wagtail's reports know no units: they are for administrators of the whole tree (cms.entrances)."""
    if not is_root_administrator(request.user):
        menu_items[:] = [item for item in menu_items if item.name not in {"site-history", "page-types-usage"}]


@hooks.register("before_bulk_action")
def keep_used_files(request: HttpRequest, action_type: str, objects: list[Any], action: Any) -> HttpResponse | None:
    """Delete no picture or document that is in use; nothing of the selection is deleted then."""
    if action_type != "delete" or not objects or not isinstance(objects[0], SenImage | SenDocument):
        return None
    used = in_use(objects)
    return refuse(request, used) if used else None
