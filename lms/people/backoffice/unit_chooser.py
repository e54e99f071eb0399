"""Choosing a unit among thousands: a search in a dialogue, from the units that the person acts for."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import OuterRef, Subquery
from django.db.models.functions import Length, Substr
from django.utils.translation import gettext_lazy as _
from treebeard.mp_tree import MP_Node
from wagtail.admin.forms.choosers import BaseFilterForm
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic.chooser import ChooseResultsView, ChooseView, ChosenMultipleView, ChosenView
from wagtail.admin.viewsets.chooser import ChooserViewSet

from lms.common.text import whole_number
from lms.people.access import role_paths, within
from lms.people.enums import Role
from lms.people.models import Unit
from lms.people.queries import bodies


def choosable_units(user: Any) -> Any:
    """Return the units in force where ``user`` holds any role, or below; each with the name of the one above it."""
    parent = Unit.objects.filter(path=Substr(OuterRef("path"), 1, Length(OuterRef("path")) - MP_Node.steplen))
    mine = bodies().filter(within(role_paths(user, set(Role)), "path"))
    return mine.select_related("kind").annotate(above=Subquery(parent.order_by().values("name")[:1]))


class UnitFilterForm(BaseFilterForm):
    """The search of the dialogue, with and without accents."""

    q = forms.CharField(
        label=_("Search"), required=False, max_length=100, widget=forms.TextInput(attrs={"placeholder": _("Search")})
    )

    def filter(self, objects: Any) -> Any:
        objects = super().filter(objects)
        query = self.cleaned_data.get("q")
        if not query:
            return objects
        self.is_searching, self.search_query = True, query
        return objects.named_like(query)


class UnitsOfPerson:
    """The units of the dialogue, the same that may be chosen."""

    request: Any
    filter_form_class = UnitFilterForm

    def get_object_list(self) -> Any:
        return choosable_units(self.request.user)

    def get_object(self, pk: str) -> Unit:
        unit: Unit = self.get_object_list().get(pk=whole_number(pk) or 0)
        return unit

    def get_objects(self, pks: list[str]) -> Any:
        return self.get_object_list().filter(pk__in=[number for pk in pks if (number := whole_number(pk)) is not None])

    def can_create(self) -> bool:
        return False

    @property
    def columns(self) -> list[Column]:
        title: Column = self.title_column  # type: ignore[attr-defined]
        return [title, Column("kind", label=_("kind")), Column("above", label=_("Under"))]


class UnitChooseView(UnitsOfPerson, ChooseView):
    ordering = "path"


class UnitChooseResultsView(UnitsOfPerson, ChooseResultsView):
    ordering = "path"


class UnitChosenView(UnitsOfPerson, ChosenView):
    pass


class UnitChosenMultipleView(UnitsOfPerson, ChosenMultipleView):
    pass


class UnitChooserViewSet(ChooserViewSet):
    model = Unit
    icon = "site"
    choose_one_text = _("Choose a unit")
    choose_another_text = _("Choose another unit")
    edit_item_text = _("Open the unit")
    per_page = 15
    choose_view_class = UnitChooseView
    choose_results_view_class = UnitChooseResultsView
    chosen_view_class = UnitChosenView
    chosen_multiple_view_class = UnitChosenMultipleView


unit_chooser = UnitChooserViewSet("people_unit_chooser", url_prefix="chon-don-vi")
