"""Grading of a whole attempt: the outcome to the last field, for every rule a question may have."""

from __future__ import annotations

from decimal import Decimal

import pytest

from quizzes.engine.grading import DROPPED, EVERYONE, AttemptScore, KeySlot, grade_attempt, with_marks

CHOICE = {"correct": "a"}
RIGHT, WRONG = {"choice": "a"}, {"choice": "b"}


def choice(slot, points="2", rule=""):
    return KeySlot(slot, "single_choice", CHOICE, Decimal(points), rule)


def essay(slot, points="4", rule=""):
    return KeySlot(slot, "essay", {}, Decimal(points), rule)


def test_every_question_stands_in_the_outcome_with_its_points():
    slots = [choice(1), choice(2, rule=DROPPED), choice(3, "1.5"), choice(4, "3", rule=EVERYONE), choice(5), essay(6)]
    answers = {1: RIGHT, 2: RIGHT, 3: WRONG, 5: None, 6: None}
    outcome = grade_attempt(slots, answers)
    assert outcome == AttemptScore(
        {1: Decimal(2), 2: Decimal(0), 3: Decimal(0), 4: Decimal(3), 5: Decimal(0), 6: Decimal(0)},
        Decimal(5),
        Decimal("12.5"),
        frozenset(),
    )
    assert {slot: str(points) for slot, points in outcome.points.items()} == {
        1: "2.00", 2: "0.00", 3: "0.00", 4: "3", 5: "0.00", 6: "0.00",
    }  # fmt: skip


@pytest.mark.parametrize(("answer", "points"), [(RIGHT, "3"), (WRONG, "3"), (None, "3")])
def test_what_everybody_gets_is_got_whatever_was_answered(answer, points):
    outcome = grade_attempt([choice(1, "3", rule=EVERYONE)], {1: answer})
    assert (outcome.points, outcome.score, outcome.max_score) == ({1: Decimal(points)}, Decimal(3), Decimal(3))


def test_an_essay_that_everybody_gets_waits_for_nobody():
    assert grade_attempt([essay(1, rule=EVERYONE)], {1: {"html": "x"}}) == AttemptScore(
        {1: Decimal(4)}, Decimal(4), Decimal(4)
    )


def test_an_attempt_without_questions_earns_nothing_exactly():
    outcome = grade_attempt([], {})
    assert outcome == AttemptScore({}, Decimal(0), Decimal(0), frozenset())
    assert [type(outcome.score), type(outcome.max_score)] == [Decimal, Decimal]


def test_marks_of_people_join_what_was_graded_and_the_others_go_on_waiting():
    waiting = grade_attempt(
        [choice(1), essay(2), essay(3), essay(4)], {slot: {"html": "x"} | RIGHT for slot in range(5)}
    )
    assert waiting == AttemptScore({1: Decimal(2)}, Decimal(2), Decimal(14), frozenset({2, 3, 4}))
    marked = with_marks(waiting, {1: Decimal(9), 2: Decimal("3.25"), 4: Decimal(0), 8: Decimal(7)})
    assert marked == AttemptScore(
        {1: Decimal(2), 2: Decimal("3.25"), 4: Decimal(0)}, Decimal("5.25"), Decimal(14), frozenset({3})
    )
    assert with_marks(marked, {}) == marked
    assert waiting.points == {1: Decimal(2)}


def test_the_sum_of_no_marks_is_exact():
    waiting = grade_attempt([essay(2)], {2: {"html": "x"}})
    unmarked = with_marks(waiting, {})
    assert unmarked == AttemptScore({}, Decimal(0), Decimal(4), frozenset({2}))
    assert type(unmarked.score) is Decimal
