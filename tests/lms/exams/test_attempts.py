"""Starting, saving, handing in: rules and idempotence."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
import time_machine
from django.db import transaction

from lms.common.clock import now
from lms.exams.enums import AttemptState
from lms.exams.errors import (
    AttemptClosedError,
    AttemptNotFoundError,
    AttemptsExhaustedError,
    ExamClosedError,
    ExamNotOpenError,
    InvalidResponsesError,
)
from lms.exams.models import Attempt, AttemptResult, Response
from lms.exams.queries import kept_responses
from lms.exams.services.attempts import expire_due, start, submit
from lms.exams.services.responses import IncomingResponse, save
from lms.exams.signals import attempt_graded
from quizzes.engine.receipt import receipt
from quizzes.services.papers.freezing import freeze_papers
from tests.factories.quizzes import make_attempt, make_exam, make_learner, right_answer, seat, wrong_answer

pytestmark = pytest.mark.django_db
T0 = dt.datetime(2026, 11, 23, 1, 0, tzinfo=dt.UTC)


def minutes(number: float) -> dt.timedelta:
    return dt.timedelta(minutes=number)


def put(attempt, *rows, user=None):
    return save(
        attempt_id=attempt.pk,
        user_id=(user or attempt.user).pk,
        responses=[IncomingResponse(*row) for row in rows],
    )


def begin(user, exam, set_number=1, context=7, place=None, **window):
    enrolment, item = place or seat(exam, user, context)
    return start(
        user=user, exam_id=exam.pk, set_number=set_number, enrolment_id=enrolment.pk, item_id=item.pk, **window
    )


@pytest.fixture
def graded():
    seen = []

    def note(sender, attempt, result, **kwargs):
        seen.append((attempt.pk, str(result.score), transaction.get_connection().in_atomic_block))

    attempt_graded.connect(note)
    yield seen
    attempt_graded.disconnect(note)


def test_starting_again_goes_on_with_the_open_attempt(django_assert_num_queries):
    exam, user = make_exam(time_limit=30), make_learner()
    freeze_papers(exam=exam)
    place = seat(exam, user, 7)
    # attempts, papers with the exam, savepoint, insert, release
    with time_machine.travel(T0, tick=False), django_assert_num_queries(5):
        first = begin(user, exam, place=place)
    with time_machine.travel(T0 + minutes(5), tick=False), django_assert_num_queries(1):
        second = begin(user, exam, place=place)
    assert first == second
    assert (second.number, second.state, second.started_at, second.deadline) == (1, "open", T0, T0 + minutes(30))
    assert second.max_score == Decimal(5)


@pytest.mark.parametrize(
    ("limit", "closes", "expected"),
    [(30, 20, 20), (30, 60, 30), (None, 20, 20), (30, None, 30), (None, None, None)],
)
@time_machine.travel(T0, tick=False)
def test_the_deadline_is_the_limit_but_never_after_the_close(limit, closes, expected):
    attempt = make_attempt(exam=make_exam(time_limit=limit), closes_at=closes and T0 + minutes(closes))
    assert attempt.deadline == (expected and T0 + minutes(expected))


@time_machine.travel(T0, tick=False)
def test_an_exam_starts_within_its_window_only():
    exam, user = make_exam(), make_learner()
    with pytest.raises(ExamNotOpenError):
        begin(user, exam)  # nothing frozen
    freeze_papers(exam=exam)
    with pytest.raises(ExamNotOpenError):
        begin(user, exam, opens_at=T0 + minutes(1))
    with pytest.raises(ExamClosedError):
        begin(user, exam, closes_at=T0)
    assert not Attempt.objects.exists()
    assert begin(user, exam, opens_at=T0, closes_at=T0 + minutes(1)).number == 1


def test_attempts_are_counted_and_annulled_ones_do_not_count():
    exam, user = make_exam(max_attempts=2), make_learner()
    freeze_papers(exam=exam)
    first = submit(attempt=begin(user, exam))
    second = submit(attempt=begin(user, exam))
    assert (first.number, second.number) == (1, 2)
    assert first.paper != second.paper
    with pytest.raises(AttemptsExhaustedError):
        begin(user, exam)
    Attempt.objects.filter(pk=second.pk).update(state=AttemptState.ANNULLED)
    assert begin(user, exam).number == 3
    assert begin(user, exam, context=8).number == 1  # another enrolment has its own


def test_neighbours_get_different_papers():
    exam = make_exam(variants=4)
    freeze_papers(exam=exam)
    codes = [begin(make_learner(), exam, context=number).paper.code for number in range(100, 105)]
    assert codes == ["101", "102", "103", "104", "101"]


def test_answers_are_kept_and_a_lower_sequence_never_overwrites():
    attempt = make_attempt()
    with time_machine.travel(T0, tick=False):
        outcome = put(attempt, (2, {"choice": "a"}, 10), (1, {"choice": "c"}, 11))
    assert (outcome.saved, outcome.server_time, outcome.deadline) == (((1, 11), (2, 10)), T0, None)
    assert put(attempt, (2, {"choice": "b"}, 9)).saved == ((2, 10),)
    assert put(attempt, (2, {"choice": "b"}, 10)).saved == ((2, 10),)
    assert kept_responses(attempt) == [
        {"slot": 1, "answer": {"choice": "c"}, "seq": 11},
        {"slot": 2, "answer": {"choice": "a"}, "seq": 10},
    ]
    assert Response.objects.get(attempt=attempt, slot=2).saved_at == T0
    assert put(attempt, (2, {"choice": "b"}, 12), (1, None, 11), (3, None, 5)).saved == ((1, 11), (2, 12), (3, 5))
    assert kept_responses(attempt) == [
        {"slot": 1, "answer": {"choice": "c"}, "seq": 11},
        {"slot": 2, "answer": {"choice": "b"}, "seq": 12},
        {"slot": 3, "answer": None, "seq": 5},
    ]


def test_in_one_batch_the_highest_sequence_of_a_slot_counts():
    attempt = make_attempt()
    rows = [(1, {"choice": "a"}, 1), (1, {"choice": "c"}, 3), (1, {"choice": "b"}, 2), (1, {"choice": "d"}, 3)]
    assert put(attempt, *rows).saved == ((1, 3),)
    assert kept_responses(attempt) == [{"slot": 1, "answer": {"choice": "c"}, "seq": 3}]


def test_saving_costs_one_statement_once_the_paper_is_known(django_assert_num_queries):
    attempt = make_attempt(exam=make_exam(time_limit=10))
    put(attempt, (1, {"choice": "a"}, 1))
    for batch in ([(1, {"choice": "b"}, 2)], [(1, None, 1)], [(slot, {"choice": "c"}, 3) for slot in range(1, 6)]):
        with django_assert_num_queries(1):
            assert put(attempt, *batch).deadline == attempt.deadline


@pytest.mark.parametrize(
    ("rows", "slots"),
    [
        ([(6, {"choice": "a"}, 1)], ["6"]),
        ([(0, {"choice": "a"}, 1)], ["0"]),
        ([(1, {"choice": "e"}, 1), (2, {"choice": "a"}, 1)], ["1"]),
        ([(1, {"choice": "A"}, 1)], ["1"]),
        ([(1, {"choice": 1}, 1)], ["1"]),
        ([(1, {"choices": ["a"]}, 1)], ["1"]),
        ([(1, {"choice": "a", "correct": "a"}, 1)], ["1"]),
        ([(1, "a", 1)], ["1"]),
        ([(1, [], 1), (9, None, 1)], ["1", "9"]),
        ([(1, {"choice": "a"}, -1)], ["1"]),
        ([(1, {"choice": "a"}, 2**53)], ["1"]),
        ([], ["responses"]),
    ],
)
def test_a_batch_with_a_wrong_answer_is_refused_whole(rows, slots):
    attempt = make_attempt()
    with pytest.raises(InvalidResponsesError) as error:
        put(attempt, *rows)
    assert list(error.value.fields) == slots
    assert not Response.objects.exists()


@pytest.mark.parametrize(
    ("given", "stored"),
    [
        ({"choices": ["c", "a", "c"]}, {"choices": ["a", "c"]}),
        ({"choices": []}, None),
        (None, None),
    ],
)
def test_several_choices_are_stored_in_one_form(given, stored):
    attempt = make_attempt(exam=make_exam(questions=1, multiple=1))
    put(attempt, (1, given, 1))
    assert kept_responses(attempt) == [{"slot": 1, "answer": stored, "seq": 1}]


@pytest.mark.parametrize(
    "answer", [{"choices": "ac"}, {"choices": [["a"]]}, {"choices": ["a"] * 9}, {"choices": ["z"]}]
)
def test_several_choices_of_a_wrong_shape_are_refused(answer):
    attempt = make_attempt(exam=make_exam(questions=1, multiple=1))
    with pytest.raises(InvalidResponsesError):
        put(attempt, (1, answer, 1))


def test_a_stranger_has_no_such_attempt():
    attempt = make_attempt()
    put(attempt, (1, {"choice": "a"}, 1))
    for ident, user in ((attempt.pk, make_learner()), (attempt.pk + 999, attempt.user)):
        with pytest.raises(AttemptNotFoundError):
            save(attempt_id=ident, user_id=user.pk, responses=[IncomingResponse(1, {"choice": "b"}, 9)])
    assert kept_responses(attempt) == [{"slot": 1, "answer": {"choice": "a"}, "seq": 1}]


def test_handing_in_grades_once_and_tells(graded):
    attempt = make_attempt(exam=make_exam(questions=4, multiple=1, points="0.5"))
    put(attempt, *((slot, right_answer(attempt, slot), 1) for slot in (1, 2, 3)), (4, wrong_answer(attempt, 4), 1))
    with time_machine.travel(T0, tick=False):
        done = submit(attempt=attempt)
    answers = dict(Response.objects.filter(attempt=attempt).values_list("slot", "answer"))
    assert (done.state, done.submitted_at, done.forced) == ("submitted", T0, False)
    assert (done.score, done.max_score) == (Decimal("1.50"), Decimal("2.00"))
    assert done.receipt == receipt(attempt.paper.digest, answers)
    again = submit(attempt=attempt, forced=True)
    assert [getattr(again, f.attname) for f in Attempt._meta.fields] == [
        getattr(done, f.attname) for f in Attempt._meta.fields
    ]
    result = AttemptResult.objects.get(attempt=attempt)
    assert (result.number, result.points, result.score, result.graded_at) == (
        1,
        {"1": "0.50", "2": "0.50", "3": "0.50", "4": "0.00"},
        Decimal("1.50"),
        T0,
    )
    assert graded == [(attempt.pk, "1.50", True)]


def test_nothing_is_saved_after_handing_in():
    attempt = make_attempt()
    put(attempt, (1, {"choice": "a"}, 1))
    submit(attempt=attempt)
    with pytest.raises(AttemptClosedError):
        put(attempt, (1, {"choice": "b"}, 2))
    assert kept_responses(attempt) == [{"slot": 1, "answer": {"choice": "a"}, "seq": 1}]


def test_an_annulled_attempt_takes_neither_answers_nor_a_hand_in():
    attempt = make_attempt()
    Attempt.objects.filter(pk=attempt.pk).update(state=AttemptState.ANNULLED)
    with pytest.raises(AttemptClosedError):
        put(attempt, (1, {"choice": "b"}, 2))
    with pytest.raises(AttemptClosedError):
        submit(attempt=attempt)
    assert not AttemptResult.objects.exists()


def test_a_failing_listener_leaves_the_attempt_open():
    attempt = make_attempt()

    def fail(**kwargs):
        raise RuntimeError("no")

    attempt_graded.connect(fail)
    try:
        with pytest.raises(RuntimeError):
            submit(attempt=attempt)
    finally:
        attempt_graded.disconnect(fail)
    attempt.refresh_from_db()
    assert (attempt.state, AttemptResult.objects.count()) == ("open", 0)


def test_the_grace_takes_what_was_on_its_way_and_then_the_clock_hands_in(graded):
    with time_machine.travel(T0, tick=False):
        attempt = make_attempt(exam=make_exam(time_limit=10))
    end = T0 + minutes(10)
    with time_machine.travel(end + dt.timedelta(seconds=10), tick=False):
        put(attempt, (1, right_answer(attempt, 1), 1))
        assert expire_due() == 0
    with time_machine.travel(end + dt.timedelta(seconds=10.5), tick=False), pytest.raises(AttemptClosedError):
        put(attempt, (2, right_answer(attempt, 2), 1))
    attempt.refresh_from_db()
    assert (attempt.state, attempt.forced, attempt.submitted_at) == ("submitted", True, T0 + minutes(10))
    assert attempt.score == Decimal("1.00")
    assert len(graded) == 1


@time_machine.travel(T0, tick=False)
def test_the_sweep_hands_in_all_that_are_overdue_and_no_other():
    exam = make_exam(time_limit=10)
    due = [make_attempt(exam=exam) for _ in range(3)]
    untimed = make_attempt()
    handed_in = submit(attempt=make_attempt(exam=exam))
    with time_machine.travel(T0 + minutes(5), tick=False):
        later = make_attempt(exam=exam)
    with time_machine.travel(T0 + minutes(11), tick=False):
        assert (expire_due(), expire_due()) == (3, 0)
    states = dict(Attempt.objects.values_list("pk", "state"))
    assert states == {
        **{attempt.pk: "submitted" for attempt in [*due, handed_in]},
        untimed.pk: "open",
        later.pk: "open",
    }


def test_the_sweep_goes_on_past_an_attempt_that_fails():
    with time_machine.travel(T0, tick=False):
        exam = make_exam(time_limit=10)
        bad, good = make_attempt(exam=exam), make_attempt(exam=exam)

    def fail(attempt, **kwargs):
        if attempt == bad:
            raise RuntimeError("no")

    attempt_graded.connect(fail)
    try:
        with pytest.raises(ExceptionGroup):
            expire_due(T0 + minutes(11))
    finally:
        attempt_graded.disconnect(fail)
    assert dict(Attempt.objects.values_list("pk", "state")) == {bad.pk: "open", good.pk: "submitted"}


def test_the_task_hands_in():
    from lms.exams.tasks import hand_in_overdue

    with time_machine.travel(T0, tick=False):
        make_attempt(exam=make_exam(time_limit=10))
    assert hand_in_overdue.func() == 1


def test_starting_with_an_overdue_attempt_hands_it_in_first():
    exam, user = make_exam(time_limit=10, max_attempts=2), make_learner()
    freeze_papers(exam=exam)
    with time_machine.travel(T0, tick=False):
        first = begin(user, exam)
    with time_machine.travel(T0 + minutes(20), tick=False):
        second = begin(user, exam)
    first.refresh_from_db()
    assert (first.state, first.forced, second.number, second.state) == ("submitted", True, 2, "open")
    assert now() > first.submitted_at
