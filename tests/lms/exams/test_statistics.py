"""Statistics as the task keeps them: from real attempts, newest gradings only, once for each person."""

import datetime as dt

import pytest

from lms.exams.models import AttemptResult
from lms.exams.queries.statistics import item_rows
from lms.exams.services.attempts import submit
from lms.exams.services.regrading import carry_out
from lms.exams.services.responses import IncomingResponse, save
from lms.exams.services.statistics import refresh, refresh_stale
from quizzes.enums import CorrectionRule
from quizzes.models import ExamStatistics, ItemStatistics
from quizzes.queries.bank.figures import ItemSummary, item_summaries
from quizzes.services.bank.items import save_version
from tests.factories.quizzes import make_attempt, make_exam, make_learner, right_answer, wrong_answer

pytestmark = pytest.mark.django_db


def sit(exam, context, right, *, answered=None):
    """One attempt with the questions of these positions right; of all of them, ``answered`` got an answer at all."""
    user = make_learner()
    attempt = make_attempt(user, exam, context=context)
    versions = [question.version_id for question in exam.questions.all()]
    place = {entry["slot"]: versions.index(entry["version"]) for entry in attempt.paper.layout}
    responses = [
        IncomingResponse(slot, right_answer(attempt, slot) if position in right else wrong_answer(attempt, slot), 1)
        for slot, position in place.items()
        if answered is None or position in answered
    ]
    if responses:
        save(attempt_id=attempt.pk, user_id=user.pk, responses=responses)
    return submit(attempt=attempt)


def by_position(exam):
    found = {row.version_id: row for row in ItemStatistics.objects.filter(exam=exam)}
    return [found[question.version_id] for question in exam.questions.all()]


def test_figures_come_from_what_people_answered_on_any_paper_code():
    exam = make_exam(questions=3)
    for context, right in enumerate([{0, 1, 2}, {0, 1}, {0}, set()], start=1):
        sit(exam, context, right, answered={0, 1} if context == 4 else None)
    row = refresh(exam.pk)
    assert (row.people, row.attempts, row.passed, row.mean, row.kr20, row.alpha, row.model) == (
        4, 4, 2, 0.5, True, None, {},
    )  # fmt: skip
    assert [(item.asked, item.omitted, item.difficulty) for item in by_position(exam)] == [
        (4, 0, 0.75), (4, 0, 0.5), (4, 1, 0.25),
    ]  # fmt: skip
    # everybody who was right chose b, in the item's own letters, whatever letter the paper showed
    assert [sum(o["count"] for o in item.options if o["option"] == "b") for item in by_position(exam)] == [3, 2, 1]
    assert [sum(o["count"] for o in item.options) for item in by_position(exam)] == [4, 4, 3]


def test_each_person_counts_once_with_the_first_attempt():
    exam = make_exam(questions=2, max_attempts=None)
    sit(exam, 1, set())
    sit(exam, 1, {0, 1})
    sit(exam, 2, {0, 1})
    row = refresh(exam.pk)
    assert (row.people, row.attempts, row.mean) == (2, 3, 0.5)


def test_the_last_grading_counts():
    exam = make_exam(questions=2)
    attempt = sit(exam, 1, set())
    first = attempt.results.get()
    AttemptResult.objects.create(
        attempt=attempt,
        number=2,
        points=dict.fromkeys(first.points, "1.00"),
        score=2,
        max_score=2,
        graded_at=first.graded_at,
    )
    assert refresh(exam.pk).mean == 1.0


