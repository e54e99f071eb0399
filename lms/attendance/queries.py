"""Reads of attendance: periods credited, held and planned."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Sum

from lms.attendance.models import AttendanceRecord
from lms.classes.models import ClassSession
from lms.common.prepared import prepared


@prepared
def _class_periods(training_class: int) -> QuerySet[ClassSession, Any]:
    marked = Exists(AttendanceRecord.objects.filter(session_id=OuterRef("pk")))
    return (
        ClassSession.objects.filter(training_class_id=training_class)
        .order_by()
        .annotate(marked=marked)
        .values_list("training_class_id")
        .annotate(held=Sum("periods", filter=Q(marked=True), default=0), planned=Sum("periods"))
        .values_list("held", "planned")
    )


def class_periods(class_id: int) -> tuple[int, int]:
    """(held, planned) periods of a class, none without sessions.

    A session is held once attendance was taken in it: one that the clerk has not entered yet is nobody's absence.
    """
    return _class_periods.first(training_class=class_id) or (0, 0)


def attended_periods(enrolment_ids: Iterable[int]) -> dict[int, int]:
    """Credited periods by enrolment; who has none is absent."""
    rows = (
        AttendanceRecord.objects.filter(enrolment_id__in=list(enrolment_ids), periods__gt=0)
        .order_by()
        .values_list("enrolment_id")
        .annotate(total=Sum("periods"))
    )
    return dict(rows)


def attended_items(enrolment_ids: Iterable[int]) -> set[tuple[int, int]]:
    """(enrolment, session item) pairs where the learner was in at least one session of the item."""
    return set(
        AttendanceRecord.objects.filter(
            enrolment_id__in=list(enrolment_ids), periods__gt=0, session__item__isnull=False
        ).values_list("enrolment_id", "session__item_id")
    )
