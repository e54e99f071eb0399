"""The deeds of learners in a class (items, marks, periods), read for one or for many in one statement."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import batched
from typing import Any

from django.db.models import Case, QuerySet, Sum, Value, When
from django.db.models.functions import Coalesce

from lms.attendance.models import AttendanceRecord
from lms.classes.models import ClassSession, Enrolment
from lms.common.prepared import prepared
from lms.gradebook.fold import BEST, MarkEntry, item_marks
from lms.gradebook.models import LedgerEntry, LedgerSource
from lms.progress.models import ItemProgress

_PROGRESS, _LEDGER, _ATTENDANCE, _PLANNED = 0, 1, 2, 3
_VOID = "void"  # in place of the counting rule
_BATCH = 5000  # three times as many parameters, below every database's limit


@dataclass(slots=True)
class Deeds:
    """The deeds of one learner, as the tables say them."""

    states: dict[int, str] = field(default_factory=dict)
    entries: list[MarkEntry] = field(default_factory=list)
    counting: dict[int, str] = field(default_factory=dict)
    allowed: dict[int, int] = field(default_factory=dict)
    attended: int = 0

    def marks(self) -> dict[int, Decimal]:
        """The mark on 10 of each item, unrounded."""
        return item_marks(self.entries, self.counting)


def read_deeds(enrolment_ids: Iterable[int]) -> dict[int, Deeds]:
    """Read progress, ledger and attendance of the enrolments: one statement for up to 5,000 of them.

    Three reads would be easier to follow, but this runs inside every act that may complete an enrolment.
    """
    deeds: dict[int, Deeds] = {}
    for ids in batched(enrolment_ids, _BATCH):
        deeds |= {pk: Deeds() for pk in ids}
        _note(_deeds({"enrolment_id__in": ids}), deeds)
    return deeds


def read_deeds_and_plan(enrolment: Enrolment) -> tuple[Deeds, int]:
    """Read the deeds of one enrolment and the periods that its class has planned, in one statement."""
    deeds = {enrolment.pk: Deeds()}
    rows = _deeds_and_plan_of_one.all(enrolment=enrolment, training_class=enrolment.training_class_id)
    planned = _note(rows, deeds)
    return deeds[enrolment.pk], planned


@prepared
def _deeds_and_plan_of_one(enrolment: Any, training_class: Any) -> QuerySet[Any, tuple[Any, ...]]:
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
                default=Coalesce("item__exam__counting", Value(BEST)),
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
            mine.entries.append(MarkEntry(entry_id, item_id, first, second, replaces or None, bool(attempt_id), void))
            if not void:
                mine.counting[item_id] = text
            if allowed:
                mine.allowed[item_id] = allowed
        else:
            mine.attended += int(first)
    return planned


def planned_periods(class_ids: Iterable[int]) -> dict[int, int]:
    """Periods in the timetable by class; a class without sessions is absent."""
    rows = ClassSession.objects.filter(training_class_id__in=set(class_ids)).order_by()
    return dict(rows.values_list("training_class_id").annotate(Sum("periods")))
