"""More time, reopening, annulling, handing in for somebody; each with its reason and its record."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine

from lms.audit.models import AuditEntry
from lms.common.clock import now
from lms.exams.errors import AttemptClosedError, InvigilationError
from lms.exams.models import Allowance, Attempt, AttemptResult, SittingEvent
from lms.exams.services.attempts import expire_due, submit
from lms.exams.services.invigilation import annul, extend, extend_all, force_hand_in, grant_allowance, reopen
from lms.exams.services.responses import IncomingResponse, save
from lms.exams.services.sittings import add_note, close_start, open_start, renew_code, save_sitting
from tests.factories.quizzes import make_attempt, make_exam, make_learner, right_answer, seat
from tests.factories.sittings import make_plain_sitting

pytestmark = pytest.mark.django_db
T0 = dt.datetime(2026, 11, 23, 1, 0, tzinfo=dt.UTC)


@pytest.fixture
def officer():
    return make_learner()


def sat(**fields):
    exam = make_exam(questions=3, time_limit=30, **fields)
    attempt = make_attempt(exam=exam)
    attempt.sitting = make_plain_sitting(exam)
    attempt.save(update_fields=["sitting"])
    return attempt


def answer(attempt, slot, seq=1):
    row = IncomingResponse(slot, right_answer(attempt, slot), seq)
    save(attempt_id=attempt.pk, user_id=attempt.user_id, responses=[row])


def test_more_time_moves_the_deadline_and_is_written_down(officer):
    attempt = sat()
    before = attempt.deadline
    extend(attempt=attempt, minutes=10, reason="Mất điện", actor=officer)
    assert Attempt.objects.get(pk=attempt.pk).deadline == before + dt.timedelta(minutes=10)
    event = SittingEvent.objects.get()
    assert (event.kind, event.text, event.actor, event.attempt) == ("extended", "Mất điện", officer, attempt)
    entry = AuditEntry.objects.get(action="quizzes.sitting_extended")
    assert (entry.actor_id, entry.target, entry.data["minutes"]) == (officer.pk, f"attempt:{attempt.pk}", 10)


@pytest.mark.parametrize(
    ("minutes", "reason", "code"),
    [(0, "x", "invalid_minutes"), (601, "x", "invalid_minutes"), (5, " ", "reason_needed")],
)
def test_more_time_asks_for_sense(officer, minutes, reason, code):
    attempt = sat()
    with pytest.raises(InvigilationError) as refused:
        extend(attempt=attempt, minutes=minutes, reason=reason, actor=officer)
    assert refused.value.code == code
    assert not SittingEvent.objects.exists()


def test_more_time_for_what_was_handed_in_is_refused(officer):
    attempt = sat()
    submit(attempt=attempt)
    with pytest.raises(InvigilationError) as refused:
        extend(attempt=attempt, minutes=5, reason="x", actor=officer)
    assert refused.value.code == "not_running"


def test_more_time_for_all_moves_the_sitting_and_who_is_at_work(officer):
    one = sat()
    two, done = make_attempt(exam=one.exam), make_attempt(exam=one.exam)
    Attempt.objects.update(sitting=one.sitting)
    submit(attempt=done)
    deadlines = dict(Attempt.objects.values_list("pk", "deadline"))
    closes_at = one.sitting.closes_at
    assert extend_all(sitting=one.sitting, minutes=7, reason="Mất mạng", actor=officer) == 2
    moved = {pk: value - deadlines[pk] for pk, value in Attempt.objects.values_list("pk", "deadline")}
    assert moved == {one.pk: dt.timedelta(minutes=7), two.pk: dt.timedelta(minutes=7), done.pk: dt.timedelta(0)}
    one.sitting.refresh_from_db()
    assert one.sitting.closes_at == closes_at + dt.timedelta(minutes=7)


def test_nobody_at_work_gives_the_whole_sitting_more_time(officer):
    one = sat()
    closes_at = one.sitting.closes_at
    with pytest.raises(InvigilationError) as refused:
        extend_all(sitting=one.sitting, minutes=7, reason="Mất mạng", actor=one.user)
    one.sitting.refresh_from_db()
    assert (refused.value.code, one.sitting.closes_at) == ("own_attempt", closes_at)


def test_the_sweep_does_not_hand_in_what_was_just_given_more_time(officer):
    with time_machine.travel(T0, tick=False) as clock:
        attempt = sat()
        stale = Attempt.objects.get(pk=attempt.pk)
        extend(attempt=attempt, minutes=30, reason="x", actor=officer)
        clock.shift(dt.timedelta(minutes=40))
        assert submit(attempt=stale, forced=True).state == "open"
        assert expire_due() == 0
        clock.shift(dt.timedelta(minutes=40))
        assert expire_due() == 1


def test_reopening_keeps_the_old_result_and_hands_in_again(officer):
    attempt = sat()
    answer(attempt, 1)
    first = submit(attempt=attempt)
    old_receipt = first.receipt
    reopen(attempt=first, until=now() + dt.timedelta(minutes=15), reason="Máy hỏng", actor=officer)
    again = Attempt.objects.get(pk=attempt.pk)
    assert (again.state, again.submitted_at, again.score, again.reopened) == ("open", None, None, True)
    answer(again, 2, seq=2)
    submit(attempt=again)
    rows = list(AttemptResult.objects.order_by("number").values_list("number", "score", "receipt"))
    final = Attempt.objects.get(pk=attempt.pk)
    assert rows == [(1, 1, old_receipt), (2, 2, final.receipt)]
    assert (final.state, final.score, final.receipt != old_receipt) == ("submitted", 2, True)


def test_reopening_is_for_what_was_handed_in(officer):
    attempt = sat()
    with pytest.raises(InvigilationError) as refused:
        reopen(attempt=attempt, until=now() + dt.timedelta(minutes=5), reason="x", actor=officer)
    assert refused.value.code == "not_handed_in"
    submit(attempt=attempt)
    with pytest.raises(InvigilationError) as refused:
        reopen(attempt=attempt, until=now() - dt.timedelta(minutes=5), reason="x", actor=officer)
    assert refused.value.code == "invalid_deadline"


def test_reopening_beside_a_later_attempt_is_refused(officer):
    attempt = sat()
    submit(attempt=attempt)
    make_attempt(user=attempt.user, exam=attempt.exam, context=attempt.enrolment_id)
    with pytest.raises(InvigilationError) as refused:
        reopen(attempt=attempt, until=now() + dt.timedelta(minutes=5), reason="x", actor=officer)
    assert refused.value.code == "another_open"


def test_annulling_keeps_what_there_was(officer):
    attempt = sat(max_attempts=1)
    answer(attempt, 1)
    done = submit(attempt=attempt)
    annul(attempt=done, reason="Dùng tài liệu", actor=officer)
    assert Attempt.objects.get(pk=attempt.pk).state == "annulled"
    assert AttemptResult.objects.count() == 1
    with pytest.raises(AttemptClosedError):
        answer(attempt, 2, seq=5)
    with pytest.raises(InvigilationError) as refused:
        annul(attempt=done, reason="x", actor=officer)
    assert refused.value.code == "annulled"
    again = make_attempt(user=attempt.user, exam=attempt.exam, context=attempt.enrolment_id)
    assert again.number == 2  # an annulled attempt uses up no try


def test_handing_in_for_somebody(officer):
    attempt = sat()
    answer(attempt, 1)
    done = force_hand_in(attempt=attempt, reason="Hết giờ", actor=officer)
    assert (done.state, done.forced, done.score) == ("submitted", True, 1)
    with pytest.raises(InvigilationError) as refused:
        force_hand_in(attempt=done, reason="Hết giờ", actor=officer)
    assert refused.value.code == "not_running"


@pytest.mark.parametrize("field", ["extra_minutes", "extra_percent", "extra_attempts"])
def test_personal_terms_know_a_measure(officer, field):
    attempt = sat()
    terms = {"user": attempt.user, "enrolment_id": attempt.enrolment_id, "item_id": attempt.item_id, "reason": "x"}
    with pytest.raises(InvigilationError) as refused:
        grant_allowance(allowance=Allowance(**terms, **{field: 10**15}), actor=officer)
    assert (refused.value.code, Allowance.objects.exists()) == ("invalid_terms", False)


@pytest.mark.parametrize("act", [extend, reopen, annul, grant_allowance])
def test_nobody_decides_about_the_own_test(act):
    attempt = sat()
    if act is reopen:
        submit(attempt=attempt)
    why = {
        extend: {"attempt": attempt, "minutes": 5, "reason": "x"},
        reopen: {"attempt": attempt, "until": now() + dt.timedelta(minutes=5), "reason": "x"},
        annul: {"attempt": attempt, "reason": "x"},
        grant_allowance: {
            "allowance": Allowance(
                user=attempt.user,
                enrolment_id=attempt.enrolment_id,
                item_id=attempt.item_id,
                extra_minutes=30,
                reason="x",
            )
        },
    }[act]
    before = Attempt.objects.values().get()
    with pytest.raises(InvigilationError) as refused:
        act(**why, actor=attempt.user)
    assert refused.value.code == "own_attempt"
    assert Attempt.objects.values().get() == before
    assert not SittingEvent.objects.exists()
    assert not Allowance.objects.exists()


def test_opening_and_closing_the_start(officer):
    sitting = make_plain_sitting(make_exam(questions=1), needs_opening=True)
    assert open_start(sitting=sitting, actor=officer) is True
    assert open_start(sitting=sitting, actor=officer) is False
    assert close_start(sitting=sitting, actor=officer) is True
    assert close_start(sitting=sitting, actor=officer) is False
    assert open_start(sitting=sitting, actor=officer) is True
    sitting.refresh_from_db()
    assert (sitting.opened_at is not None, sitting.stopped_at) == (True, None)
    assert list(SittingEvent.objects.order_by("pk").values_list("kind", flat=True)) == ["opened", "closed", "opened"]


def test_codes_come_and_go(officer):
    sitting = make_plain_sitting(make_exam(questions=1))
    save_sitting(sitting=sitting, actor=officer, with_code=True)
    first = sitting.code
    assert len(first) == 6
    save_sitting(sitting=sitting, actor=officer, with_code=True)
    assert sitting.code == first
    assert renew_code(sitting=sitting, actor=officer) != first
    save_sitting(sitting=sitting, actor=officer, with_code=False)
    sitting.refresh_from_db()
    assert sitting.code == ""


def test_a_note_says_something(officer):
    sitting = make_plain_sitting(make_exam(questions=1))
    add_note(sitting=sitting, text=" Thí sinh ra ngoài lúc 8:10 ", actor=officer)
    assert SittingEvent.objects.get().text == "Thí sinh ra ngoài lúc 8:10"
    with pytest.raises(InvigilationError):
        add_note(sitting=sitting, text="  ", actor=officer)


def test_personal_terms_are_one_row_and_say_why(officer):
    learner = make_learner()
    enrolment, item = seat(make_exam(questions=1), learner)

    def grant(**fields):
        terms = Allowance(**{"enrolment": enrolment, "item": item, "user": learner, "reason": "Khuyết tật", **fields})
        return grant_allowance(allowance=terms, actor=officer)

    grant(extra_minutes=10)
    stored = grant(extra_percent=25, reason="Khuyết tật vận động")
    assert Allowance.objects.count() == 1
    assert (stored.extra_minutes, stored.extra_percent, stored.granted_by) == (0, 25, officer)
    assert AuditEntry.objects.filter(action="quizzes.allowance_granted").count() == 2
    with pytest.raises(InvigilationError):
        grant(reason=" ")
    with pytest.raises(InvigilationError):
        grant(opens_at=T0, closes_at=T0)
