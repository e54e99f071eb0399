"""Acts of an invigilator on attempts: more time, reopening, annulling, handing in. Each act says who and why."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from lms.audit.services import record
from lms.common.clock import now as clock_now
from lms.common.formats import moment as moment_text
from lms.exams.engine.admission import ALLOWANCE_BOUNDS
from lms.exams.enums import AttemptState, SittingEventKind
from lms.exams.errors import InvigilationError
from lms.exams.models import Allowance, Attempt, Sitting
from lms.exams.services.attempts import submit
from lms.exams.services.sittings import note_act, note_event
from lms.exams.signals import attempt_annulled

MAX_MINUTES = 600


def _log(attempt: Attempt, kind: SittingEventKind, actor: Any, text: str, data: dict[str, Any]) -> None:
    note_act(attempt=attempt, kind=kind, actor=actor, text=text, data=data)


def _minutes(minutes: int) -> dt.timedelta:
    if not 1 <= minutes <= MAX_MINUTES:
        raise InvigilationError(_("Give 1 to %(most)d minutes.") % {"most": MAX_MINUTES}, code="invalid_minutes")
    return dt.timedelta(minutes=minutes)


def _not_ones_own(user_id: int, actor: Any) -> None:
    """Nobody decides about the own test, whatever role they hold: somebody else is asked."""
    if user_id == actor.pk:
        raise InvigilationError(_("This is your own test: ask another invigilator."), code="own_attempt")


def _need_reason(reason: str) -> str:
    if not reason.strip():
        raise InvigilationError(_("Say why."), code="reason_needed")
    return reason.strip()


@transaction.atomic
def extend(*, attempt: Attempt, minutes: int, reason: str, actor: Any) -> Attempt:
    """Move the deadline of an open attempt.

    Raises:
        InvigilationError: ``not_running`` (handed in meanwhile: reopen it), ``no_deadline``, ``invalid_minutes``,
            ``reason_needed``, ``own_attempt`` (nobody decides about the own test; also below).
    """
    _not_ones_own(attempt.user_id, actor)
    more = _minutes(minutes)
    reason = _need_reason(reason)
    if attempt.deadline is None:
        raise InvigilationError(_("This attempt has no time limit."), code="no_deadline")
    changed = Attempt.objects.open().filter(pk=attempt.pk, deadline__isnull=False).update(deadline=F("deadline") + more)
    if not changed:
        raise InvigilationError(_("This attempt is no longer running."), code="not_running")
    attempt.refresh_from_db(fields=["deadline"])
    _log(attempt, SittingEventKind.EXTENDED, actor, reason, {"minutes": minutes, "deadline": attempt.deadline})
    return attempt


@transaction.atomic
def extend_all(*, sitting: Sitting, minutes: int, reason: str, actor: Any) -> int:
    """Move the end of the sitting and the deadline of everybody who is working in it; return how many those are.

    Raises:
        InvigilationError: ``invalid_minutes``, ``reason_needed``; ``own_attempt`` for somebody who is at work in it.
    """
    more = _minutes(minutes)
    reason = _need_reason(reason)
    for user_id in Attempt.objects.open().filter(sitting=sitting, user_id=actor.pk).values_list("user_id", flat=True):
        _not_ones_own(user_id, actor)
    Sitting.objects.filter(pk=sitting.pk).update(closes_at=F("closes_at") + more)
    sitting.refresh_from_db(fields=["closes_at"])
    running = Attempt.objects.open().filter(sitting=sitting, deadline__isnull=False)
    count = running.update(deadline=F("deadline") + more)
    data = {"minutes": minutes, "attempts": count, "closes_at": sitting.closes_at}
    note_event(sitting=sitting, kind=SittingEventKind.EXTENDED_ALL, actor=actor, text=reason, data=data)
    return count


@transaction.atomic
def reopen(*, attempt: Attempt, until: dt.datetime, reason: str, actor: Any) -> Attempt:
    """Let the learner go on with an attempt that was handed in, until a new deadline.

    The result it had stays in its history and in the grade book until it is handed in again, which gives a further
    result.

    Raises:
        InvigilationError: ``not_handed_in``, ``another_open`` (a later try is running), ``invalid_deadline``,
            ``reason_needed``.
    """
    _not_ones_own(attempt.user_id, actor)
    reason = _need_reason(reason)
    moment = clock_now()
    if until <= moment:
        raise InvigilationError(_("The new deadline must lie ahead."), code="invalid_deadline")
    before = {"score": str(attempt.score), "submitted_at": attempt.submitted_at, "receipt": attempt.receipt}
    try:
        with transaction.atomic():
            changed = Attempt.objects.filter(pk=attempt.pk, state=AttemptState.SUBMITTED).update(
                state=AttemptState.OPEN,
                submitted_at=None,
                deadline=until,
                forced=False,
                score=None,
                receipt="",
                reopened=True,
            )
    except IntegrityError as error:
        raise InvigilationError(_("The learner is working on a later attempt."), code="another_open") from error
    if not changed:
        raise InvigilationError(_("Only an attempt that was handed in can be reopened."), code="not_handed_in")
    attempt.refresh_from_db()
    text = _("%(reason)s (until %(until)s)") % {"reason": reason, "until": moment_text(until)}
    _log(attempt, SittingEventKind.REOPENED, actor, text, {"reason": reason, "deadline": until, "before": before})
    return attempt


@transaction.atomic
def annul(*, attempt: Attempt, reason: str, actor: Any) -> Attempt:
    """Let an attempt count for nothing: its answers and results stay on record, its mark is taken out.

    Raises:
        InvigilationError: ``annulled`` already, ``reason_needed``.
    """
    _not_ones_own(attempt.user_id, actor)
    reason = _need_reason(reason)
    before = attempt.state
    changed = Attempt.objects.filter(pk=attempt.pk).exclude(state=AttemptState.ANNULLED)
    if not changed.update(state=AttemptState.ANNULLED, submitted_at=attempt.submitted_at or clock_now()):
        raise InvigilationError(_("This attempt was annulled."), code="annulled")
    attempt.refresh_from_db()
    _log(attempt, SittingEventKind.ANNULLED, actor, reason, {"before": before, "score": str(attempt.score)})
    attempt_annulled.send(sender=Attempt, attempt=attempt, reason=reason, actor=actor)
    return attempt


@transaction.atomic
def force_hand_in(*, attempt: Attempt, reason: str, actor: Any) -> Attempt:
    """Hand in for the learner, with every answer that was saved. A repeat changes nothing.

    Raises:
        InvigilationError: ``not_running``, ``reason_needed``.
    """
    reason = _need_reason(reason)
    if attempt.state != AttemptState.OPEN:
        raise InvigilationError(_("This attempt is no longer running."), code="not_running")
    done = submit(attempt=attempt, forced=True)
    _log(done, SittingEventKind.FORCED, actor, reason, {})
    return done


@transaction.atomic
def grant_allowance(*, allowance: Allowance, actor: Any) -> Allowance:
    """Store what a person is allowed beyond the rules. A running attempt keeps its deadline: extend that by itself.

    Raises:
        InvigilationError: ``reason_needed``, ``invalid_terms``, ``invalid_window``.
    """
    _not_ones_own(allowance.user_id, actor)
    allowance.reason = _need_reason(allowance.reason)
    for name, (low, high) in ALLOWANCE_BOUNDS.items():
        if not low <= getattr(allowance, name) <= high:
            text = _("%(name)s: from %(low)s to %(high)s.")
            label = Allowance._meta.get_field(name).verbose_name  # type: ignore[union-attr]
            raise InvigilationError(text % {"name": label, "low": low, "high": high}, code="invalid_terms")
    opens_at, closes_at = allowance.opens_at, allowance.closes_at
    if opens_at is not None and closes_at is not None and opens_at >= closes_at:
        raise InvigilationError(_("It must close after it opens."), code="invalid_window")
    stored, _made = Allowance.objects.update_or_create(
        enrolment_id=allowance.enrolment_id,
        item_id=allowance.item_id,
        defaults={
            "user_id": allowance.user_id,
            "sitting": allowance.sitting,
            "extra_minutes": allowance.extra_minutes,
            "extra_percent": allowance.extra_percent,
            "extra_attempts": allowance.extra_attempts,
            "opens_at": opens_at,
            "closes_at": closes_at,
            "reason": allowance.reason,
            "granted_by": actor,
        },
    )
    data = {
        "learner": stored.user_id,
        "context": stored.enrolment_id,
        "item": stored.item_id,
        "minutes": stored.extra_minutes,
        "percent": stored.extra_percent,
        "attempts": stored.extra_attempts,
        "opens_at": opens_at,
        "closes_at": closes_at,
    }
    if stored.sitting is not None:
        text = f"{stored.user}: {stored.reason}"
        note_event(sitting=stored.sitting, kind=SittingEventKind.ALLOWANCE, actor=actor, text=text, data=data)
    else:
        action, target = "quizzes.allowance_granted", f"user:{stored.user_id}"
        record(actor=actor, action=action, target=target, data={"reason": stored.reason, **data})
    return stored
