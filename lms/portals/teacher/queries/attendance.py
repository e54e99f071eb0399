"""Attendance of a class, session by session."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, QuerySet

from lms.attendance.models import AttendanceRecord, AttendanceStatus
from lms.classes.enums import ClassState
from lms.classes.models import ClassSession, Enrolment, TrainingClass
from lms.common.clock import now
from lms.portals.teacher.queries.matrix import learners_of

PER_PAGE = 200
FIXED = (ClassState.RECOGNISED, ClassState.CANCELLED)


@dataclass(frozen=True, slots=True)
class SessionLine:
    """A session with how many were present, late, absent …; ``marked`` is 0 when attendance was not taken."""

    session: ClassSession
    counts: dict[str, int]
    marked: int
    learners: int

    @property
    def there(self) -> int:
        """Return the number of people there, in time or late."""
        return self.counts.get(AttendanceStatus.PRESENT, 0) + self.counts.get(AttendanceStatus.LATE, 0)

    @property
    def begun(self) -> bool:
        """Whether the session has begun."""
        return self.session.starts_at <= now()

    @property
    def waiting(self) -> bool:
        """It has begun and somebody has no mark yet."""
        return self.begun and self.marked < self.learners


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A learner on the sheet; ``presence`` is empty when not marked."""

    enrolment: Enrolment
    presence: str
    marked_at: dt.datetime | None

    @property
    def field(self) -> str:
        """The name of the learner's radio buttons."""
        return f"m-{self.enrolment.pk}"


@dataclass(frozen=True, slots=True)
class Sheet:
    session: ClassSession
    page: Page[Enrolment]
    rows: list[SheetRow]
    previous: ClassSession | None
    following: ClassSession | None

    @property
    def unmarked(self) -> int:
        return sum(not row.presence for row in self.rows)


def session_lines(training_class: TrainingClass, user: Any) -> list[SessionLine]:
    """The sessions of the timetable in order: three queries."""
    learners = learners_of(training_class, user).order_by()
    number = learners.count()
    counts: dict[int, dict[str, int]] = {}
    rows = (
        AttendanceRecord.objects.filter(session__training_class=training_class, enrolment__in=learners.values("pk"))
        .order_by()
        .values_list("session_id", "presence")
        .annotate(Count("enrolment_id"))
    )
    for session_id, presence, count in rows:
        counts.setdefault(session_id, {})[presence] = count
    return [
        SessionLine(
            session=session,
            counts=(mine := counts.get(session.pk, {})),
            marked=sum(mine.values()),
            learners=number,
        )
        for session in sessions_of(training_class)
    ]


def sessions_of(training_class: TrainingClass) -> list[ClassSession]:
    """The sessions of the class in order of time."""
    return list(
        ClassSession.objects.filter(training_class=training_class)
        .select_related("lecturer")
        .order_by("starts_at", "pk")
    )


def sheet(training_class: TrainingClass, user: Any, *, session_id: int, page: str | None = None) -> Sheet | None:
    """The sheet of one session; ``None`` when the class has no such session."""
    sessions = sessions_of(training_class)
    place = next((index for index, session in enumerate(sessions) if session.pk == session_id), None)
    if place is None:
        return None
    session = sessions[place]
    session.training_class = training_class
    learners: QuerySet[Enrolment] = learners_of(training_class, user).order_by("learner__sort_key", "pk")
    shown = Paginator(learners, PER_PAGE).get_page(page)
    enrolments = list(shown.object_list)
    records = {
        pk: (presence, marked_at)
        for pk, presence, marked_at in AttendanceRecord.objects.filter(
            session=session, enrolment_id__in=[enrolment.pk for enrolment in enrolments]
        ).values_list("enrolment_id", "presence", "marked_at")
    }
    return Sheet(
        session=session,
        page=shown,
        rows=[SheetRow(enrolment, *records.get(enrolment.pk, ("", None))) for enrolment in enrolments],
        previous=sessions[place - 1] if place else None,
        following=sessions[place + 1] if place + 1 < len(sessions) else None,
    )


def presence_of(session: ClassSession, enrolment_ids: list[int]) -> dict[int, str | None]:
    """The presence of these learners as it stands; ``None`` where nothing is marked."""
    found = dict(
        AttendanceRecord.objects.filter(session=session, enrolment_id__in=enrolment_ids).values_list(
            "enrolment_id", "presence"
        )
    )
    return {pk: found.get(pk) for pk in enrolment_ids}


def fixed(training_class: TrainingClass) -> bool:
    """Whether attendance of the class no longer changes."""
    return training_class.state in FIXED
