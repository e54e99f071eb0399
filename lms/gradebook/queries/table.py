"""The table of a class's grade book: learners by items, with what stands on their enrolments."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from lms.classes.models import Enrolment, TrainingClass
from lms.gradebook.fold import round_mark
from lms.gradebook.queries.deeds import Deeds, planned_periods, read_deeds
from lms.programmes.queries import OutlineItem, OutlineModule, outline


@dataclass(frozen=True, slots=True)
class ItemCell:
    """The cell of one learner and one item. ``mark`` is on 10, two places."""

    item_id: int
    state: str
    mark: Decimal | None


@dataclass(frozen=True, slots=True)
class GradeRow:
    """One learner's line in the grade book."""

    enrolment_id: int
    learner_id: int
    username: str
    full_name: str
    position: str
    organisation: str
    status: str
    percent: int
    score: Decimal | None
    band: str
    attended: int
    cells: tuple[ItemCell, ...]


@dataclass(frozen=True, slots=True)
class GradeTable:
    """The grade book of a class: its items in order, its learners in the order of their names."""

    modules: tuple[OutlineModule, ...]
    items: tuple[OutlineItem, ...]
    planned_periods: int
    rows: tuple[GradeRow, ...]


def gradebook_table(training_class: TrainingClass) -> GradeTable:
    """The grade book of a class in four statements, whatever the number of learners. The withdrawn are left out."""
    enrolments = list(
        Enrolment.objects.filter(training_class=training_class)
        .active()
        .order_by("learner__sort_key", "pk")
        .values_list(
            "pk",
            "learner_id",
            "learner__username",
            "learner__family_name",
            "learner__middle_name",
            "learner__given_name",
            "learner__profile__position",
            "learner__profile__organisation",
            "status",
            "percent",
            "score",
            "band",
        )
    )
    modules = outline(training_class.edition_id)
    items = tuple(item for module in modules for item in module.items)
    deeds = read_deeds([row[0] for row in enrolments])
    rows = tuple(
        GradeRow(
            enrolment_id=pk,
            learner_id=learner_id,
            username=username,
            full_name=" ".join(part for part in names if part) or username,
            position=position or "",
            organisation=organisation or "",
            status=status,
            percent=percent,
            score=score,
            band=band,
            attended=deeds[pk].attended,
            cells=_cells(items, deeds[pk]),
        )
        for pk, learner_id, username, *names, position, organisation, status, percent, score, band in enrolments
    )
    planned = planned_periods([training_class.pk]).get(training_class.pk, 0)
    return GradeTable(modules=modules, items=items, planned_periods=planned, rows=rows)


def _cells(items: tuple[OutlineItem, ...], deeds: Deeds) -> tuple[ItemCell, ...]:
    marks = deeds.marks() if deeds.entries else {}
    states = deeds.states
    return tuple(
        ItemCell(item.id, states.get(item.id, "todo"), round_mark(marks[item.id]) if item.id in marks else None)
        for item in items
    )
