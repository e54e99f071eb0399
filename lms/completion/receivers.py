"""Consequences of acts below for items, marks and standings, in the same transaction."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from lms.attendance.queries import attended_items
from lms.attendance.services import credit_periods
from lms.classes.enums import ClassState
from lms.classes.errors import ClassStateError
from lms.classes.models import Enrolment, TrainingClass
from lms.common.clock import now
from lms.completion.models import ClassRefresh
from lms.completion.services.class_standings import refresh_class
from lms.completion.services.items import begin_exam_item
from lms.completion.services.standings import (
    lock_enrolment,
    refresh_locked_standing,
    refresh_standing,
    refresh_standings,
)
from lms.completion.tasks import refresh_classes
from lms.gradebook.models import LedgerEntry, LedgerSource
from lms.gradebook.services.ledger import post
from lms.programmes.models import EditionItem
from lms.programmes.queries import outline
from lms.progress.services.sessions import mirror_sessions
from lms.progress.services.store import set_item_done
from quizzes.enums import ExamPurpose


def on_attendance_changed(sender: Any, *, enrolment_ids: list[int], **kwargs: Any) -> None:
    """Session items follow attendance, then every standing concerned is refreshed."""
    mirror_sessions(enrolment_ids=enrolment_ids, attended=attended_items(enrolment_ids))
    refresh_standings(enrolment_ids=enrolment_ids)


def on_attempt_started(sender: Any, *, attempt: Any, **kwargs: Any) -> None:
    """Mark an exam's item as being done when the learner's first attempt starts."""
    if attempt.number == 1:
        begin_exam_item(enrolment_id=attempt.enrolment_id, item_id=attempt.item_id)


def on_attempt_graded(sender: Any, *, attempt: Any, result: Any, **kwargs: Any) -> None:
    """Post the mark of an exam that counts or is a test; mark its item done when passed (a self-check: handed in).

    A regrade replaces the row of the same attempt. An attempt outside any edition (a trial run) is nobody's mark, and
    neither is that of a sitting's guest.
    """
    if attempt.is_guests:
        return
    enrolment = lock_enrolment(enrolment_id=attempt.enrolment_id)
    counts = _counts(attempt, enrolment)
    if counts is None:
        return
    exam = attempt.exam
    if counts or exam.purpose != ExamPurpose.SELF_CHECK:
        former = None
        if result.number > 1:
            former = LedgerEntry.objects.filter(attempt_id=attempt.pk, replaced_by__isnull=True).first()
        post(
            enrolment_id=attempt.enrolment_id,
            item_id=attempt.item_id,
            points=result.score,
            max_points=result.max_score,
            source=LedgerSource.CORRECTION if former else LedgerSource.EXAM,
            attempt_id=attempt.pk,
            reason=result.reason,
            replaces=former,
            at=result.graded_at,
        )
    passed = exam.purpose == ExamPurpose.SELF_CHECK or result.score >= exam.pass_share * result.max_score
    moment = now()
    if passed:
        set_item_done(enrolment_id=attempt.enrolment_id, item_id=attempt.item_id, at=moment)
    if enrolment is not None:
        refresh_locked_standing(enrolment=enrolment, active_at=moment)


def _counts(attempt: Any, enrolment: Enrolment | None) -> bool | None:
    """Whether the attempt's item counts towards the mark; ``None`` for an attempt outside any edition."""
    if enrolment is not None:
        for module in outline(enrolment.training_class.edition_id):
            for item in module.items:
                if item.id == attempt.item_id and item.exam_id == attempt.exam_id:
                    return item.counts
    # Of somebody who was withdrawn meanwhile, or nobody's.
    rows = EditionItem.objects.filter(pk=attempt.item_id, exam_id=attempt.exam_id)
    return rows.values_list("counts", flat=True).first()


def on_attempt_annulled(sender: Any, *, attempt: Any, reason: str, actor: Any, **kwargs: Any) -> None:
    """Take the mark of an annulled attempt out of the ledger by a row that says so. Completion earned stays."""
    former = LedgerEntry.objects.filter(attempt_id=attempt.pk, replaced_by__isnull=True).first()
    if former is None or former.source == LedgerSource.VOID:
        return
    post(
        enrolment_id=former.enrolment_id,
        item_id=former.item_id,
        points=Decimal(0),
        max_points=former.max_points,
        source=LedgerSource.VOID,
        attempt_id=attempt.pk,
        reason=reason[:250],
        actor=actor,
        replaces=former,
    )
    refresh_standing(enrolment_id=former.enrolment_id)


def on_enrolment_reinstated(sender: Any, *, enrolment: Enrolment, **kwargs: Any) -> None:
    """Refresh the standing of a learner who comes back."""
    refresh_standing(enrolment_id=enrolment.pk)


def on_class_moved(sender: Any, *, training_class: TrainingClass, **kwargs: Any) -> None:
    """A class ended or was opened again: everyone who has not completed is worked out again."""
    if training_class.state not in {ClassState.OPEN, ClassState.CLOSED}:
        return
    _refresh(training_class)


def on_timetable_changed(sender: Any, *, training_class: TrainingClass, **kwargs: Any) -> None:
    """Credited periods and session items follow the timetable, then the class is worked out again."""
    if training_class.state in {ClassState.RECOGNISED, ClassState.CANCELLED}:
        return
    enrolment_ids = credit_periods(class_id=training_class.pk)
    mirror_sessions(enrolment_ids=enrolment_ids, attended=attended_items(enrolment_ids))
    _refresh(training_class)


def _refresh(training_class: TrainingClass) -> None:
    if not refresh_class(training_class=training_class):
        transaction.on_commit(refresh_classes.enqueue)


def on_class_recognised(sender: Any, *, training_class: TrainingClass, **kwargs: Any) -> None:
    """A class is recognised only when everybody stands where the facts say: certificates are issued by it."""
    if ClassRefresh.objects.filter(training_class=training_class).exists():
        raise ClassStateError(_("The results of this class are still being worked out. Try again in a few minutes."))
