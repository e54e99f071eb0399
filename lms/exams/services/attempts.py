"""Starting, handing in and grading attempts: the only door to their state."""

from __future__ import annotations

import datetime as dt
import logging
import secrets
from collections.abc import Callable
from copy import copy
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from lms.common.clock import now as clock_now
from lms.common.prepared import prepared, prepared_update
from lms.exams.engine.admission import Admission, deadline
from lms.exams.enums import AttemptState
from lms.exams.errors import AttemptClosedError, AttemptsExhaustedError, ExamClosedError, ExamNotOpenError
from lms.exams.models import Attempt, AttemptResult, Response
from lms.exams.queries import is_overdue
from lms.exams.queries.attempts import grace
from lms.exams.signals import attempt_graded
from quizzes.engine.grading import grade_attempt
from quizzes.engine.receipt import receipt
from quizzes.models import Exam, Paper
from quizzes.queries.papers.compiled import paper_key

logger = logging.getLogger(__name__)

# Two requests at once can meet at most once for the open attempt and once for its number.
_TRIES = 3
_SWEEP = 200

# Asked only when a new attempt is to begin: raises a DomainError to refuse, returns the terms to begin on.
type Admit = Callable[[Exam], Admission]


def start(
    *,
    user: Any,
    exam_id: int,
    set_number: int,
    item_id: int,
    enrolment_id: int | None = None,
    guest_id: int | None = None,
    opens_at: dt.datetime | None = None,
    closes_at: dt.datetime | None = None,
    admit: Admit | None = None,
    device: str = "",
    on_start: Callable[[Attempt], None] | None = None,
) -> Attempt:
    """Start an attempt, or go on with the one that is open: two reads and one insert, whatever the exam.

    The caller has decided that ``user`` may sit this exam for this enrolment, or as this guest of a sitting. An open
    attempt goes on whatever the window says: its deadline rules. A new one begins on the terms of ``admit``, or within
    ``opens_at``-``closes_at``. ``device`` takes over an attempt that another device had. ``on_start`` is called with a
    new attempt in the transaction that inserts it.

    Raises:
        ExamNotOpenError: before ``opens_at``, or the set of papers does not exist.
        ExamClosedError: at or after ``closes_at`` with no attempt open.
        AttemptsExhaustedError: all allowed attempts are used.
        DomainError: what ``admit`` raises.
    """
    moment = clock_now()
    for _try in range(_TRIES):
        if guest_id is None:
            past = _past.all(enrolment=enrolment_id, item=item_id)
        else:
            past = _past_of_guest.all(guest=guest_id)
        current = next((attempt for attempt in past if attempt.state == AttemptState.OPEN), None)
        if current is not None:
            if not is_overdue(current, moment):
                claim(attempt=current, device=device)
                return current
            submit(attempt=current, forced=True)
        paper = _pick_paper(exam_id, set_number, (enrolment_id or guest_id or 0) + len(past))
        exam = paper.exam
        terms = admit(exam) if admit else _within(moment, opens_at, closes_at)
        counted = sum(attempt.state != AttemptState.ANNULLED for attempt in past)
        if exam.max_attempts is not None and counted >= exam.max_attempts + terms.extra_attempts:
            raise AttemptsExhaustedError(_("All attempts allowed for this exam have been used."))
        try:
            return _insert(
                user=user,
                paper=paper,
                enrolment_id=enrolment_id,
                guest_id=guest_id,
                item_id=item_id,
                number=past[-1].number + 1 if past else 1,
                terms=terms,
                moment=moment,
                device=device,
                on_start=on_start,
            )
        except IntegrityError:  # another request of the same learner was quicker: look again
            continue
    raise ExamNotOpenError(_("The exam could not be started. Please try again."))


def _within(moment: dt.datetime, opens_at: dt.datetime | None, closes_at: dt.datetime | None) -> Admission:
    if opens_at is not None and moment < opens_at:
        raise ExamNotOpenError(_("This exam has not opened yet."))
    if closes_at is not None and moment >= closes_at:
        raise ExamClosedError(_("This exam is closed."))
    return Admission(closes_at=closes_at)


