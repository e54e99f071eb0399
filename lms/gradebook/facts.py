"""The facts that completion is folded from, read for one enrolment or for many in one statement."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import batched
from typing import Any

from django.db.models import Case, QuerySet, Sum, Value, When
from django.db.models.functions import Coalesce

from lms.attendance.models import AttendanceRecord
from lms.classes.enums import ClassState
from lms.classes.models import ClassSession, Enrolment
from lms.common.prepared import prepared
from lms.gradebook import fold as grades
from lms.gradebook.models import LedgerEntry, LedgerSource
from lms.programmes.models import Edition
from lms.programmes.queries import outline
from lms.progress import fold
from lms.progress.models import ItemProgress, ItemState

ENDED = frozenset({ClassState.CLOSED, ClassState.RECOGNISED})
_PROGRESS, _LEDGER, _ATTENDANCE, _PLANNED = 0, 1, 2, 3
_VOID = "void"  # in place of the counting rule
_BATCH = 5000  # three times as many parameters, below every database's limit


@dataclass(slots=True)
class Deeds:
    """The deeds of one learner, as the tables say them."""

    states: dict[int, str] = field(default_factory=dict)
    entries: list[grades.Entry] = field(default_factory=list)
    counting: dict[int, str] = field(default_factory=dict)
    allowed: dict[int, int] = field(default_factory=dict)
    attended: int = 0

    def marks(self) -> dict[int, Decimal]:
        """The mark on 10 of each item, unrounded."""
        return grades.item_marks(self.entries, self.counting)


def read_deeds(enrolment_ids: Iterable[int]) -> dict[int, Deeds]:
    """Read progress, ledger and attendance of the enrolments: one statement for up to 5,000 of them.

    Three reads would be easier to follow, but this runs inside every act that may complete an enrolment.
    """
    deeds: dict[int, Deeds] = {}
    for ids in batched(enrolment_ids, _BATCH):
        deeds |= {pk: Deeds() for pk in ids}
        _note(_deeds({"enrolment_id__in": ids}), deeds)
    return deeds


def read_facts(enrolment: Enrolment) -> tuple[Deeds, int]:
    """Read the deeds of one enrolment and the periods that its class has planned, in one statement."""
    deeds = {enrolment.pk: Deeds()}
    rows = _facts_of_one.all(enrolment=enrolment, training_class=enrolment.training_class_id)
    planned = _note(rows, deeds)
    return deeds[enrolment.pk], planned


@prepared
def _facts_of_one(enrolment: Any, training_class: Any) -> QuerySet[Any, tuple[Any, ...]]:
    nothing, zero = Value(0), Value(Decimal(0))
    planned = (
        ClassSession.objects.filter(training_class_id=training_class)
        .order_by()
        .values("training_class_id")
        .annotate(total=Sum("periods"))
        .values_list(
            Value(_PLANNED),
            "training_class_id",
            nothing,
            Value(""),
            "total",
            zero,
            nothing,
            nothing,
            nothing,
            nothing,
        )
    )
    return _deeds({"enrolment_id": enrolment}, planned)


def _deeds(of: dict[str, Any], *more: QuerySet[Any, Any]) -> QuerySet[Any, tuple[Any, ...]]:
    """Rows of what was done by the enrolments that the condition ``of`` names, and ``more`` rows like them."""
    nothing, zero = Value(0), Value(Decimal(0))
    progress = (
        ItemProgress.objects.filter(**of)
        .order_by()
        .values_list(
            Value(_PROGRESS), "enrolment_id", "item_id", "state", zero, zero, nothing, nothing, nothing, nothing
        )
    )
    ledger = (
        LedgerEntry.objects.filter(**of)
        .order_by()
        .values_list(
            Value(_LEDGER),
            "enrolment_id",
            "item_id",
            Case(
                When(source=LedgerSource.VOID, then=Value(_VOID)),
                default=Coalesce("item__exam__counting", Value(grades.BEST)),
            ),
            "points",
            "max_points",
            "id",
            Coalesce("replaces_id", nothing),
            Coalesce("item__exam__max_attempts", nothing),
            Coalesce("attempt_id", nothing),
        )
    )
    attendance = (
        AttendanceRecord.objects.filter(**of, periods__gt=0)
        .order_by()
        .values_list(
            Value(_ATTENDANCE),
            "enrolment_id",
            "session_id",
            Value(""),
            "periods",
            zero,
            nothing,
            nothing,
            nothing,
            nothing,
        )
    )
    return progress.union(ledger, attendance, *more, all=True)


def _note(rows: Iterable[tuple[Any, ...]], deeds: dict[int, Deeds]) -> int:
    """Sort ``rows`` into ``deeds``; return the planned periods that were among them."""
    planned = 0
    for kind, owner_id, item_id, text, first, second, entry_id, replaces, allowed, attempt_id in rows:
        if kind == _PLANNED:
            planned += int(first)
            continue
        mine = deeds[owner_id]
        if kind == _PROGRESS:
            mine.states[item_id] = text
        elif kind == _LEDGER:
            void = text == _VOID
            mine.entries.append(
                grades.Entry(entry_id, item_id, first, second, replaces or None, bool(attempt_id), void)
            )
            if not void:
                mine.counting[item_id] = text
            if allowed:
                mine.allowed[item_id] = allowed
        else:
            mine.attended += int(first)
    return planned


def fold_items(edition_id: int) -> tuple[fold.Item, ...]:
    """The items of an edition as the fold wants them (from the cached outline)."""
    return tuple(
        fold.Item(
            id=item.id,
            position=item.position,
            kind=item.kind,
            required=item.required,
            counts=item.counts,
            weight=item.weight,
            module_kind=module.kind,
        )
        for module in outline(edition_id)
        for item in module.items
    )


def fold_rules(edition: Edition) -> fold.Rules:
    """The edition's rules as the fold wants them."""
    return fold.Rules(
        pass_mark=Decimal(edition.pass_mark),
        attendance_share=Decimal(edition.attendance_share),
        bands=tuple((band["code"], Decimal(str(band["from"]))) for band in edition.bands),
    )


def planned_periods(class_ids: Iterable[int]) -> dict[int, int]:
    """Periods in the timetable by class; a class without sessions is absent."""
    rows = ClassSession.objects.filter(training_class_id__in=set(class_ids)).order_by()
    return dict(rows.values_list("training_class_id").annotate(Sum("periods")))


def fold_facts(enrolment: Enrolment, deeds: Deeds, planned: int) -> fold.Facts:
    """The facts of one enrolment (its class must be loaded)."""
    made = grades.attempts_made(deeds.entries)
    earned = None
    if enrolment.completed_at is not None:
        earned = fold.Earned(score=enrolment.score, band=enrolment.band)
    return fold.Facts(
        done=frozenset(item for item, state in deeds.states.items() if state == ItemState.DONE),
        doing=frozenset(item for item, state in deeds.states.items() if state == ItemState.DOING),
        marks=deeds.marks(),
        closed=frozenset(item for item, count in made.items() if 0 < deeds.allowed.get(item, 0) <= count),
        attendance=fold.Attendance(attended=deeds.attended, planned=planned),
        ended=enrolment.training_class.state in ENDED,
        earned=earned,
    )


def fold_enrolment(enrolment: Enrolment, deeds: Deeds, planned: int) -> fold.Outcome:
    """Return the standing of an enrolment (its class and edition must be loaded)."""
    edition = enrolment.training_class.edition
    return fold.fold(fold_items(edition.pk), fold_rules(edition), fold_facts(enrolment, deeds, planned))
