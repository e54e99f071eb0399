"""Reads of standings and marks that cross apps."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lms.classes.enums import EnrolmentStatus
from lms.classes.models import Enrolment, TrainingClass
from lms.common.formats import number
from lms.gradebook.facts import Deeds, fold_enrolment, planned_periods, read_deeds, read_facts
from lms.gradebook.models import ClassRefold, LedgerEntry, LedgerSource
from lms.programmes.enums import ItemKind
from lms.programmes.models import EditionItem
from lms.programmes.queries import OutlineItem, OutlineModule, outline
from lms.progress.fold import Missing, Outcome, round_mark
from quizzes.enums import ExamPurpose


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


@dataclass(frozen=True, slots=True)
class Position:
    """The standing of one enrolment, with what it was folded from."""

    outcome: Outcome
    states: dict[int, str]
    marks: dict[int, Decimal]
    attended: int
    planned: int


def position_of(enrolment: Enrolment) -> Position:
    """Fold one enrolment without writing (its class and edition should be loaded). One statement."""
    deeds, planned = read_facts(enrolment)
    outcome = fold_enrolment(enrolment, deeds, planned)
    marks = {item: round_mark(mark) for item, mark in deeds.marks().items()}
    return Position(outcome, deeds.states, marks, deeds.attended, planned)


def missing(enrolment: Enrolment) -> list[str]:
    """Return what the learner lacks for completion, in sentences of the reader's language."""
    if enrolment.status == EnrolmentStatus.WITHDRAWN:
        return []
    outcome = position_of(enrolment).outcome
    return missing_sentences(outcome.missing, outline(enrolment.training_class.edition_id))


def missing_sentences(items: Iterable[Missing], modules: Iterable[OutlineModule]) -> list[str]:
    """Say the fold's codes in sentences."""
    titles = {item.id: item.title for module in modules for item in module.items}
    return [_sentence(one, titles) for one in items]


def _sentence(one: Missing, titles: dict[int, str]) -> str:
    values = {
        "item": titles.get(one.item_id or 0, ""),
        "have": number(one.have) if one.have is not None else "",
        "need": number(one.need) if one.need is not None else "",
    }
    sentences = {
        "read_lesson": _("Study “%(item)s”."),
        "pass_exam": _("Pass “%(item)s”."),
        "pass_essay": _("Hand in and pass “%(item)s”."),
        "attend_session": _("Attend “%(item)s”."),
        "exam_closed": _("No attempt is left at “%(item)s”: ask your lecturer."),
        "attendance_share": ngettext(
            "Attend at least %(need)s period (so far: %(have)s).",
            "Attend at least %(need)s periods (so far: %(have)s).",
            int(one.need or 0),
        ),
        "pass_mark": _("Reach a final mark of %(need)s (now: %(have)s)."),
        "mark_pending": _("“%(item)s” waits for its mark."),
    }
    return sentences[one.code] % values


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


@dataclass(frozen=True, slots=True)
class GivenMark:
    """A row of the ledger as people read it. ``on_ten`` is the mark on 10; a row that is replaced counts no more."""

    entry: LedgerEntry
    on_ten: Decimal
    replaced: bool

    @property
    def in_force(self) -> bool:
        """Whether the row is a mark that counts, and may be corrected."""
        return not self.replaced and self.entry.source != LedgerSource.VOID


def items_with_marks(edition_id: int) -> QuerySet[EditionItem]:
    """The items of an edition that people give marks for: tests and essays, but no self-checks."""
    items = EditionItem.objects.filter(edition_id=edition_id, kind__in=[ItemKind.EXAM, ItemKind.ESSAY])
    return items.exclude(counts=False, exam__purpose=ExamPurpose.SELF_CHECK)


def marks_given(enrolment: Enrolment, item_id: int) -> list[GivenMark]:
    """The rows of the ledger of one learner and item with the people who gave them, the oldest first. One query."""
    rows = LedgerEntry.objects.filter(enrolment=enrolment, item_id=item_id).select_related("actor").order_by("pk")
    entries = list(rows)
    replaced = {entry.replaces_id for entry in entries}
    return [given_mark(entry, replaced=entry.pk in replaced) for entry in entries]


def given_mark(entry: LedgerEntry, *, replaced: bool = False) -> GivenMark:
    """Return a row of the ledger with its mark on 10."""
    return GivenMark(entry, round_mark(entry.points * 10 / entry.max_points), replaced)


def refolding(class_id: int) -> ClassRefold | None:
    """Return the progress of folding a very large class again; ``None`` when nothing is left to do."""
    return ClassRefold.objects.filter(pk=class_id).first()