def _insert(
    *,
    user: Any,
    paper: Paper,
    enrolment_id: int | None,
    guest_id: int | None,
    item_id: int,
    number: int,
    terms: Admission,
    moment: dt.datetime,
    device: str,
    on_start: Callable[[Attempt], None] | None,
) -> Attempt:
    exam = paper.exam
    with transaction.atomic():
        attempt = Attempt(
            user_id=user.pk,
            exam=exam,
            paper=paper,
            enrolment_id=enrolment_id,
            guest_id=guest_id,
            item_id=item_id,
            number=number,
            token=secrets.token_urlsafe(32),
            started_at=moment,
            deadline=deadline(moment=moment, limit=exam.time_limit, terms=terms, cut_at_close=exam.cut_at_close),
            max_score=paper.max_score,
            sitting_id=terms.sitting_id,
            device=device,
            one_way=exam.one_way,
            page_size=exam.page_size,
        )
        attempt.save(force_insert=True)
        if on_start is not None:
            on_start(attempt)
    return attempt


@prepared
def _past(enrolment: Any, item: Any) -> QuerySet[Attempt]:
    return _with_paper(Attempt.objects.filter(enrolment_id=enrolment, item_id=item))


@prepared
def _past_of_guest(guest: Any) -> QuerySet[Attempt]:
    return _with_paper(Attempt.objects.filter(guest_id=guest))


def _with_paper(attempts: QuerySet[Attempt]) -> QuerySet[Attempt]:
    found = attempts.select_related("exam", "paper").defer("paper__content", "paper__layout")
    return found.order_by("number")


@prepared
def _papers(exam: int, set_number: int) -> QuerySet[Paper]:
    papers = Paper.objects.filter(exam_id=exam, set_number=set_number)
    return papers.select_related("exam").defer("content", "layout").order_by("pk")


def _pick_paper(exam_id: int, set_number: int, turn: int) -> Paper:
    """Return the paper code of this turn, with its exam.

    People enrolled one after another sit side by side and get different ones.
    """
    papers = _papers.all(exam=exam_id, set_number=set_number)
    if not papers:
        raise ExamNotOpenError(_("The papers of this exam are not ready yet."))
    return papers[turn % len(papers)]


def claim(*, attempt: Attempt, device: str) -> bool:
    """Let ``device`` work on an open attempt from now on; the device before is told so when it next asks.

    Returns whether it changed hands. An empty ``device`` (a client that names none) changes nothing.
    """
    if not device or attempt.device == device:
        return False
    changed = Attempt.objects.filter(pk=attempt.pk, state=AttemptState.OPEN).exclude(device=device)
    attempt.device = device
    return bool(changed.update(device=device))


def submit(*, attempt: Attempt, forced: bool = False) -> Attempt:
    """Hand in and grade, in one transaction; handing in again gives the same outcome.

    Past the deadline the clock hands in, whoever asks: the attempt then counts as handed in at its deadline.

    Raises:
        AttemptClosedError: the attempt was annulled.
    """
    moment = clock_now()
    late = attempt.deadline is not None and moment > attempt.deadline
    with transaction.atomic():
        # Closing comes first: it waits for answers being saved, and what comes later finds the attempt closed.
        handed_in_at = attempt.deadline if late else moment
        # late: only at the deadline that was read, for an invigilator may have given more time since
        close = _close_at_deadline if late else _close
        more = {"deadline": attempt.deadline} if late else {}
        if not close.run(attempt=attempt.pk, at=handed_in_at, forced=forced or late, **more):  # somebody was quicker
            fresh = Attempt.objects.select_related("exam", "paper").get(pk=attempt.pk)
            if fresh.state == AttemptState.ANNULLED:
                raise AttemptClosedError(_("This attempt was annulled."))
            return fresh
        done = copy(attempt)  # the caller's stays as it was, should anything below fail
        done.state = AttemptState.SUBMITTED
        done.submitted_at = handed_in_at
        done.forced = forced or late
        grade(attempt=done, moment=moment)
        return done


@prepared_update
def _close(attempt: Any, at: Any, forced: Any) -> tuple[QuerySet[Attempt], dict[str, Any]]:
    still_open = Attempt.objects.filter(pk=attempt, state=AttemptState.OPEN)
    return still_open, {"state": AttemptState.SUBMITTED, "submitted_at": at, "forced": forced}


