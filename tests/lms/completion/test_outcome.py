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


def test_items_that_do_not_count_or_weigh_nothing_leave_the_mark_alone():
    items = [
        CompletionItem(1, 1, "lesson"),
        CompletionItem(2, 2, "essay", required=False, counts=True, weight=Decimal(5)),
        CompletionItem(3, 3, "exam", counts=True, weight=Decimal(3)),
        CompletionItem(4, 4, "exam", required=False, counts=True, weight=Decimal(1)),
    ]
    assert final_mark(items, {1: Decimal(1), 3: Decimal(6), 4: Decimal(10)}) == Decimal("7.00")
    assert final_mark(items, {2: Decimal(10), 3: Decimal(6), 4: Decimal(10)}) == Decimal("8.67")
    assert final_mark([replace(EXAM, weight=Decimal(0))], {2: Decimal(9)}) is None


def test_bands_may_stand_in_any_order_and_no_mark_has_none():
    mixed = Rules(bands=(BANDS[2], BANDS[0], BANDS[3], BANDS[1]))
    assert [band_of(mark, mixed) for mark in (None, Decimal("8.5"), Decimal(5))] == ["", "very_good", "average"]


def test_of_the_same_position_the_older_item_comes_first():
    items = [CompletionItem(5, 1, "lesson"), CompletionItem(4, 1, "lesson"), CompletionItem(9, 0, "lesson")]
    outcome = compute_outcome(items, RULES, Facts())
    assert [one.item_id for one in outcome.missing] == [9, 4, 5]
    assert outcome.next_item_id == 9
    assert compute_outcome(items, RULES, facts(done={9})).next_item_id == 4


def test_optional_items_are_not_missing_and_not_next():
    items = [replace(LESSON, required=False), CompletionItem(5, 5, "lesson")]
    assert compute_outcome(items, RULES, Facts()) == CompletionOutcome(
        "enrolled", 0, None, "", (Missing("read_lesson", 5),), 5
    )
    assert compute_outcome(items, RULES, facts(done={5})) == CompletionOutcome("completed", 100, None, "", (), None)


def test_each_kind_says_what_is_missing():
    items = [LESSON, EXAM, SESSION, CompletionItem(4, 4, "essay")]
    assert compute_outcome(items, RULES, Facts()).missing == (
        Missing("read_lesson", 1), Missing("pass_exam", 2), Missing("attend_session", 3), Missing("pass_essay", 4),
    )  # fmt: skip


def test_with_a_timetable_sessions_are_missing_in_one_line_about_the_share():
    items = [CompletionItem(1, 1, "session"), CompletionItem(2, 2, "lesson")]
    outcome = compute_outcome(items, RULES, facts(attendance=Attendance(3, 10)))
    assert outcome == CompletionOutcome(
        "in_progress",
        0,
        None,
        "",
        (Missing("read_lesson", 2), Missing("attendance_share", None, Decimal(3), Decimal(8))),
        2,
    )


def test_a_session_that_was_done_is_done_before_the_share_is_reached():
    items = [replace(SESSION, module_kind="theory"), replace(LESSON, module_kind="")]
    outcome = compute_outcome(items, RULES, facts(done={1, 3}, attendance=Attendance(0, 4)))
    assert outcome.missing == (Missing("attendance_share", None, Decimal(0), Decimal(4)),)
    assert outcome.kinds_done == {"theory"}
    assert outcome.percent == 99


def test_a_share_of_nothing_asks_for_nothing():
    none = replace(RULES, attendance_share=Decimal(0))
    outcome = compute_outcome([SESSION], none, facts(attendance=Attendance(0, 20)))
    assert outcome.missing == (Missing("attend_session", 3),)
    assert compute_outcome([SESSION], RULES, facts(attendance=Attendance(1, 1))).status == "completed"


def test_the_percent_is_rounded_down_and_is_nought_where_nothing_is_required():
    items = [CompletionItem(pk, pk, "lesson") for pk in (1, 2, 3)]
    assert [compute_outcome(items, RULES, facts(done=done)).percent for done in ({1}, {1, 2})] == [33, 66]
    alone = compute_outcome([replace(LESSON, required=False)], RULES, facts(attendance=Attendance(0, 5)))
    assert (alone.percent, alone.status, alone.next_item_id) == (0, "enrolled", None)


@pytest.mark.parametrize(
    "begun", [{"done": {9}}, {"doing": {9}}, {"marks": {9: Decimal(1)}}, {"attendance": Attendance(1, 20)}]
)
def test_anything_done_at_all_is_a_beginning(begun):
    assert compute_outcome([LESSON], RULES, facts(**begun)).status == "in_progress"


