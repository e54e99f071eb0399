"""One learner in a class, for those in charge of it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from lms.attendance.models import AttendanceRecord
from lms.classes.enums import EnrolmentStatus
from lms.classes.models import ClassSession, Enrolment, TrainingClass
from lms.completion.queries import Position, missing_sentences, position_of
from lms.exams.models import Attempt
from lms.portals.teacher.queries.attendance import sessions_of
from lms.portals.teacher.queries.matrix import learners_of
from lms.programmes.queries import outline
from lms.reports.progress import ModuleLines, enrolment_items


@dataclass(frozen=True, slots=True)
class LearnerPage:
    """``marks`` on 10 by item; ``sessions`` with the presence, empty when nothing is marked."""

    enrolment: Enrolment
    position: Position
    missing: list[str]
    modules: list[ModuleLines]
    sessions: list[tuple[ClassSession, AttendanceRecord | None]]

    @property
    def marks(self) -> dict[int, Decimal]:
        return self.position.marks


def enrolment_in(training_class: TrainingClass, user: Any, enrolment_id: int) -> Enrolment | None:
    """An enrolment of the class that ``user`` may see, with learner and profile; ``None`` if there is none."""
    found = (
        learners_of(training_class, user)
        .select_related("learner__profile", "certificate", "training_class__edition")
        .filter(pk=enrolment_id)
    )
    return found.first()


def learner_page(training_class: TrainingClass, enrolment: Enrolment) -> LearnerPage:
    """Return the data of the learner's page."""
    enrolment.training_class = training_class
    position = position_of(enrolment)
    records = {record.session_id: record for record in AttendanceRecord.objects.filter(enrolment=enrolment).order_by()}
    sentences = (
        []
        if enrolment.status == EnrolmentStatus.WITHDRAWN
        else missing_sentences(position.outcome.missing, outline(training_class.edition_id))
    )
    return LearnerPage(
        enrolment=enrolment,
        position=position,
        missing=sentences,
        modules=enrolment_items(enrolment),
        sessions=[(session, records.get(session.pk)) for session in sessions_of(training_class)],
    )


def attempt_in(enrolment: Enrolment, attempt_id: int) -> Attempt | None:
    """An attempt that counts for this enrolment, with its exam and paper."""
    return (
        Attempt.objects.filter(enrolment_id=enrolment.pk, user_id=enrolment.learner_id, pk=attempt_id)
        .select_related("exam", "paper")
        .first()
    )
