"""The tree of units and the roles on it, in the administration."""

from __future__ import annotations

from typing import Any

import django_filters  # type: ignore[import-untyped]
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet, ModelViewSetGroup
from wagtail.log_actions import log

from lms.common.clock import today
from lms.common.errors import DomainError
from lms.common.formats import date_short
from lms.common.text import fold
from lms.people.backoffice.forms import MembershipForm, NewMembershipForm, NewUnitForm, UnitForm
from lms.people.enums import Role
from lms.people.models import Membership, Unit, UnitKind, User
from lms.people.services.memberships import end_role, grant_role
from lms.people.services.units import create_unit, record_edit


class CurrentFilter(django_filters.ChoiceFilter):
    """In force today, or not any more."""

    def __init__(self, **kwargs: Any) -> None:
        choices = [("now", gettext_lazy("in force")), ("past", gettext_lazy("ended"))]
        super().__init__(label=gettext_lazy("validity"), choices=choices, **kwargs)

    def filter(self, qs: Any, value: str) -> Any:
        if value == "now":
            return qs.current()
        return qs.filter(valid_to__lte=today()) if value == "past" else qs


class UnitFilterSet(WagtailFilterSet):
    kind = django_filters.ModelChoiceFilter(queryset=UnitKind.objects.all(), label=gettext_lazy("kind"))
    province = django_filters.ModelChoiceFilter(
        queryset=Unit.objects.filter(kind="province"), label=gettext_lazy("province"), method="under"
    )
    current = CurrentFilter()

    class Meta:
        model = Unit
        fields: list[str] = []

    def under(self, queryset: Any, name: str, value: Unit) -> Any:
        return queryset.subtree_of(value)


def validity_columns(*, begins: str, ends: str, sort: str | None = None) -> list[Column]:
    """The two columns of a period, as people read dates."""
    return [
        Column("valid_from", label=begins, accessor=lambda row: date_short(row.valid_from)),
        Column("valid_to", label=ends, accessor=lambda row: date_short(row.valid_to), sort_key=sort),
    ]


class SeenMixin:
    """Views of rows that the person may see; ``related`` is fetched with them."""

    model: Any
    request: Any
    related: tuple[str, ...] = ()

    def get_queryset(self) -> Any:
        rows = self.model.objects.visible_to(self.request.user)
        return rows.select_related(*self.related) if self.related else rows


class SeenIndexView(generic.IndexView):
    """A list of rows that the person may see."""

    any_permission_required = ["change"]
    related: tuple[str, ...] = ()

    def get_base_queryset(self) -> Any:
        return self.model.objects.visible_to(self.request.user).select_related(*self.related)


class UnitIndexView(SeenIndexView):
    """Units in the order of the tree, indented."""

    related = ("kind",)
    search_fields = ["search_text"]
    default_ordering = "path"
    list_export = ["kind_id", "code", "name", "short_name", "valid_from", "valid_to"]
    export_filename = "units"

    @cached_property
    def columns(self) -> list[Column]:
        return [
            self._get_title_column_class(TitleColumn)(
                "name",
                accessor=lambda unit: "\u2003" * (unit.depth - 1) + unit.name,
                label=_("name"),
                sort_key="sort_key",
                get_url=self.get_edit_url,
            ),
            Column("kind", label=_("kind")),
            Column("code", label=_("official code"), sort_key="code"),
            *validity_columns(begins=_("in force from"), ends=_("in force until (not included)"), sort="valid_to"),
        ]

    def search_queryset(self, queryset: Any) -> Any:
        return queryset.named_like(self.search_query) if self.is_searching else queryset


class UnitCreateView(generic.CreateView):
    def save_instance(self) -> Unit:
        data = self.form.cleaned_data
        unit = create_unit(
            parent=data["parent"],
            name=data["name"],
            kind=data["kind"],
            short_name=data["short_name"],
            code=data["code"],
            valid_from=data["valid_from"],
            actor=self.request.user,
        )
        log(instance=unit, action="wagtail.create", user=self.request.user)
        return unit


class UnitEditView(SeenMixin, generic.EditView):
    def save_instance(self) -> Unit:
        unit: Unit = super().save_instance()
        assert isinstance(self.request.user, User)
        record_edit(unit=unit, changed=self.form.changed_data, actor=self.request.user)
        return unit