@pytest.mark.parametrize(
    ("rule", "shares", "item", "findings"),
    [
        # three of four chose b, the old key, and none a, the new one
        (CorrectionRule.NEW_KEY, (0.375, 0), (4, 0.0, 0.0), []),
        (CorrectionRule.EVERYONE, (0.875, 3), (4, None, None), [{"code": "given", "option": ""}]),
        (CorrectionRule.DROPPED, (0.75, 3), (0, None, None), [{"code": "dropped", "option": ""}]),
    ],
)
def test_corrections_of_the_key_count(rule, shares, item, findings):
    exam = make_exam(questions=2, shuffle_options=False, multiple=0, pass_share="0.8")
    for context, right in enumerate([{0, 1}, {0, 1}, {0, 1}, set()], start=1):
        sit(exam, context, right)
    asked = exam.questions.order_by("position").first().version
    corrected = None
    if rule == CorrectionRule.NEW_KEY:
        corrected = save_version(
            item=asked.item, kind=asked.kind, stem=asked.stem, content=asked.content, key={"correct": "d"}
        )
    carry_out(exam=exam, version=asked, rule=rule, corrected=corrected, reason="Sai", actor=make_learner())
    row = refresh(exam.pk)
    assert (row.mean, row.passed) == shares
    first = by_position(exam)[0]
    assert (first.asked, first.difficulty, first.deviation, first.flags) == (*item, findings)
    known = {} if rule != CorrectionRule.NEW_KEY else {asked.pk: 0.0}
    assert {pk: one.difficulty for pk, one in item_summaries([asked.pk]).items()} == known


def test_an_exam_that_nobody_sat_has_no_figures():
    exam = make_exam(questions=2)
    assert refresh(exam.pk) is None
    assert not ExamStatistics.objects.exists()


def test_figures_go_when_the_attempts_do_not_count_any_more():
    exam = make_exam(questions=2)
    attempt = sit(exam, 1, {0})
    refresh(exam.pk)
    type(attempt).objects.filter(pk=attempt.pk).update(state="annulled")
    assert refresh(exam.pk) is None
    assert (ExamStatistics.objects.count(), ItemStatistics.objects.count()) == (0, 0)


def test_the_task_counts_what_is_new_and_nothing_twice():
    one, two = make_exam(questions=2), make_exam(questions=2)
    sit(one, 1, {0})
    sit(two, 2, {0})
    assert refresh_stale() == 2
    assert refresh_stale() == 0
    sit(two, 3, {0, 1})
    assert refresh_stale() == 1
    assert ExamStatistics.objects.get(exam=two).people == 2


def test_a_large_exam_is_counted_less_often():
    exam = make_exam(questions=2)
    sit(exam, 1, {0})
    row = refresh(exam.pk)
    ExamStatistics.objects.update(people=5000)
    sit(exam, 2, {0})
    assert refresh_stale(now=row.computed_at + dt.timedelta(minutes=4)) == 0
    assert refresh_stale(now=row.computed_at + dt.timedelta(minutes=6)) == 1


def test_a_question_is_summed_up_over_its_exams():
    exam = make_exam(questions=2)
    for context, right in enumerate([{0, 1}, {0}, {0}, set()], start=1):
        sit(exam, context, right)
    refresh(exam.pk)
    first, second = by_position(exam)
    other = make_exam(questions=2)
    ItemStatistics.objects.create(
        exam=other, version_id=first.version_id, asked=12, omitted=0, difficulty=0.25, discrimination=0.5,
        flags=[{"code": "weak", "option": ""}],
    )  # fmt: skip
    summaries = item_summaries([first.version_id, second.version_id, 0])
    assert summaries[first.version_id] == ItemSummary(
        asked=16,
        difficulty=(0.75 * 4 + 0.25 * 12) / 16,
        discrimination=pytest.approx((first.discrimination * 4 + 0.5 * 12) / 16),
        flags=("weak",),
    )
    assert set(summaries) == {first.version_id, second.version_id}


def test_the_rows_of_an_exam_begin_with_what_needs_a_look():
    exam = make_exam(questions=3)
    for context, right in enumerate([{0, 1, 2}, {0, 1}, {0}], start=1):
        sit(exam, context, right)
    row = refresh(exam.pk)
    flagged = by_position(exam)[0]
    ItemStatistics.objects.filter(pk=flagged.pk).update(flags=[{"code": "negative", "option": ""}])
    assert [r.pk for r in item_rows(row)] == [flagged.pk, by_position(exam)[2].pk, by_position(exam)[1].pk]


@pytest.mark.parametrize("people", [1, 3])
def test_reading_takes_the_same_statements_however_many_there_are(people, django_assert_num_queries):
    exam = make_exam(questions=3)
    for context in range(1, people + 1):
        sit(exam, context, {0})
    with django_assert_num_queries(17):
        refresh(exam.pk)
