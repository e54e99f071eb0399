"""The pure rules of marking."""

import itertools
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.exams.engine.marking import (
    Work,
    distribute,
    draw_code,
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
