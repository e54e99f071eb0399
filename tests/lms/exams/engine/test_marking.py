"""The pure rules of marking."""

import itertools
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.exams.engine.marking import (
    Settlement,
    Work,
    distribute,
    draw_code,
    half_up,
    merge_points,
    settle_marks,
    split_points,
    step_of,
)

cents = st.integers(0, 2000).map(lambda number: Decimal(number) / 100)
worths = st.integers(1, 2000).map(lambda number: Decimal(number) / 100)
shares = st.integers(0, 100).map(lambda number: Decimal(number) / 100)


@given(cents)
def test_one_marker_is_right_alone(total):
    assert settle_marks([total], worth=Decimal(1), tolerance=Decimal(0)).points == total


@given(cents, cents, worths, shares)
def test_two_markers_agree_within_the_tolerance_and_else_nobody_decides_for_them(one, other, worth, tolerance):
    found = settle_marks([one, other], worth=worth, tolerance=tolerance)
    assert found == settle_marks([other, one], worth=worth, tolerance=tolerance)
    assert found.difference == abs(one - other)
    assert (found.points is None) == (abs(one - other) > worth * tolerance)
    if found.points is not None:
        assert min(one, other) <= found.points <= max(one, other)
        exact = (one + other) / 2
        assert Decimal(0) <= found.points - exact < Decimal("0.01")  # half up: never below the mean
        assert found.points == found.points.quantize(Decimal("0.01"))


def test_the_mean_is_rounded_half_up():
    found = settle_marks([Decimal("2.12"), Decimal("2.13")], worth=Decimal(5), tolerance=Decimal("0.1"))
    assert found.points == Decimal("2.13")


def test_just_the_tolerance_is_within_it():
    def points(other):
        return settle_marks([Decimal(3), Decimal(other)], worth=Decimal(10), tolerance=Decimal("0.1")).points

    assert (points("4"), points("4.01")) == (Decimal("3.50"), None)


@given(cents, st.dictionaries(st.text("abc", min_size=1, max_size=2), st.integers(1, 9), min_size=1))
def test_split_points_add_up(total, parts):
    found = split_points(total, {name: Decimal(value) for name, value in parts.items()})
    assert sum(found.values()) == total
    whole = sum(parts.values())
    assert all(abs(value - total * parts[name] / whole) < Decimal("0.01") for name, value in found.items())


@given(st.lists(st.tuples(cents, cents), min_size=1, max_size=5))
def test_merged_criteria_add_up_to_what_counts(pairs):
    markings = [{str(n): pair[side] for n, pair in enumerate(pairs)} for side in (0, 1)]
    totals = [sum(one.values()) for one in markings]
    points = settle_marks(totals, worth=Decimal(1), tolerance=Decimal(10**6)).points
    assert sum(merge_points(markings, points).values()) == points


@pytest.mark.parametrize(
    ("most", "step"), [(["2.5", "1"], "0.25"), (["0.5", "0.3"], "0.1"), (["0.35", "1"], "0.05"), (["0.34"], "0.01")]
)
def test_arrows_reach_the_most(most, step):
    assert step_of([Decimal(one) for one in most]) == Decimal(step)


people = st.integers(1, 6)


@given(
    st.lists(st.tuples(st.sampled_from("xy"), st.frozensets(people, max_size=2)), max_size=40),
    st.lists(people, unique=True, max_size=6),
)
def test_work_is_dealt_out_to_all_who_may(rows, markers):
    works = [Work(number, question, barred) for number, (question, barred) in enumerate(rows)]
    given_out = distribute(works, markers, {})
    assert given_out == distribute(works, markers, {})
    for work in works:
        free = set(markers) - work.barred
        assert (work.ident in given_out) == bool(free)
        assert given_out.get(work.ident, next(iter(free), None)) in (free or {None})


@given(st.integers(0, 60), st.integers(1, 5), st.dictionaries(st.integers(1, 5), st.integers(0, 9)))
def test_work_is_spread_evenly(number, markers, before):
    names = list(range(1, markers + 1))
    loads = {(one, "x"): before.get(one, 0) for one in names}
    found = distribute([Work(n, "x", frozenset()) for n in range(number)], names, loads)
    counts = [loads[one, "x"] + list(found.values()).count(one) for one in names]
    grew = [count for one, count in zip(names, counts, strict=True) if count > loads[one, "x"]]
    assert all(top - low <= 1 for top in grew for low in counts)


def test_two_rounds_go_to_two_people():
    first = distribute([Work(n, "x", frozenset()) for n in range(10)], [1, 2, 3], {})
    loads = {(one, "x"): list(first.values()).count(one) for one in (1, 2, 3)}
    second = distribute([Work(n, "x", frozenset({first[n]})) for n in range(10)], [1, 2, 3], loads)
    assert all(first[n] != second[n] for n in range(10))
    both = [*first.values(), *second.values()]
    assert sorted(both.count(one) for one in (1, 2, 3)) == [6, 7, 7]


@given(st.integers(0, 2**62), st.lists(st.text("abcdef", min_size=4, max_size=8), unique=True, max_size=60))
def test_codes_are_free_and_the_same_again(seed, tokens):
    taken = []
    for token in tokens:
        code = draw_code(seed, token, taken, len(tokens))
        assert code == draw_code(seed, token, taken, len(tokens))
        assert 1 <= code <= 999
        assert code not in taken
        taken.append(code)


