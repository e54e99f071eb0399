"""The list of classes: filters, order and figures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count
from django.http import HttpRequest

from lms.classes.models import TrainingClass
from lms.classes.queries import ClassFigures, figures_of
from lms.people.models import Unit
from lms.portals.office.classes.forms import ClassFilters
from lms.reports.queries import COUNTED, TREES, counting_in, editions_teaching

PER_PAGE = 25
SORTS = {
    "-date": ("-starts_on", "-pk"),
    "date": ("starts_on", "pk"),
    "name": ("search_text", "pk"),
    "-name": ("-search_text", "-pk"),
    "unit": ("unit__sort_key", "-starts_on", "pk"),
    "-unit": ("-unit__sort_key", "-starts_on", "pk"),
}


@dataclass(frozen=True, slots=True)
class ClassRow:
    """A class with its figures."""

    training_class: TrainingClass
    figures: ClassFigures


@dataclass(frozen=True, slots=True)
class ClassList:
    """The data of the page of classes."""

    page: Page[TrainingClass]
    rows: list[ClassRow]
    filters: dict[str, Any]
    unit: Unit | None
    years: list[int]
    programmes: list[tuple[int, str]]
    sort: str

    @property
    def filtered(self) -> bool:
        return any(value not in (None, "", False) for value in self.filters.values())


def class_list(request: HttpRequest) -> ClassList:
    """Return one page of the classes that the person may see, by the filters of the query."""
    visible = TrainingClass.objects.visible_to(request.user)
    form = ClassFilters(request.GET)
    form.is_valid()
    filters = {name: form.cleaned_data.get(name) for name in form.fields}
    classes = visible
    if filters["q"]:
        classes = classes.named_like(filters["q"])
    if filters["state"]:
        classes = classes.filter(state=filters["state"])
    if filters["year"]:
        classes = classes.filter(year=filters["year"])
    if filters["programme"]:
        classes = classes.filter(edition__programme_id=filters["programme"])
    unit = None
    if filters["unit"]:
        unit = Unit.objects.visible_to(request.user).filter(pk=filters["unit"]).first()
        if unit is None:
            filters["unit"] = None
        else:
            tree = filters["tree"] or TREES[0]
            classes = classes.filter(counting_in(unit, tree, own=bool(filters["own"])))
    if filters["kind"]:
        classes = classes.filter(edition__in=editions_teaching(filters["kind"]))
    if filters["counted"]:
        classes = classes.filter(state__in=COUNTED)
    sort = request.GET.get("sort", "")
    order = SORTS.get(sort, SORTS["-date"])
    paginator = Paginator(classes.select_related("unit", "edition").order_by(*order), PER_PAGE)
    page = paginator.get_page(request.GET.get("page"))
    shown = list(page.object_list)
    figures = figures_of([training_class.pk for training_class in shown])
    return ClassList(
        page=page,
        rows=[ClassRow(training_class, figures[training_class.pk]) for training_class in shown],
        filters=filters,
        unit=unit,
        years=list(visible.order_by("-year").values_list("year", flat=True).distinct()),
        programmes=list(
            visible.order_by("edition__programme__title")
            .values_list("edition__programme_id", "edition__programme__title")
            .annotate(classes=Count("pk"))
            .values_list("edition__programme_id", "edition__programme__title")
        ),
        sort=sort if sort in SORTS else "-date",
    )
