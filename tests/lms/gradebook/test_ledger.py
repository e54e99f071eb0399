"""The ledger of marks: its rows, and the one mark an item that they give."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.gradebook.fold import MarkEntry, attempts_made, item_marks
from lms.gradebook.models import LedgerSource
from lms.gradebook.services.ledger import post
from tests.factories.learning import make_study

pytestmark = pytest.mark.django_db


def test_post_joins_the_exam_and_its_attempt_once():
    study = make_study()
    entry = post(
        enrolment_id=study.enrolment.pk,
        item_id=study.items("exam")[0].pk,
        points=Decimal(3),
        max_points=Decimal(5),
        source=LedgerSource.EXAM,
    )
    assert (entry.points, entry.max_points, entry.replaces) == (Decimal(3), Decimal(5), None)


# --- The fold ---


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
