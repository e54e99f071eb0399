"""Two requests at once, on a database in a file and on PostgreSQL."""

from __future__ import annotations

import pytest

from lms.exams.enums import AttemptState
from lms.exams.errors import AttemptClosedError
from lms.exams.models import Attempt, AttemptResult, Response
from lms.exams.services.attempts import start, submit
from lms.exams.services.responses import IncomingResponse, SaveOutcome, save
from quizzes.services.papers.freezing import freeze_papers
from tests.factories.quizzes import make_attempt, make_exam, make_learner, right_answer, seat

ROUNDS = 8


def test_starting_in_four_tabs_makes_one_attempt(shared_db, at_once):
    exam = make_exam(questions=2)
    number = freeze_papers(exam=exam)
    for context in range(1, ROUNDS + 1):
        user = make_learner()
        _enrolment, item = seat(exam, user, context)

        def begin(user=user, context=context, item=item):
            return start(user=user, exam_id=exam.pk, set_number=number, enrolment_id=context, item_id=item.pk)

        attempts = at_once(begin, begin, begin, begin)
        assert {attempt.pk for attempt in attempts} == {Attempt.objects.get(enrolment_id=context).pk}


def test_handing_in_twice_at_once_grades_once(shared_db, at_once):
    exam = make_exam(questions=2)
    for _round in range(ROUNDS):
        attempt = make_attempt(exam=exam)
        both = at_once(*[lambda attempt=attempt: submit(attempt=attempt)] * 3)
        assert {(a.state, a.score, a.receipt) for a in both} == {("submitted", both[0].score, both[0].receipt)}
        assert AttemptResult.objects.filter(attempt=attempt).count() == 1


def test_an_answer_racing_with_the_hand_in_is_graded_or_refused_never_lost(shared_db, at_once):
    exam = make_exam(questions=6, variants=1)
    seen = set()
    for round_number in range(ROUNDS * 2):
        attempt = make_attempt(exam=exam)
        answers = {slot: right_answer(attempt, slot) for slot in range(1, 7)}

        def put(slot, attempt=attempt, answers=answers):
            return save(
                attempt_id=attempt.pk,
                user_id=attempt.user_id,
                responses=[IncomingResponse(slot, answers[slot], 1)],
            )

        def hand_in(attempt=attempt, wait=round_number % 4):
            for _spin in range(wait):
                Attempt.objects.filter(pk=attempt.pk).exists()
            return submit(attempt=attempt)

        *saves, done = at_once(*[lambda slot=slot: put(slot) for slot in answers], hand_in)
        assert all(isinstance(outcome, SaveOutcome | AttemptClosedError) for outcome in saves), saves
        acknowledged = {outcome.saved[0][0] for outcome in saves if isinstance(outcome, SaveOutcome)}
        assert set(Response.objects.filter(attempt=attempt).values_list("slot", flat=True)) == acknowledged
        points = AttemptResult.objects.get(attempt=attempt).points
        assert {int(slot) for slot, earned in points.items() if earned == "1.00"} == acknowledged
        assert done.score == len(acknowledged)
        seen.add(len(acknowledged))
    assert len(seen) > 1 or seen == {6}


def test_the_highest_sequence_wins_whatever_the_order(shared_db, at_once):
    attempt = make_attempt(exam=make_exam(questions=3, variants=1))
    letters = "abcd"

    def put(seq):
        rows = [IncomingResponse(slot, {"choice": letters[seq % 4]}, seq) for slot in (3, 1, 2)]
        return save(attempt_id=attempt.pk, user_id=attempt.user_id, responses=rows)

    outcomes = at_once(*[lambda seq=seq: put(seq) for seq in (3, 7, 5, 1, 6, 2)])
    assert all(isinstance(outcome, SaveOutcome) for outcome in outcomes), outcomes
    assert list(Response.objects.filter(attempt=attempt).order_by("slot").values_list("slot", "seq", "answer")) == [
        (slot, 7, {"choice": "d"}) for slot in (1, 2, 3)
    ]


@pytest.mark.parametrize("state", [AttemptState.SUBMITTED, AttemptState.ANNULLED])
def test_an_answer_waits_for_a_hand_in_that_is_under_way(shared_db, at_once, state):
    """The hand-in has closed the attempt but not committed: the answer must not slip in behind its back."""
    import threading
    import time

    from django.db import transaction
    from django.utils import timezone

    attempt = make_attempt(exam=make_exam(questions=1, variants=1))
    closing = threading.Event()

    def close():
        with transaction.atomic():
            Attempt.objects.filter(pk=attempt.pk).update(state=state, submitted_at=timezone.now())
            closing.set()
            time.sleep(0.3)

    def put():
        closing.wait(10)
        return save(
            attempt_id=attempt.pk,
            user_id=attempt.user_id,
            responses=[IncomingResponse(1, {"choice": "a"}, 1)],
        )

    _closed, outcome = at_once(close, put)
    assert isinstance(outcome, AttemptClosedError)
    assert not Response.objects.exists()
