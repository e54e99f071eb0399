"""Sums over the unit tree, grouped and narrowed; exact whole results."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from lms.classes.enums import ClassState
from lms.reports.queries import Filters, rollup
from lms.reports.rollup import FIELDS, Sums, add_up, share
from lms.reports.services.settling import settle
from tests.lms.reports.conftest import add_class

pytestmark = pytest.mark.django_db

AN_CENTRE = Sums(
    classes=1, not_started=2, in_progress=5, completed=3, good=2, excellent=1, theory_learners=10, theory_done=4
)
AN_ITSELF = Sums(
    classes=1,
    in_progress=4,
    withdrawn=1,
    theory_learners=4,
    theory_done=2,
    professional_learners=4,
    professional_done=1,
)
LAST_YEAR = Sums(classes=1, completed=9, failed=1, very_good=9, theory_learners=10, theory_done=9)
BEFORE = Sums(
    classes=1, completed=6, average=6, theory_learners=6, theory_done=6, professional_learners=6, professional_done=6
)


def lines(table):
    return [(row.label, row.sums, row.can_open) for row in table.rows]


@pytest.fixture(params=["marked", "settled"])
def world(request, country):
    """The country with every class marked, and then again with all of them settled: nothing may differ."""
    if request.param == "settled":
        assert settle() == 6
    return country


def test_by_unit_every_child_in_vietnamese_order_also_those_without_classes(world):
    table = rollup(unit=world.root, filters=Filters())
    assert lines(table) == [
        ("Tỉnh Ân Hòa", Sums(), True),
        ("Tỉnh Bình An", add_up([LAST_YEAR, BEFORE]), True),
        ("Tỉnh Đồng An", add_up([AN_CENTRE, AN_ITSELF]), True),
    ]
    assert table.total == add_up([AN_CENTRE, AN_ITSELF, LAST_YEAR, BEFORE])


def test_classes_that_a_unit_holds_itself_have_a_row_of_their_own(world):
    assert lines(rollup(unit=world.an, filters=Filters())) == [
        ("Tỉnh Đồng An", AN_ITSELF, False),
        ("Trung tâm Đồng An", AN_CENTRE, True),
    ]
    assert lines(rollup(unit=world.binh_centre, filters=Filters())) == [
        ("Trung tâm Bình An", add_up([LAST_YEAR, BEFORE]), False)
    ]


def test_by_programme_and_by_year(world):
    assert lines(rollup(unit=world.root, filters=Filters(), group_by="programme")) == [
        ("Công tác dân vận", add_up([AN_ITSELF, BEFORE]), True),
        ("Đảng viên mới", add_up([AN_CENTRE, LAST_YEAR]), True),
    ]
    assert lines(rollup(unit=world.root, filters=Filters(), group_by="year")) == [
        (str(world.year), add_up([AN_CENTRE, AN_ITSELF]), True),
        (str(world.year - 1), LAST_YEAR, True),
        (str(world.year - 2), BEFORE, True),
    ]


def test_by_kind_counts_who_has_done_all_of_the_kind(world):
    table = rollup(unit=world.root, filters=Filters(), group_by="kind")
    assert [(row.key, row.sums, row.can_open) for row in table.rows] == [
        ("theory", Sums(in_progress=9, completed=21), True),
        ("professional", Sums(in_progress=3, completed=7), True),
    ]


def test_filters_narrow_every_grouping_alike(world):
    cases = {
        "year": (Filters(year=world.year - 1), LAST_YEAR),
        "programme": (Filters(programme_id=world.cadres.programme_id), add_up([AN_ITSELF, BEFORE])),
        "kind": (Filters(module_kind="professional"), add_up([AN_ITSELF, BEFORE])),
        "all": (Filters(world.year, world.cadres.programme_id, "theory"), AN_ITSELF),
        "nothing": (Filters(year=1990), Sums()),
    }
    found = {
        name: [
            rollup(unit=world.root, filters=filters, group_by=group).total for group in ("unit", "programme", "year")
        ]
        for name, (filters, _expected) in cases.items()
    }
    assert found == {name: [expected] * 3 for name, (_filters, expected) in cases.items()}


@pytest.mark.parametrize("settled", [False, True])
def test_a_class_without_anybody_still_counts_as_a_class(country, settled):
    add_class(country.binh_centre, country.cadres, country.year - 1, state=ClassState.CLOSED)
    if settled:
        settle()
    for kind in (None, "theory", "professional"):
        table = rollup(unit=country.binh, filters=Filters(country.year - 1, module_kind=kind), group_by="programme")
        assert [row.sums.classes for row in table.rows if row.label == "Công tác dân vận"] == [1]


def test_an_unknown_grouping_is_an_error_of_the_caller(country):
    with pytest.raises(ValueError, match="group_by"):
        rollup(unit=country.root, group_by="colour")


def test_the_cost_does_not_depend_on_the_number_of_children(country, django_assert_num_queries):
    for _round in range(2):
        with django_assert_num_queries(5):
            rollup(unit=country.an, filters=Filters())
        with django_assert_num_queries(5):
            rollup(unit=country.root, filters=Filters())
        settle()


def test_arithmetic():
    sums = Sums(not_started=1, in_progress=2, completed=1, failed=2, withdrawn=3, very_good=1)
    assert (sums.enrolled, sums.studying, sums.completion_percent) == (9, 6, Decimal("16.7"))
    assert (sums.top_percent, Sums().completion_percent, share(1, 8)) == (Decimal("100.0"), None, Decimal("12.5"))
    assert replace(sums).add({"completed": None, "failed": 4}) == replace(sums, failed=6)
    assert len(FIELDS) == 14
