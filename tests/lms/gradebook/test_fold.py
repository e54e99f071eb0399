"""The grade fold: rows of the ledger become one mark on 10 for each item."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.gradebook.fold import MarkEntry, attempts_made, item_marks, standing_entries


def entries(*marks):
    return [
        MarkEntry(id=pk, item_id=1, points=Decimal(mark), max_points=Decimal(10)) for pk, mark in enumerate(marks, 1)
    ]


@pytest.mark.parametrize(("rule", "mark"), [("best", 8), ("first", 5), ("last", 6)])
def test_the_exam_says_which_attempt_counts(rule, mark):
    assert item_marks(entries(5, 8, 6), {1: rule}) == {1: Decimal(mark)}


def test_a_correction_takes_the_place_of_what_it_replaces():
    rows = [
        *entries(5, 8),
        MarkEntry(3, 1, Decimal(2), Decimal(4), replaces=1),
        MarkEntry(4, 1, Decimal(9), Decimal(10), replaces=3),
    ]
    assert [item_marks(rows, {1: rule})[1] for rule in ("first", "last", "best")] == [9, 8, 9]
    assert attempts_made(rows) == {1: 2}


@given(st.lists(st.integers(0, 10), min_size=1, max_size=8), st.sampled_from(["best", "first", "last"]), st.randoms())
def test_the_order_of_reading_does_not_matter_and_the_mark_is_one_that_was_given(marks, rule, random):
    rows = entries(*marks)
    shuffled = list(rows)
    random.shuffle(shuffled)
    mark = item_marks(rows, {1: rule})[1]
    assert mark == item_marks(shuffled, {1: rule})[1]
    assert mark in [Decimal(one) for one in marks]
    assert rule != "best" or mark == max(marks)


def row(pk, item=1, points=5, out_of=10, **fields):
    return MarkEntry(pk, item, Decimal(points), Decimal(out_of), **fields)


def test_a_mark_is_on_ten_whatever_the_points_are_out_of():
    assert [row(1, points=3, out_of=4).mark, row(2, points=0).mark, row(3, points=40, out_of=40).mark] == [
        Decimal("7.5"), 0, 10,
    ]  # fmt: skip


def test_items_are_folded_apart_and_the_best_counts_where_no_rule_is_given():
    rows = [row(1, item=7, points=4), row(2, item=8, points=9), row(3, item=7, points=6), row(4, item=8, points=2)]
    assert item_marks(rows, {8: "last"}) == {7: Decimal(6), 8: Decimal(2)}
    assert item_marks(rows, {}) == {7: Decimal(6), 8: Decimal(9)}
    assert item_marks(rows, {7: "first", 8: "first"}) == {7: Decimal(4), 8: Decimal(9)}
    assert item_marks([], {}) == {}


def test_the_first_row_is_the_one_with_the_lowest_number_however_they_are_read():
    rows = [row(9, points=1), row(10, points=2), row(8, points=3)]
    assert [item_marks(rows, {1: rule})[1] for rule in ("first", "last")] == [3, 2]


def test_a_correction_of_a_correction_goes_back_to_the_first_row():
    rows = [row(1), row(2), row(3, replaces=1), row(4, replaces=3), row(5, replaces=2)]
    assert [(root, entry.id) for root, entry in standing_entries(rows)] == [(1, 4), (2, 5)]


def test_a_correction_of_a_row_that_is_not_there_stands_for_itself():
    rows = [row(5, replaces=2), row(6)]
    assert [(root, entry.id) for root, entry in standing_entries(rows)] == [(5, 5), (6, 6)]


def test_two_corrections_of_one_row_stand_in_the_order_in_which_they_were_read():
    rows = [row(1), row(3, replaces=1), row(2, replaces=1)]
    assert [(root, entry.id) for root, entry in standing_entries(rows)] == [(1, 3), (1, 2)]


def test_a_void_row_takes_out_what_it_replaces_and_counts_for_nothing():
    rows = [row(1, points=9), row(2, points=4), row(3, points=9, replaces=1, void=True)]
    assert item_marks(rows, {}) == {1: Decimal(4)}
    assert attempts_made(rows) == {1: 1}
    assert item_marks([row(1), row(2, replaces=1, void=True)], {}) == {}
    assert attempts_made([row(1), row(2, replaces=1, void=True)]) == {}


def test_what_is_entered_by_hand_is_no_attempt_and_attempts_are_counted_by_item():
    rows = [
        row(1, item=7),
        row(2, item=7, is_attempt=False),
        row(3, item=8),
        row(4, item=7),
        row(5, item=7, replaces=4),
        row(6, item=9, is_attempt=False),
    ]
    assert attempts_made(rows) == {7: 2, 8: 1}
    assert attempts_made(iter(rows)) == {7: 2, 8: 1}