@prepared_update
def _close_at_deadline(attempt: Any, at: Any, forced: Any, deadline: Any) -> tuple[QuerySet[Attempt], dict[str, Any]]:
    still_open = Attempt.objects.filter(pk=attempt, state=AttemptState.OPEN, deadline=deadline)
    return still_open, {"state": AttemptState.SUBMITTED, "submitted_at": at, "forced": forced}


@prepared_update
def _keep_outcome(
    attempt: Any, score: Any, max_score: Any, receipt: Any, marking: Any
) -> tuple[QuerySet[Attempt], dict[str, Any]]:
    outcome = {"score": score, "max_score": max_score, "receipt": receipt, "marking": marking}
    return Attempt.objects.filter(pk=attempt), outcome


@prepared
def _revision(exam: Any) -> QuerySet[Exam, tuple[int]]:
    return Exam.objects.filter(pk=exam).order_by().values_list("key_revision")


@prepared
def _answers(attempt: Any) -> QuerySet[Response, tuple[int, Any]]:
    return Response.objects.filter(attempt_id=attempt).order_by().values_list("slot", "answer")


def grade(*, attempt: Attempt, moment: dt.datetime, reason: str = "", number: int | None = None) -> AttemptResult:
    """Grade what was kept and store the outcome, inside the caller's transaction.

    Those above are told when there is a score: at once, or when a person has marked what waits
    (:mod:`lms.exams.services.marking.marks`). An attempt that was graded before (reopened, an offline file) gets a
    further result; the old ones stay.
    """
    answers = dict(_answers.all(attempt=attempt))
    # Read now, after the attempt was closed: a correction of a key may have come since the caller read the exam.
    revision = _revision.first(exam=attempt.exam_id) or (0,)
    key = paper_key(attempt.paper_id, attempt.paper.seed, revision[0])
    outcome = grade_attempt(key.slots, answers)
    if number is None:
        number = AttemptResult.objects.filter(attempt_id=attempt.pk).count() + 1 if attempt.reopened else 1
    attempt.marking = bool(outcome.pending)
    attempt.score = None if attempt.marking else outcome.score
    attempt.max_score = outcome.max_score
    attempt.receipt = receipt(attempt.paper.digest, answers)
    _keep_outcome.run(
        attempt=attempt.pk,
        score=attempt.score,
        max_score=attempt.max_score,
        receipt=attempt.receipt,
        marking=attempt.marking,
    )
    result = AttemptResult(
        attempt=attempt,
        number=number,
        points={str(slot): str(points) for slot, points in outcome.points.items()},
        pending=sorted(outcome.pending),
        score=outcome.score,
        max_score=outcome.max_score,
        reason=reason,
        receipt=attempt.receipt,
        graded_at=moment,
    )
    result.save(force_insert=True)
    if not attempt.marking:
        attempt_graded.send(sender=Attempt, attempt=attempt, result=result)
    return result


def expire_due(now: dt.datetime | None = None) -> int:
    """Hand in every open attempt whose deadline and grace have passed; return how many.

    Each has a transaction of its own. One that fails does not hold up the others; the failures are raised at the end.
    """
    limit = (now or clock_now()) - grace()
    done = 0
    failures: list[Exception] = []
    last_id = 0
    overdue = Attempt.objects.open().filter(deadline__lt=limit).select_related("exam", "paper").order_by("pk")
    while due := list(overdue.defer("paper__content", "paper__layout").filter(pk__gt=last_id)[:_SWEEP]):
        for attempt in due:
            try:
                submit(attempt=attempt, forced=True)
                done += 1
            except Exception as error:
                logger.exception("attempt %s could not be handed in at its deadline", attempt.pk)
                failures.append(error)
        last_id = due[-1].pk
    if failures:
        raise ExceptionGroup("attempts could not be handed in at their deadline", failures)
    return done


def settle(attempt: Attempt) -> Attempt:
    """Return the attempt as it stands now: one that the clock should have handed in is handed in first."""
    return submit(attempt=attempt, forced=True) if is_overdue(attempt) else attempt
