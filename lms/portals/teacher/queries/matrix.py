"""Learners × items of a class."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypedDict

from django.core.paginator import Page, Paginator
from django.db.models import BooleanField, Case, Count, F, Q, QuerySet, Value, When
from django.db.models.expressions import Combinable

from lms.classes.models import Enrolment, TrainingClass
from lms.common.text import fold
from lms.gradebook.fold import round_mark
from lms.gradebook.queries.deeds import read_deeds
from lms.programmes.queries import OutlineItem, OutlineModule, outline
from lms.progress.models import ItemProgress, ItemState
from lms.reports.people import behind

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

PER_PAGE = 100
_NAME = F("learner__sort_key")
SORTS: dict[str, tuple[Combinable, ...]] = {
    "name": (_NAME, F("pk")),
    "-name": (_NAME.desc(), F("pk").desc()),
    "percent": (F("percent"), _NAME, F("pk")),
    "-percent": (F("percent").desc(), _NAME, F("pk")),
    "activity": (F("last_activity_at").asc(nulls_first=True), _NAME, F("pk")),
    "-activity": (F("last_activity_at").desc(nulls_last=True), _NAME, F("pk")),
}


@dataclass(frozen=True, slots=True)
class MatrixCell:
    """``mark`` is on 10, two places, for what has been marked."""

    state: str
    mark: Decimal | None


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """A learner with the state of each item, in the items' order."""

    enrolment: Enrolment
    name: str
    behind: bool
    done: int
    cells: tuple[MatrixCell, ...]

    @property
    def last_activity(self) -> dt.datetime | None:
        return self.enrolment.last_activity_at


@dataclass(frozen=True, slots=True)
class Matrix:
    """One page of the matrix. ``done`` counts by item over the whole class, whatever is filtered."""

    modules: tuple[OutlineModule, ...]
    items: tuple[OutlineItem, ...]
    page: Page[Enrolment]
    rows: list[MatrixRow]
    done: dict[int, int]
    learners: int
    behind: int


class Standing(TypedDict):
    """Columns that :func:`learners_of` adds to an enrolment."""

    is_behind: bool


def learners_of(training_class: TrainingClass, user: Any) -> QuerySet[WithAnnotations[Enrolment, Standing]]:
    """The enrolments of the class (without the withdrawn), with ``is_behind`` and the learner."""
    late = Case(When(behind(), then=Value(True)), default=Value(False), output_field=BooleanField())
    return (
        Enrolment.objects.visible_to(user)
        .active()
        .filter(training_class=training_class)
        .annotate(is_behind=late)
        .select_related("learner")
    )


def matrix(
    training_class: TrainingClass,
    user: Any,
    *,
    sort: str = "name",
    only_behind: bool = False,
    text: str = "",
    page: str | None = None,
    per_page: int = PER_PAGE,
) -> Matrix:
    """Read a page of the matrix in five queries, whatever the number of learners and items."""
    modules = outline(training_class.edition_id)
    items = tuple(item for module in modules for item in module.items)
    everyone = learners_of(training_class, user)
    counts = everyone.aggregate(learners=Count("pk"), behind=Count("pk", filter=Q(is_behind=True)))
    found: QuerySet[Enrolment] = everyone.filter(is_behind=True) if only_behind else everyone
    if text:
        found = found.filter(learner__search_text__contains=fold(text))
    pages = Paginator(found.order_by(*SORTS.get(sort, SORTS["name"])), per_page)
    if not text:  # the count is known already
        pages.__dict__["count"] = counts["behind" if only_behind else "learners"]
    shown = pages.get_page(page)
    enrolments = list(shown.object_list)
    done = dict(
        ItemProgress.objects.filter(enrolment__in=everyone.order_by().values("pk"), state=ItemState.DONE)
        .order_by()
        .values_list("item_id")
        .annotate(Count("enrolment_id"))
    )
    return Matrix(
        modules=modules,
        items=items,
        page=shown,
        rows=rows_of(enrolments, items),
        done=done,
        learners=counts["learners"],
        behind=counts["behind"],
    )


def rows_of(enrolments: Sequence[Enrolment], items: Sequence[OutlineItem]) -> list[MatrixRow]:
    """The lines of these learners (with ``is_behind`` and the learner loaded): one query."""
    deeds = read_deeds([enrolment.pk for enrolment in enrolments])
    rows = []
    for enrolment in enrolments:
        mine = deeds[enrolment.pk]
        marks = mine.marks() if mine.entries else {}
        cells = tuple(
            MatrixCell(
                mine.states.get(item.id, ItemState.TODO.value),
                round_mark(marks[item.id]) if item.id in marks else None,
            )
            for item in items
        )
        rows.append(
            MatrixRow(
                enrolment=enrolment,
                name=str(enrolment.learner),
                behind=enrolment.is_behind,  # type: ignore[attr-defined]
                done=sum(cell.state == ItemState.DONE for cell in cells),
                cells=cells,
            )
        )
    return rows
