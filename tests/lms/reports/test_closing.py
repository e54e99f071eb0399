"""Closed years: faster, never different."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lms.classes.enums import ClassState
from lms.classes.models import ClassTally
from lms.classes.services.classes import edit_class, open_class, reopen_class
from lms.classes.services.tallies import shift
from lms.reports import services
from lms.reports.models import ClosedTally, YearClosing
from lms.reports.queries import GROUPS, Filters, rollup
from lms.reports.services import close_past_years, close_year
from tests.factories.people import make_user
from tests.lms.reports.conftest import add_class

pytestmark = pytest.mark.django_db


def closed():
    return sorted(YearClosing.objects.filter(closed_at__isnull=False).values_list("year", flat=True))


def everything(world):
    """Every kind of roll-up, of the whole tree and of a unit with classes of its own and below."""
    years = (None, world.year - 1)
    return {
        (unit.name, year, kind, group): rollup(unit=unit, filters=Filters(year=year, module_kind=kind), group_by=group)
        for unit in (world.root, world.an)
        for year in years
        for kind in (None, "professional")
        for group in GROUPS
    }


def test_closing_changes_no_figure_and_may_be_repeated(country):
    before = everything(country)
    assert close_past_years() == [country.year - 2, country.year - 1]
    assert closed() == [country.year - 2, country.year - 1]
    assert everything(country) == before
    assert close_past_years() == []


def test_the_sums_are_read_once_a_year_is_closed(country):
    close_past_years()
    ClosedTally.objects.filter(year=country.year - 1).update(completed=1000)
    assert rollup(unit=country.root, filters=Filters(year=country.year - 1)).total.completed == 1000


def test_this_year_and_the_future_are_never_closed(country):
    assert [close_year(country.year), close_year(country.year + 1)] == [False, False]
    assert (closed(), ClosedTally.objects.count()) == ([], 0)


def test_a_tally_that_moves_opens_its_year_again_and_only_that(country):
    close_past_years()
    late = ClassTally.objects.get(training_class__year=country.year - 1)
    shift(class_id=late.training_class_id, slot=0, changes={"failed": -1, "completed": 1})
    assert closed() == [country.year - 2]
    assert rollup(unit=country.root, filters=Filters(year=country.year - 1)).total.completed == 10
    assert close_past_years() == [country.year - 1]
    assert rollup(unit=country.root, filters=Filters(year=country.year - 1)).total.completed == 10


def test_a_class_that_appears_moves_or_changes_its_state_opens_the_years_it_touches(country):
    actor = make_user()
    close_past_years()
    made = open_class(
        edition=country.cadres, unit=country.an_centre, name="Lớp ghi sau", actor=actor,
        starts_on=dt.date(country.year - 1, 5, 1), ends_on=dt.date(country.year - 1, 5, 9),
    ).training_class  # fmt: skip
    assert closed() == [country.year - 2]
    assert rollup(unit=country.root, filters=Filters(year=country.year - 1)).total.classes == 2
    close_past_years()
    edit_class(training_class=made, actor=actor, starts_on=dt.date(country.year - 2, 5, 1))
    assert closed() == []
    assert [rollup(unit=country.root, filters=Filters(year=country.year - ago)).total.classes for ago in (1, 2)] == [
        1,
        2,
    ]
    close_past_years()
    ended = country.binh_centre.classes.get(year=country.year - 2, state=ClassState.CLOSED)
    reopen_class(training_class=ended, actor=actor)
    assert closed() == [country.year - 1]


def test_a_year_that_moves_while_it_is_added_up_stays_open(country, monkeypatch):
    year = country.year - 1
    moved = ClassTally.objects.get(training_class__year=year).training_class_id
    add_up = services._subtree_sums

    def disturbed(wanted):
        rows = add_up(wanted)
        services.reopen_year_of(moved)  # what another connection's transaction does meanwhile
        return rows

    monkeypatch.setattr(services, "_subtree_sums", disturbed)
    assert close_year(year) is False
    assert (closed(), ClosedTally.objects.count()) == ([], 0)


figures = st.fixed_dictionaries(
    {}, optional={name: st.integers(1, 9) for name in ("enrolled", "in_progress", "completed", "failed", "withdrawn")}
)
classes = st.lists(
    st.tuples(
        st.sampled_from(["root", "an", "an_centre", "binh_centre"]),
        st.sampled_from(["party", "cadres"]),
        st.integers(1, 2),
        st.sampled_from(ClassState.values),
        figures,
    ),
    max_size=5,
)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(classes)
def test_closing_never_changes_a_rollup(country, drawn):
    """Whatever stands in the past years (the classes of earlier examples stay: more to add up)."""
    for unit, edition, ago, state, counts in drawn:
        add_class(getattr(country, unit), getattr(country, edition), country.year - ago, state=state, **counts)
    YearClosing.objects.update(closed_at=None)
    before = everything(country)
    close_past_years()
    assert everything(country) == before
