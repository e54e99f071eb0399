"""What the grade book does when something below it happened, in the same transaction."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from lms.attendance.queries import attended_items
from lms.classes.enums import ClassState
from lms.classes.models import Enrolment, TrainingClass
from lms.classes.services.enrolments import Standing
from lms.common.clock import now
from lms.gradebook.models import LedgerEntry, LedgerSource
from lms.gradebook.services.completion import refresh, refresh_many
from lms.gradebook.services.ledger import post
from lms.programmes.models import EditionItem
from lms.progress.services import set_item_done
from lms.progress.services.sessions import mirror_sessions
from quizzes.enums import ExamPurpose


def on_item_state_changed(
    sender: Any, *, enrolment_id: int, item_id: int, state: str, **kwargs: Any
) -> Standing | None:
    """Fold again; the answer tells the sender the new standing."""
    return refresh(enrolment_id=enrolment_id, active_at=now())


def on_attendance_changed(sender: Any, *, enrolment_ids: list[int], **kwargs: Any) -> None:
    """Session items follow attendance, then everyone concerned is folded again."""
    mirror_sessions(enrolment_ids=enrolment_ids, attended=attended_items(enrolment_ids))
    refresh_many(enrolment_ids=enrolment_ids)


def on_attempt_graded(sender: Any, *, attempt: Any, result: Any, **kwargs: Any) -> None:
    """Post the mark of an exam that counts or is a test; mark its item done when passed (a self-check: handed in).

    A regrade replaces the row of the same attempt. An attempt outside any edition (a trial run) is nobody's mark.
    """
    item = EditionItem.objects.filter(pk=attempt.context_item_id, exam_id=attempt.exam_id)
    found = item.values_list("counts", "exam__purpose", "exam__pass_share").first()
    if found is None:
        return
    counts, purpose, pass_share = found
    if counts or purpose != ExamPurpose.SELF_CHECK:
        former = None
        if result.number > 1:
            former = LedgerEntry.objects.filter(attempt_id=attempt.pk, replaced_by__isnull=True).first()
        post(
            enrolment_id=attempt.context_id,
            item_id=attempt.context_item_id,
            points=result.score,
            max_points=result.max_score,
            source=LedgerSource.CORRECTION if former else LedgerSource.EXAM,
            attempt_id=attempt.pk,
            reason=result.reason,
            replaces=former,
            at=result.graded_at,
        )
    passed = purpose == ExamPurpose.SELF_CHECK or result.score >= pass_share * result.max_score
    done_now = passed and set_item_done(enrolment_id=attempt.context_id, item_id=attempt.context_item_id)
    if not done_now:
        refresh(enrolment_id=attempt.context_id, active_at=now())


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
    refresh(enrolment_id=former.enrolment_id)


def on_enrolment_reinstated(sender: Any, *, enrolment: Enrolment, **kwargs: Any) -> None:
    """Whoever comes back stands where the facts say."""
    refresh(enrolment_id=enrolment.pk)


def on_class_moved(sender: Any, *, training_class: TrainingClass, **kwargs: Any) -> None:
    """A class ended or was opened again: everyone who has not completed is folded again."""
    if training_class.state not in {ClassState.OPEN, ClassState.CLOSED}:
        return
    ids = Enrolment.objects.filter(training_class=training_class, completed_at__isnull=True).active()
    refresh_many(enrolment_ids=ids.values_list("pk", flat=True))
