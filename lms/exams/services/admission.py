"""On what terms a learner of a class may start an exam: the class's dates, the sittings, personal terms, the code."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.db.models import BigIntegerField, BooleanField, CharField, DateTimeField, IntegerField, QuerySet, Value
from django.utils.translation import gettext as _

from lms.classes.models import ClassItem, TrainingClass
from lms.common.errors import DomainError
from lms.common.formats import moment as moment_text
from lms.exams.engine.admission import (
    CODE_REQUIRED,
    CODE_WRONG,
    LATE,
    Admission,
    Personal,
    SittingRules,
    StartRefusedError,
    admission,
    choose_sitting,
    clean_code,
    is_late,
)
from lms.exams.errors import SittingRefusedError
from lms.exams.models import Allowance, Sitting
from lms.people.models import Throttle
from lms.people.services.throttling import Limit, fail, key_for
from quizzes.models import Exam

# Wrong access codes of one account; a hall of 500 people shares an address, so addresses are not counted.
CODES = Limit(10, dt.timedelta(minutes=10), dt.timedelta(minutes=5))
_SITTING, _ALLOWANCE, _DATES, _PAUSE = range(4)


@dataclass(slots=True)
class Terms:
    """The facts that bear on one learner's start, read in one statement."""

    places: list[SittingRules] = field(default_factory=list)
    personal: Personal = field(default_factory=Personal)
    opens_at: dt.datetime | None = None
    due_at: dt.datetime | None = None
    paused_until: dt.datetime | None = None


def code_key(user_id: int) -> str:
    """Return the key under which an account's wrong codes are counted."""
    return key_for("exam_code", str(user_id))


def read_terms(*, class_id: int, item_id: int, enrolment_id: int, user_id: int) -> Terms:
    """Read sittings, personal terms, the class's dates and a pause for wrong codes: one statement, on the way of
    every start.
    """
    number = Value(0, IntegerField())
    ident = Value(0, BigIntegerField())
    no = Value(None, BooleanField())
    never = Value(None, DateTimeField())
    word = Value("", CharField())
    # The sittings come first: their columns say which types the statement has (PostgreSQL).
    sittings = Sitting.objects.filter(training_class_id=class_id, item_id=item_id).values_list(
        Value(_SITTING, IntegerField()),
        "pk",
        "opens_at",
        "closes_at",
        "opened_at",
        "stopped_at",
        "needs_opening",
        "cut_at_close",
        "code",
        "late_minutes",
        number,
        number,
        ident,
    )
    allowances = Allowance.objects.filter(enrolment_id=enrolment_id, item_id=item_id).values_list(
        Value(_ALLOWANCE, IntegerField()),
        "pk",
        "opens_at",
        "closes_at",
        never,
        never,
        Value(False, BooleanField()),
        no,
        word,
        "extra_minutes",
        "extra_percent",
        "extra_attempts",
        "sitting_id",
    )
    dates = ClassItem.objects.filter(training_class_id=class_id, item_id=item_id).values_list(
        Value(_DATES, IntegerField()),
        "pk",
        "opens_at",
        "due_at",
        never,
        never,
        Value(False, BooleanField()),
        no,
        word,
        number,
        number,
        number,
        ident,
    )
    pauses: QuerySet[Throttle, Any] = Throttle.objects.filter(key=code_key(user_id)).values_list(
        Value(_PAUSE, IntegerField()),
        ident,
        "paused_until",
        never,
        never,
        never,
        Value(False, BooleanField()),
        no,
        word,
        number,
        number,
        number,
        ident,
    )
    terms = Terms()
    for kind, pk, opens, closes, opened, stopped, needs, cut, code, first, second, third, other in sittings.union(
        allowances, dates, pauses, all=True
    ):
        if kind == _SITTING:
            terms.places.append(SittingRules(pk, opens, closes, bool(needs), opened, stopped, code, first, cut))
        elif kind == _ALLOWANCE:
            terms.personal = Personal(other, first, second, third, opens, closes)
        elif kind == _DATES:
            terms.opens_at, terms.due_at = opens, closes
        else:
            terms.paused_until = opens
    return terms


