"""The rules of completion, by examples and by properties."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.completion.outcome import (
    Attendance,
    CompletionItem,
    CompletionOutcome,
    Earned,
    Facts,
    Missing,
    Rules,
    attendance_needed,
    band_of,
    compute_outcome,
    final_mark,
)
from lms.gradebook.fold import round_mark

BANDS = (("average", Decimal(5)), ("good", Decimal(7)), ("very_good", Decimal(8)), ("excellent", Decimal(9)))
RULES = Rules(bands=BANDS)
LESSON = CompletionItem(1, 1, "lesson")
EXAM = CompletionItem(2, 2, "exam", counts=True)
SESSION = CompletionItem(3, 3, "session")


def facts(**fields):
    return Facts(**{name: frozenset(value) if isinstance(value, set) else value for name, value in fields.items()})


def test_nothing_done_is_enrolled_and_points_to_the_first_item():
    assert compute_outcome([EXAM, LESSON], RULES, Facts()) == CompletionOutcome(
        "enrolled", 0, None, "", (Missing("read_lesson", 1), Missing("pass_exam", 2)), 1
    )


def test_all_done_is_completed_with_mark_and_band():
    done = facts(done={1, 2}, marks={2: Decimal("8.495")})
    assert compute_outcome([LESSON, EXAM], RULES, done) == CompletionOutcome(
        "completed", 100, Decimal("8.50"), "very_good", (), None
    )


def test_a_mark_below_the_pass_mark_is_missing_and_may_be_improved():
    low = facts(done={1, 2}, marks={2: Decimal("4.99")})
    assert compute_outcome([LESSON, EXAM], RULES, low) == CompletionOutcome(
        "in_progress", 99, Decimal("4.99"), "", (Missing("pass_mark", None, Decimal("4.99"), Decimal(5)),), 2
    )
    assert compute_outcome([LESSON, EXAM], RULES, replace(low, closed=frozenset({2}))).status == "failed"


def test_a_mark_that_rounds_to_the_pass_mark_passes():
    assert compute_outcome([EXAM], RULES, facts(done={2}, marks={2: Decimal("4.995")})).status == "completed"


def test_no_attempt_left_fails_only_when_the_rest_is_done():
    out = facts(done={1}, marks={2: Decimal(3)}, closed={2})
    assert compute_outcome([LESSON, EXAM], RULES, out) == CompletionOutcome(
        "failed",
        50,
        Decimal("3.00"),
        "",
        (Missing("exam_closed", 2), Missing("pass_mark", None, Decimal("3.00"), Decimal(5))),
        None,
    )
    unread = replace(out, done=frozenset())
    assert (
        compute_outcome([LESSON, EXAM], RULES, unread).status,
        compute_outcome([LESSON, EXAM], RULES, unread).next_item_id,
    ) == (
        "in_progress",
        1,
    )


def test_a_part_is_done_when_its_required_items_are():
    items = [
        replace(LESSON, module_kind="theory"),
        replace(EXAM, module_kind="professional"),
        CompletionItem(9, 9, "lesson", required=False, module_kind="theory"),
    ]
    seen = [compute_outcome(items, RULES, facts(done=done)).kinds_done for done in (set(), {1}, {2})]
    assert seen == [set(), {"theory"}, {"professional"}]


def test_an_ended_class_fails_whoever_did_not_complete():
    assert compute_outcome([LESSON], RULES, facts(ended=True)).status == "failed"
    assert compute_outcome([LESSON], RULES, facts(ended=True, done={1})).status == "completed"


@pytest.mark.parametrize(
    ("attended", "status", "missing"),
    [
        (15, "in_progress", (Missing("attendance_share", None, Decimal(15), Decimal(16)),)),
        (16, "completed", ()),
    ],
)
def test_the_share_of_attendance_decides_about_sessions(attended, status, missing):
    """Who attends 80 % completes, though a required session was missed."""
    outcome = compute_outcome([SESSION], RULES, facts(attendance=Attendance(attended, 20)))
    assert (outcome.status, outcome.missing) == (status, missing)


def test_without_a_timetable_a_required_session_stays_missing():
    assert compute_outcome([SESSION], RULES, Facts()).missing == (Missing("attend_session", 3),)


def test_what_a_learner_does_alone_comes_before_a_session():
    items = [replace(SESSION, position=0), LESSON]
    assert compute_outcome(items, RULES, Facts()).next_item_id == 1
    assert compute_outcome(items, RULES, facts(done={1})).next_item_id == 3


def test_a_done_item_without_its_mark_waits():
    essay = CompletionItem(4, 4, "essay", counts=True)
    assert compute_outcome([essay], RULES, facts(done={4})).missing == (Missing("mark_pending", 4),)


def test_earned_is_kept_and_its_mark_only_rises():
    earned = Earned(Decimal("7.00"), "good")
    lost = facts(earned=earned, marks={2: Decimal(2)})
    assert compute_outcome([LESSON, EXAM], RULES, lost) == CompletionOutcome(
        "completed", 100, Decimal("7.00"), "good", (), None
    )
    better = facts(earned=earned, marks={2: Decimal(9)})
    assert compute_outcome([LESSON, EXAM], RULES, better) == CompletionOutcome(
        "completed", 100, Decimal("9.00"), "excellent", (), None
    )


def test_the_final_mark_is_weighted_and_leaves_out_optional_items_without_a_mark():
    items = [
        CompletionItem(1, 1, "exam", counts=True, weight=Decimal(1)),
        CompletionItem(2, 2, "exam", counts=True, weight=Decimal(2)),
        CompletionItem(3, 3, "essay", required=False, counts=True, weight=Decimal(5)),
    ]
    assert final_mark(items, {1: Decimal(5), 2: Decimal(8)}) == Decimal("7.00")
    assert final_mark(items, {1: Decimal(5)}) is None
    assert final_mark([], {}) is None


@pytest.mark.parametrize(("mark", "rounded"), [("6.005", "6.01"), ("6.004999", "6.00"), ("9.995", "10.00")])
def test_marks_round_halves_up(mark, rounded):
    assert round_mark(Decimal(mark)) == Decimal(rounded)


@pytest.mark.parametrize(
    ("mark", "band"),
    [("4.99", ""), ("5", "average"), ("7", "good"), ("7.99", "good"), ("8", "very_good"), ("9", "excellent")],
)
def test_bands_begin_at_their_lowest_mark(mark, band):
    assert band_of(Decimal(mark), RULES) == band


def test_the_share_is_rounded_up_to_whole_periods():
    assert [attendance_needed(RULES, planned) for planned in (0, 1, 5, 18)] == [0, 1, 4, 15]


# --- Properties ---

IDS = range(1, 9)
marks = st.decimals(min_value=0, max_value=10, places=2)


@st.composite
def worlds(draw):
    items = [
        CompletionItem(
            id=pk,
            position=draw(st.integers(1, 20)),
            kind=draw(st.sampled_from(["lesson", "exam", "essay", "session"])),
            required=draw(st.booleans()),
            counts=draw(st.booleans()),
            weight=draw(st.decimals(min_value=0, max_value=5, places=1)),
        )
        for pk in draw(st.sets(st.sampled_from(IDS), max_size=8))
    ]
    some_ids = st.frozensets(st.sampled_from(IDS))
    planned = draw(st.integers(0, 40))
    known = Facts(
        done=draw(some_ids),
        doing=draw(some_ids),
        marks=draw(st.dictionaries(st.sampled_from(IDS), marks)),
        closed=draw(some_ids),
        attendance=Attendance(draw(st.integers(0, planned)), planned),
        ended=draw(st.booleans()),
        earned=draw(st.none() | st.builds(Earned, score=st.none() | marks, band=st.sampled_from(["", "good"]))),
    )
    rules = Rules(
        pass_mark=draw(marks),
        attendance_share=draw(st.decimals(min_value=0, max_value=1, places=3)),
        bands=BANDS,
    )
    return items, rules, known


@pytest.mark.slow
@given(worlds())
def test_completed_exactly_when_nothing_is_missing_and_percent_is_100(world):
    outcome = compute_outcome(*world)
    assert 0 <= outcome.percent <= 100
    assert (outcome.status == "completed") == (outcome.missing == ()) == (outcome.percent == 100)
    assert outcome.score is None or 0 <= outcome.score <= 10
    assert outcome.band == "" or outcome.status == "completed"


@pytest.mark.slow
@given(worlds(), st.randoms())
def test_the_order_of_items_does_not_matter(world, random):
    items, rules, known = world
    shuffled = list(items)
    random.shuffle(shuffled)
    assert (
        compute_outcome(items, rules, known)
        == compute_outcome(shuffled, rules, known)
        == compute_outcome(items, rules, known)
    )


@pytest.mark.slow
@given(worlds(), st.sampled_from(IDS))
def test_beginning_one_more_item_tells_nothing_new_of_who_has_begun(world, item):
    items, rules, known = world
    before = compute_outcome(items, rules, known)
    after = compute_outcome(items, rules, replace(known, doing=known.doing | {item}))
    assert after == before or before.status == "enrolled"


@pytest.mark.slow
@given(worlds(), st.sampled_from(IDS), st.integers(0, 10))
def test_doing_more_never_lowers_the_percent_or_takes_completion_away(world, item, periods):
    items, rules, known = world
    before = compute_outcome(items, rules, known)
    attendance = Attendance(
        min(known.attendance.planned, known.attendance.attended + periods), known.attendance.planned
    )
    marked = {**known.marks, item: Decimal(10)} if item in known.marks else known.marks
    after = compute_outcome(items, rules, replace(known, done=known.done | {item}, attendance=attendance, marks=marked))
    assert after.percent >= before.percent
    assert after.status == "completed" or before.status != "completed"


@pytest.mark.slow
@given(worlds(), st.none() | marks)
def test_what_is_earned_is_never_taken_away(world, score):
    items, rules, known = world
    earned = Earned(score, band_of(score, rules))
    outcome = compute_outcome(items, rules, replace(known, earned=earned))
    assert (outcome.status, outcome.percent, outcome.missing) == ("completed", 100, ())
    assert score is None or (outcome.score is not None and outcome.score >= score)