class UnitViewSet(ModelViewSet):
    """Units; they are dissolved, never deleted."""

    model = Unit
    icon = "site"
    menu_label = gettext_lazy("Units")
    url_prefix = "units"
    ordering = "path"
    copy_view_enabled = False
    add_to_reference_index = False
    filterset_class = UnitFilterSet
    index_view_class = UnitIndexView
    add_view_class = UnitCreateView
    edit_view_class = UnitEditView

    def get_form_class(self, for_update: bool = False) -> Any:
        return UnitForm if for_update else NewUnitForm


class MembershipFilterSet(WagtailFilterSet):
    role = django_filters.MultipleChoiceFilter(choices=Role.choices, label=gettext_lazy("role"))
    current = CurrentFilter()

    class Meta:
        model = Membership
        fields: list[str] = []


class MembershipIndexView(SeenIndexView):
    related = ("user", "unit")
    search_fields = ["user__search_text"]
    default_ordering = "user__sort_key"
    list_export = ["user.username", "user.get_full_name", "role", "unit.name", "valid_from", "valid_to"]
    export_filename = "roles"

    @cached_property
    def columns(self) -> list[Column]:
        return [
            self._get_title_column_class(TitleColumn)(
                "user", label=_("person"), sort_key="user__sort_key", get_url=self.get_edit_url
            ),
            Column("role", label=_("role"), accessor="get_role_display", sort_key="role"),
            Column("unit", label=_("unit")),
            *validity_columns(begins=_("from"), ends=_("until (not included)")),
        ]

    def search_queryset(self, queryset: Any) -> Any:
        return queryset.filter(user__search_text__contains=fold(self.search_query)) if self.is_searching else queryset


class RefusingMixin:
    """A form that shows the refusal of a service and changes nothing."""

    def form_valid(self, form: Any) -> Any:
        try:
            return super().form_valid(form)  # type: ignore[misc]
        except DomainError as error:
            form.add_error(None, str(error))
            return self.form_invalid(form)  # type: ignore[attr-defined]


def _grant(view: Any, *, action: str, **about: Any) -> Membership:
    """Give the role for the period of the view's form, and enter it into Wagtail's log."""
    data, actor = view.form.cleaned_data, view.request.user
    membership = grant_role(valid_from=data["valid_from"], valid_to=data["valid_to"], actor=actor, **about)
    log(instance=membership, action=action, user=actor)
    return membership


class MembershipCreateView(RefusingMixin, generic.CreateView):
    def save_instance(self) -> Membership:
        data = self.form.cleaned_data
        about = {"user": data["person"], "unit": data["unit"], "role": data["role"]}
        return _grant(self, action="wagtail.create", **about)


class MembershipEditView(RefusingMixin, SeenMixin, generic.EditView):
    related = ("user", "unit")

    def save_instance(self) -> Membership:
        row = self.object
        return _grant(self, action="wagtail.edit", user=row.user, unit=row.unit, role=row.role)


class MembershipEndView(RefusingMixin, SeenMixin, generic.DeleteView):
    """Ends the role; the row stays as history."""

    related = ("user", "unit")
    page_title = gettext_lazy("End the role of")
    confirmation_message = gettext_lazy("End this role today?")
    success_message = gettext_lazy("The role has ended.")

    def delete_action(self) -> None:  # in place of Wagtail's action, which deletes the row
        end_role(membership=self.object, actor=self.request.user)


class MembershipViewSet(ModelViewSet):
    model = Membership
    icon = "key"
    menu_label = gettext_lazy("Roles")
    url_prefix = "roles"
    copy_view_enabled = False
    add_to_reference_index = False
    filterset_class = MembershipFilterSet
    index_view_class = MembershipIndexView
    add_view_class = MembershipCreateView
    edit_view_class = MembershipEditView
    delete_view_class = MembershipEndView

    def get_form_class(self, for_update: bool = False) -> Any:
        return MembershipForm if for_update else NewMembershipForm


class OrganisationGroup(ModelViewSetGroup):
    """One entry in the menu for the tree and its roles."""

    menu_label = gettext_lazy("Organisation")
    menu_icon = "site"
    menu_order = 500
    items = (UnitViewSet, MembershipViewSet)