def admit(
    *,
    exam: Exam,
    terms: Terms,
    training_class: TrainingClass,
    window: tuple[dt.datetime, dt.datetime],
    moment: dt.datetime,
    code: str,
    user_id: int,
) -> Admission:
    """Return the terms on which a new attempt begins now.

    An exam with sittings is sat in one of them; any other within its dates in the class.

    Raises:
        SittingRefusedError: ``not_open``, ``closed``, ``late``, ``code_required``, ``code_wrong``, ``code_throttled``.
        DomainError: ``not_open_yet``, ``past_due`` (the class's dates, where there is no sitting).
    """
    personal = terms.personal
    if terms.places:
        return _admit_to_sitting(exam, terms, moment, code, user_id)
    opens_at, closes_at = personal.opens_at or window[0], personal.closes_at or window[1]
    if moment < opens_at:
        raise DomainError(_("This test has not opened yet."), code="not_open_yet")
    if moment >= closes_at:
        raise DomainError(_("The time for this test is over."), code="past_due")
    own_window = personal.opens_at is not None or personal.closes_at is not None
    # Lateness needs a time to come: a test that is open for the days of the class has none.
    if terms.opens_at is not None and not own_window and is_late(opens_at, exam.late_minutes, moment):
        raise SittingRefusedError(_sentence(StartRefusedError(LATE)), code=LATE)
    return Admission(
        closes_at=closes_at,
        extra_minutes=personal.extra_minutes,
        extra_percent=personal.extra_percent,
        extra_attempts=personal.extra_attempts,
    )


def _admit_to_sitting(exam: Exam, terms: Terms, moment: dt.datetime, code: str, user_id: int) -> Admission:
    typed = clean_code(code)
    if typed and terms.paused_until is not None and moment < terms.paused_until:
        raise SittingRefusedError(
            _("Too many wrong codes. Please wait until %(time)s.") % {"time": moment_text(terms.paused_until)},
            code="code_throttled",
        )
    try:
        place = choose_sitting(
            terms.places, code=typed, moment=moment, personal=terms.personal, late_minutes=exam.late_minutes
        )
    except StartRefusedError as refusal:
        if refusal.code == CODE_WRONG:
            fail(code_key(user_id), CODES)
        raise refusal_of(refusal) from refusal
    return admission(place, terms.personal)


def refusal_of(refusal: StartRefusedError) -> SittingRefusedError:
    """Return what a person who may not start is told."""
    return SittingRefusedError(_sentence(refusal), code=refusal.code)


def _sentence(refusal: StartRefusedError) -> str:
    if refusal.until is not None:
        return _("This test opens at %(time)s.") % {"time": moment_text(refusal.until)}
    return {
        "not_open": _("The invigilator has not opened this test yet."),
        "closed": _("This test can no longer be started."),
        "late": _("You are too late for this test. Ask the invigilator."),
        "code_required": _("Type the access code that the invigilator shows."),
        "code_wrong": _("This access code is wrong."),
    }[refusal.code]


@dataclass(frozen=True, slots=True)
class Outlook:
    """The outlook of the page before the start: whether one may start, or why not, and whether a code is asked for."""

    refusal: str = ""
    code: str = ""
    needs_code: bool = False
    opens_at: dt.datetime | None = None
    closes_at: dt.datetime | None = None
    extra_attempts: int = 0


def outlook(*, exam: Exam, terms: Terms, moment: dt.datetime) -> Outlook | None:
    """Return how a start would go now where there are sittings; ``None`` where there are none. Changes nothing."""
    if not terms.places:
        return None
    rooms = [place for place in terms.places if terms.personal.sitting_id in (None, place.id)]
    window = min(rooms, key=lambda place: (place.closes_at <= moment, place.opens_at), default=None)
    opens_at = terms.personal.opens_at or (window.opens_at if window else None)
    closes_at = terms.personal.closes_at or (window.closes_at if window else None)
    refusal, code = "", ""
    try:
        choose_sitting(terms.places, code="", moment=moment, personal=terms.personal, late_minutes=exam.late_minutes)
    except StartRefusedError as refused:
        code = refused.code
        refusal = "" if code == CODE_REQUIRED else _sentence(refused)
    return Outlook(refusal, code, code == CODE_REQUIRED, opens_at, closes_at, terms.personal.extra_attempts)