def test_a_mark_that_waits_is_missing_of_what_is_required_and_done():
    essay = CompletionItem(4, 4, "essay", counts=True)
    items = [essay, replace(essay, id=5, required=False), replace(essay, id=6), replace(SESSION, counts=True)]
    outcome = compute_outcome(items, RULES, facts(done={4, 5}, attendance=Attendance(8, 10)))
    assert outcome.missing == (Missing("pass_essay", 6), Missing("mark_pending", 3), Missing("mark_pending", 4))
    marked = compute_outcome(items, RULES, facts(done={4, 5}, marks={4: Decimal(8)}, attendance=Attendance(8, 10)))
    assert marked.missing == (Missing("pass_essay", 6), Missing("mark_pending", 3))


@pytest.mark.parametrize(
    ("kept", "given_mark", "score", "band"),
    [
        (None, None, None, "good"),
        (None, "6", "6.00", "average"),
        ("7", None, "7", "good"),
        ("7", "7", "7", "good"),
        ("7", "6.99", "7", "good"),
        ("7", "7.01", "7.01", "good"),
        ("4", None, "4", "good"),
    ],
)
def test_an_earned_mark_is_kept_unless_a_better_one_came(kept, given_mark, score, band):
    earned = Earned(None if kept is None else Decimal(kept), "good")
    marks_now = {} if given_mark is None else {2: Decimal(given_mark)}
    outcome = compute_outcome([EXAM], RULES, facts(earned=earned, marks=marks_now, ended=True))
    assert outcome == CompletionOutcome("completed", 100, None if score is None else Decimal(score), band, (), None)


def test_what_is_earned_says_which_parts_are_done():
    items = [replace(LESSON, module_kind="theory"), replace(EXAM, module_kind="professional")]
    outcome = compute_outcome(items, RULES, facts(done={1}, earned=Earned()))
    assert (outcome.kinds_done, outcome.status, outcome.missing) == ({"theory"}, "completed", ())
    for known in (facts(done={1}, ended=True), facts(done={1}), facts(done={1, 2}, marks={2: Decimal(9)})):
        assert compute_outcome(items, RULES, known).kinds_done == {"theory"} | (
            {"professional"} if 2 in known.done else set()
        )


def test_the_class_being_over_leaves_the_mark_and_what_is_missing_to_be_read():
    outcome = compute_outcome([LESSON, EXAM], RULES, facts(ended=True, done={2}, marks={2: Decimal(8)}))
    assert outcome == CompletionOutcome("failed", 50, Decimal("8.00"), "", (Missing("read_lesson", 1),), None)


@pytest.mark.parametrize(
    ("known", "status"),
    [
        ({"closed": {2}}, "in_progress"),  # the lesson can still be read
        ({"closed": {1, 2}}, "failed"),
        ({"done": {1, 2}, "marks": {2: Decimal(3)}}, "in_progress"),  # a better mark can still be had
        ({"done": {1, 2}, "marks": {2: Decimal(3)}, "closed": {2}}, "failed"),
        ({"done": {1, 2}, "marks": {2: Decimal(3)}, "closed": {1}}, "in_progress"),
        ({"done": {1, 2}, "closed": {2}}, "in_progress"),  # the mark is still to come
        ({"done": {1, 2}, "marks": {2: Decimal(5)}, "closed": {2}}, "completed"),
    ],
)
def test_a_learner_fails_when_nothing_is_left_to_do(known, status):
    assert compute_outcome([LESSON, EXAM], RULES, facts(doing={1}, **known)).status == status


def test_one_counting_item_that_can_be_improved_keeps_the_way_open():
    items = [EXAM, CompletionItem(5, 5, "exam", counts=True), CompletionItem(6, 6, "exam")]
    low = facts(done={2, 5, 6}, marks={2: Decimal(3), 5: Decimal(3)}, closed={2})
    assert (compute_outcome(items, RULES, low).status, compute_outcome(items, RULES, low).next_item_id) == (
        "in_progress",
        5,
    )
    assert compute_outcome(items, RULES, replace(low, closed=frozenset({2, 5}))).status == "failed"


def test_closed_items_and_items_that_are_no_exam_are_not_the_next_step():
    items = [EXAM, SESSION, CompletionItem(4, 4, "lesson")]
    assert compute_outcome(items, RULES, facts(closed={2})).next_item_id == 4
    assert compute_outcome(items, RULES, facts(closed={2}, done={4})).next_item_id == 3
    essay = CompletionItem(7, 7, "essay", counts=True)
    low = facts(done={7, 8}, marks={7: Decimal(2), 8: Decimal(2)})
    plain = CompletionItem(8, 8, "exam")
    assert (
        compute_outcome([essay, plain], RULES, low).status,
        compute_outcome([essay, plain], RULES, low).next_item_id,
    ) == (
        "in_progress",
        None,
    )


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