def test_codes_tell_nothing_of_the_order():
    taken = []
    for number in range(50):
        taken.append(draw_code(12345, f"token{number}", taken, 50))
    assert taken != sorted(taken)
    assert sum(a < b for a, b in itertools.pairwise(taken)) not in range(40, 50)


def points(*values):
    return [Decimal(value) for value in values]


def test_the_settlement_to_the_last_field():
    rule = {"worth": Decimal(4), "tolerance": Decimal("0.1")}
    assert settle_marks(points("3.333"), **rule) == Settlement(Decimal("3.33"), Decimal(0))
    assert settle_marks(points("3", "3.4"), **rule) == Settlement(Decimal("3.20"), Decimal("0.4"))
    assert settle_marks(points("3", "3.41"), **rule) == Settlement(None, Decimal("0.41"))
    assert settle_marks(points("3.41", "3"), **rule) == Settlement(None, Decimal("0.41"))
    with pytest.raises(ValueError, match=r"^nothing was marked$"):
        settle_marks([], **rule)
    assert [str(half_up(Decimal(value))) for value in ("2.125", "2.1249", "3")] == ["2.13", "2.12", "3.00"]


def test_what_is_left_over_goes_to_the_largest_remainders():
    thirds = {"a": Decimal(1), "b": Decimal(1), "c": Decimal(1)}
    assert split_points(Decimal("1.00"), thirds) == dict(zip("abc", points("0.34", "0.33", "0.33"), strict=True))
    assert split_points(Decimal("1.01"), thirds) == dict(zip("abc", points("0.34", "0.34", "0.33"), strict=True))
    uneven = {"a": Decimal("0.1"), "b": Decimal("0.6"), "c": Decimal("0.3")}
    assert split_points(Decimal("0.05"), uneven) == dict(zip("abc", points("0.01", "0.03", "0.01"), strict=True))
    assert split_points(Decimal(3), {"a": Decimal(0), "b": Decimal(2)}) == {"a": Decimal(0), "b": Decimal(3)}
    nothing = split_points(Decimal(3), {"a": Decimal(0), "b": Decimal(0)})
    assert {name: str(value) for name, value in nothing.items()} == {"a": "0.00", "b": "0.00"}
    assert split_points(Decimal(3), {}) == {}


def test_criteria_are_merged_by_their_means_and_one_that_was_left_out_is_nought():
    both = [{"a": Decimal(1), "b": Decimal(3)}, {"a": Decimal(2)}]
    assert merge_points(both, Decimal(3)) == {"a": Decimal("1.50"), "b": Decimal("1.50")}
    assert merge_points(both[:1], Decimal(4)) == {"a": Decimal(1), "b": Decimal(3)}


@pytest.mark.parametrize(
    ("highest", "step"),
    [(("1", "0.5"), "0.25"), (("1", "0.3"), "0.1"), (("0.35", "1"), "0.05"), (("0.33",), "0.01"), (("0.333",), "0.01")],
)
def test_arrows_take_the_coarsest_step_that_reaches_every_most(highest, step):
    assert step_of(points(*highest)) == Decimal(step)


def test_who_has_less_of_a_question_then_less_of_all_then_stands_first_marks_it():
    free = frozenset()
    one = [Work(1, "q", free)]
    assert distribute(one, [5, 4], {}) == {1: 5}
    assert distribute(one, [5, 4], {(5, "q"): 1}) == {1: 4}
    assert distribute(one, [5, 4], {(5, "other"): 1}) == {1: 4}
    assert distribute(one, [5, 4], {(5, "other"): 1, (4, "other"): 2, (9, "q"): 7}) == {1: 5}
    assert distribute(one, [5, 4], {(5, "q"): 1, (4, "q"): 0, (4, "other"): 9}) == {1: 4}


def test_work_that_nobody_may_do_is_left_out_and_the_next_is_dealt_out():
    works = [
        Work(1, "q", frozenset({4, 5})),
        Work(2, "q", frozenset({5})),
        Work(3, "q", frozenset()),
        Work(4, "r", frozenset()),
    ]
    loads = {(4, "r"): 0}
    assert distribute(works, [5, 4], loads) == {2: 4, 3: 5, 4: 5}
    assert loads == {(4, "r"): 0}
    assert distribute([Work(n, "q", frozenset()) for n in range(4)], [5, 4], {}) == {0: 5, 1: 4, 2: 5, 3: 4}


def test_a_code_is_this_number_for_ever():
    assert [draw_code(7, "a", taken, 10) for taken in ((), {987}, {987, 29})] == [987, 29, 427]
    assert draw_code(7, "b", (), 10) == 292


def test_there_are_at_least_three_numbers_for_each_paper():
    few = [draw_code(1, str(number), (), 333) for number in range(300)]
    more = [draw_code(1, str(number), (), 334) for number in range(300)]
    assert 1 <= min(few) <= max(few) <= 999 < max(more) <= 9999
    assert [draw_code(1, str(number), (), 334) for number in range(3)] == [8106, 7623, 9665]
    assert [draw_code(1, str(number), (), 4000) for number in range(3)] == [69351, 18477, 23021]
    crowd = set(range(1, 333))
    assert max(draw_code(1, str(number), crowd, 1) for number in range(300)) <= 999
    assert max(draw_code(1, str(number), {*crowd, 333, 334}, 1) for number in range(300)) > 999
