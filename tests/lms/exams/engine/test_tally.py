"""The tally of a test by question: pure, and over papers in different orders."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.exams.engine.tally import QuestionTally, TallySlot, tally_questions
from lms.exams.queries.results import question_results
from lms.exams.services.attempts import submit
from lms.exams.services.regrading import carry_out
from lms.exams.services.responses import IncomingResponse, save
from quizzes.enums import CorrectionRule
from quizzes.services.bank.items import save_version
from tests.factories.quizzes import make_attempt, make_exam, make_learner, right_answer, wrong_answer


def single(kind, key, answer):
    return [answer["choice"]]


# The same two questions in two paper codes: other numbers, other letters.
PAPERS = {
    1: [
        TallySlot(1, 10, "single_choice", {"correct": "a"}, {"a": "x", "b": "y"}),
        TallySlot(2, 20, "single_choice", {"correct": "b"}, {"a": "p", "b": "q"}),
    ],
    2: [
        TallySlot(1, 20, "single_choice", {"correct": "a"}, {"a": "q", "b": "p"}),
        TallySlot(2, 10, "single_choice", {"correct": "b"}, {"a": "y", "b": "x"}),
    ],
}


def test_papers_in_different_orders_are_brought_together():
    sheets = [
        (1, {1: {"choice": "a"}, 2: {"choice": "a"}}, {}),
        (2, {1: {"choice": "b"}, 2: {"choice": "b"}}, {}),
        (2, {1: {"choice": "a"}, 2: None}, {}),
        (1, {}, {}),
    ]
    assert tally_questions(PAPERS, sheets, single) == [
        QuestionTally(20, seen=4, omitted=1, correct=1, earned=Decimal(1), chosen={"p": 2, "q": 1}),
        QuestionTally(10, seen=4, omitted=2, correct=2, earned=Decimal(2), chosen={"x": 2}),
    ]


def counted(slot, sheets):
    return tally_questions({1: [slot]}, [(1, answers, marks) for answers, marks in sheets], single)


def test_what_everybody_got_counts_as_right_for_whoever_left_it_out_too():
    slot = TallySlot(1, 10, "single_choice", {"correct": "a"}, {"a": "x"}, everyone=True)
    assert counted(slot, [({1: {"choice": "b"}}, {}), ({}, {}), ({1: {"choice": "a"}}, {})]) == [
        QuestionTally(10, seen=3, omitted=1, correct=3, earned=Decimal(3), chosen={"b": 1, "x": 1})
    ]


def test_what_waits_for_a_person_is_neither_right_nor_chosen():
    slot = TallySlot(1, 10, "essay", {}, {})
    sheets = [
        ({1: {"choice": "w"}}, {}),
        ({1: {"choice": "w"}}, {1: Decimal("0.5")}),
        ({1: {"choice": "w"}}, {1: Decimal(1)}),
    ]
    (tally,) = counted(slot, [*sheets, ({}, {1: Decimal(1)})])
    assert tally == QuestionTally(10, 4, 1, 1, Decimal("1.5"), {"w": 2}, waiting=1)
    assert tally.difficulty == Decimal("0.5")
    assert counted(slot, sheets[:1])[0].difficulty == 0


def test_a_share_of_the_points_is_earned_but_not_right():
    slot = TallySlot(1, 10, "multiple_response", {"correct": ["a", "b"], "scoring": "partial"}, {})
    tallies = tally_questions(
        {1: [slot]}, [(1, {1: {"choices": ["a"]}}, {})], lambda _k, _key, answer: answer["choices"]
    )
    assert tallies == [QuestionTally(10, 1, 0, 0, Decimal("0.5"), {"a": 1})]


def test_after_a_question_that_waits_or_was_left_out_the_others_are_counted():
    slots = [TallySlot(1, 30, "essay", {}, {}), TallySlot(2, 20, "single_choice", {"correct": "a"}, {})]
    waiting = tally_questions({1: slots}, [(1, {1: {"choice": "w"}, 2: {"choice": "a"}}, {})], single)
    left_out = tally_questions({1: slots}, [(1, {2: {"choice": "a"}}, {})], single)
    assert [(one.version, one.seen, one.correct, one.waiting) for one in waiting] == [(30, 1, 0, 1), (20, 1, 1, 0)]
    assert [(one.version, one.seen, one.omitted) for one in left_out] == [(30, 1, 1), (20, 1, 0)]


def test_of_equally_hard_questions_the_older_comes_first():
    slots = [TallySlot(slot, version, "single_choice", {"correct": "a"}, {}) for slot, version in ((1, 9), (2, 7))]
    assert [one.version for one in tally_questions({1: slots}, [(1, {}, {})], single)] == [7, 9]


def test_no_sheets_no_tally():
    assert tally_questions(PAPERS, [], single) == []


answers = st.fixed_dictionaries({}, optional={1: st.sampled_from("ab"), 2: st.sampled_from("ab")})


@given(st.lists(st.tuples(st.sampled_from([1, 2]), answers)))
def test_every_sheet_is_counted_once_for_each_question(sheets):
    given_sheets = [(paper, {slot: {"choice": letter} for slot, letter in one.items()}, {}) for paper, one in sheets]
    for tally in tally_questions(PAPERS, given_sheets, single):
        assert tally.seen == len(sheets)
        assert tally.omitted + sum(tally.chosen.values()) == tally.seen
        assert tally.correct <= tally.seen - tally.omitted
        assert 0 <= tally.difficulty <= 1


@pytest.mark.django_db
def test_results_speak_the_options_own_order_and_mark_the_key():
    exam = make_exam(questions=1, multiple=0, variants=4)
    attempts = [make_attempt(exam=exam, context=number) for number in range(1, 5)]
    for attempt in attempts[:3]:
        answer(attempt, right_answer(attempt, 1))
    submit(attempt=attempts[3])
    (found,) = question_results(exam.pk, [1, 2, 3, 4, 99])
    assert (found.seen, found.correct, found.omitted, found.percent) == (4, 3, 1, 75.0)
    assert [(option.letter, option.right, option.count, option.percent) for option in found.options] == [
        ("A", False, 0, 0.0),
        ("B", True, 3, 75.0),
        ("C", False, 0, 0.0),
        ("D", False, 0, 0.0),
    ]


@pytest.mark.django_db
def test_the_first_attempt_counts_and_open_ones_do_not():
    exam = make_exam(questions=1)
    learner = make_learner()
    first = make_attempt(learner, exam, context=7)
    answer(first, wrong_answer(first, 1))
    second = again(learner, exam)
    answer(second, right_answer(second, 1))
    again(learner, exam)
    make_attempt(exam=exam, context=8)  # another learner, still sitting
    (found,) = question_results(exam.pk, [7, 8])
    assert (found.seen, found.correct, found.omitted) == (1, 0, 0)


@pytest.mark.django_db
@pytest.mark.parametrize("people", [1, 3])
def test_the_cost_does_not_grow(people, django_assert_num_queries):
    exam = make_exam(questions=4, multiple=2)
    for number in range(1, people + 1):
        submit(attempt=make_attempt(exam=exam, context=number))
    with django_assert_num_queries(5):
        found = question_results(exam.pk, list(range(1, people + 1)))
    assert [one.seen for one in found] == [people] * 4


def again(learner, exam):
    return make_attempt(learner, exam, context=7)


def answer(attempt, value):
    save(
        attempt_id=attempt.pk,
        user_id=attempt.user_id,
        responses=[IncomingResponse(slot=1, answer=value, seq=1)],
    )
    submit(attempt=attempt)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (CorrectionRule.NEW_KEY, [(2, 1, [True, False, False, False])]),
        (CorrectionRule.EVERYONE, [(2, 2, [False, True, False, False])]),
        (CorrectionRule.DROPPED, []),
    ],
)
def test_results_follow_the_corrections_of_the_key(rule, expected):
    """One chose the old key (b), one a wrong option that the correction makes the key (a)."""
    exam = make_exam(questions=2, multiple=0, shuffle_questions=False, shuffle_options=False, variants=1)
    asked = exam.questions.order_by("position").first().version
    for number, choice in enumerate("ba", start=1):
        attempt = make_attempt(exam=exam, context=number)
        answer(attempt, {"choice": choice})
    corrected = None
    if rule == CorrectionRule.NEW_KEY:
        corrected = save_version(
            item=asked.item, kind=asked.kind, stem=asked.stem, content=asked.content, key={"correct": "a"}
        )
    carry_out(exam=exam, version=asked, rule=rule, corrected=corrected, reason="Sai", actor=make_learner())
    found = [one for one in question_results(exam.pk, [1, 2]) if one.version == asked.pk]
    assert [(one.seen, one.correct, [option.right for option in one.options]) for one in found] == expected
