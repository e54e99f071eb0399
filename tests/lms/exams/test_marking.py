"""Essays wait for a person; marks finish the attempt and never lose what was before."""

from __future__ import annotations

from decimal import Decimal

import pytest

from lms.audit.models import AuditEntry
from lms.exams.errors import AttemptClosedError, InvalidMarksError
from lms.exams.models import Attempt, AttemptResult
from lms.exams.queries import result_payload, review
from lms.exams.queries.results import question_results
from lms.exams.services.attempts import submit
from lms.exams.services.marking.marks import record_marks
from lms.exams.services.responses import IncomingResponse, save
from lms.exams.signals import attempt_graded
from quizzes.enums import Review
from quizzes.models import Exam
from quizzes.services.bank.items import create_item
from quizzes.services.papers.exams import set_questions
from tests.factories.quizzes import make_attempt, make_bank, make_item, make_learner
from tests.quizzes.kinds import SAMPLES

pytestmark = pytest.mark.django_db


@pytest.fixture
def graded():
    """What those above were told: (attempt's score, result's number)."""
    told = []

    def hear(sender, *, attempt, result, **kwargs):
        told.append((attempt.score, result.number))

    attempt_graded.connect(hear)
    yield told
    attempt_graded.disconnect(hear)


@pytest.fixture
def attempt():
    """A test of one choice and two essays worth five points each, not handed in."""
    bank = make_bank()
    content, key, _right, _wrong = SAMPLES["essay"]
    items = [make_item(bank)]
    items += [create_item(bank=bank, kind="essay", stem=f"Bài {n}", content=content, key=key) for n in (1, 2)]
    exam = Exam.objects.create(
        unit=bank.unit, title="Tự luận", variants=1, shuffle_questions=False, shuffle_options=False, review=Review.KEY
    )
    set_questions(
        exam=exam, questions=[(items[0].current, Decimal(1)), *((one.current, Decimal(5)) for one in items[1:])]
    )
    return make_attempt(exam=exam, context=5)


def answer(attempt, *slots):
    rows = [IncomingResponse(1, {"choice": "b"}, 1)]
    rows += [IncomingResponse(slot, {"html": "<p>Bài làm</p>"}, 1) for slot in slots]
    save(attempt_id=attempt.pk, user_id=attempt.user_id, responses=rows)
    return submit(attempt=attempt)


def test_an_essay_waits_and_the_last_mark_finishes(attempt, graded):
    done = answer(attempt, 2, 3)
    assert (done.state, done.marking, done.score, done.state_label, graded) == (
        "submitted",
        True,
        None,
        "Đang chấm",
        [],
    )
    payload = result_payload(done, Review.KEY)
    assert (payload["marking"], payload["score"], payload["passed"]) == (True, None, None)
    marker = make_learner()

    first = record_marks(attempt=done, marks={2: Decimal("3.505")}, actor=marker)
    assert (first.number, first.points, first.pending) == (2, {"1": "1.00", "2": "3.51"}, [3])
    assert (done.marking, graded) == (True, [])
    shown = review(done, Review.KEY)["questions"]
    assert [(one["marking"], one["earned"]) for one in shown] == [(False, 1.0), (False, 3.51), (True, None)]

    second = record_marks(attempt=done, marks={3: Decimal(0)}, actor=marker)
    done.refresh_from_db()
    assert (second.score, done.score, done.marking, done.state_label) == (
        Decimal("4.51"),
        Decimal("4.51"),
        False,
        "Đã nộp",
    )
    assert graded == [(Decimal("4.51"), 3)]

    third = record_marks(attempt=done, marks={2: Decimal(5)}, actor=marker, reason="Chấm lại")
    done.refresh_from_db()
    assert (third.reason, done.score, graded[-1]) == ("Chấm lại", Decimal("6.00"), (Decimal("6.00"), 4))
    assert list(AttemptResult.objects.order_by("number").values_list("score", flat=True)) == [
        Decimal(value) for value in ("1.00", "4.51", "4.51", "6.00")
    ]
    assert (
        list(AuditEntry.objects.order_by("number").values_list("action", "actor_id", "stream"))
        == [("quizzes.marked", marker.pk, f"exam:{done.exam_id}")] * 3
    )


def test_without_an_essay_written_nobody_needs_to_mark(attempt, graded):
    done = answer(attempt)
    assert (done.marking, done.score, graded) == (False, Decimal("1.00"), [(Decimal("1.00"), 1)])


@pytest.mark.parametrize(
    ("marks", "fields"),
    [
        ({}, ["marks"]),
        ({1: Decimal(1)}, ["1"]),
        ({9: Decimal(1)}, ["9"]),
        ({2: Decimal("5.01"), 3: Decimal(-1)}, ["2", "3"]),
        ({2: Decimal("NaN")}, ["2"]),
    ],
)
def test_marks_that_do_not_fit_change_nothing(attempt, marks, fields):
    done = answer(attempt, 2, 3)
    with pytest.raises(InvalidMarksError) as error:
        record_marks(attempt=done, marks=marks, actor=make_learner())
    assert list(error.value.fields) == fields
    assert AttemptResult.objects.count() == 1
    assert not AuditEntry.objects.exists()


def test_what_is_not_handed_in_is_not_marked(attempt):
    with pytest.raises(AttemptClosedError):
        record_marks(attempt=attempt, marks={2: Decimal(1)}, actor=make_learner())
    Attempt.objects.filter(pk=attempt.pk).update(state="annulled")
    with pytest.raises(AttemptClosedError):
        record_marks(attempt=attempt, marks={2: Decimal(1)}, actor=make_learner())


def test_results_by_question_count_marked_essays(attempt):
    done = answer(attempt, 2, 3)
    record_marks(attempt=done, marks={2: Decimal(5)}, actor=make_learner())
    found = {one.stem_html: one for one in question_results(done.exam_id, [5])}
    assert [(one.waiting, one.correct, one.difficulty, one.options) for one in (found["Bài 1"], found["Bài 2"])] == [
        (0, 1, 1.0, ()),
        (1, 0, 0.0, ()),
    ]
