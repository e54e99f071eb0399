"""Settling: faster, never different, whatever happens at once."""

from __future__ import annotations

import datetime as dt
import random
import threading

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, connections, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lms.classes.enums import ClassState
from lms.classes.models import ClassTally, TrainingClass
from lms.classes.services.classes import cancel_class, edit_class, open_class, reopen_class
from lms.classes.services.tallies import run_proofs, shift
from lms.people.services.heirs import settle_heirs
from lms.people.services.reform import dissolve
from lms.reports.models import SettledTally, TallyMark, UnitTally
from lms.reports.queries import GROUPS, TREES, Filters, rollup, spans
from lms.reports.services.settling import rebuild, settle
from tests.factories.classes import make_class
from tests.factories.people import make_unit, make_user
from tests.factories.programmes import make_edition
from tests.lms.reports.conftest import add_class

pytestmark = pytest.mark.django_db
on_postgresql = pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one writer in at a time")


def everything(world):
    """Every kind of roll-up, of the whole tree and of a unit with classes of its own and below."""
    years = (None, world.year)
    return {
        (unit.name, year, kind, tree, group): rollup(
            unit=unit, filters=Filters(year=year, module_kind=kind, tree=tree), group_by=group
        )
        for unit in (world.root, world.an)
        for year in years
        for kind in (None, "professional")
        for tree in TREES
        for group in GROUPS
    }


def test_settling_changes_no_figure_and_may_be_repeated(country):
    before = everything(country)
    assert settle() == 6
    assert (TallyMark.objects.count(), SettledTally.objects.count()) == (0, 4)  # planned and cancelled do not count
    assert everything(country) == before
    assert settle() == 0


def test_the_sums_are_what_is_read_once_a_class_is_settled(country):
    settle()
    UnitTally.objects.filter(year=country.year - 1).update(completed=1000)
    assert rollup(unit=country.root, filters=Filters(year=country.year - 1)).total.completed == 1000


def test_every_change_shows_at_once_and_stays_when_settled(country):
    actor = make_user()
    settle()

    def classes():
        return [rollup(unit=country.root, filters=Filters(year=country.year - ago)).total.classes for ago in (0, 1, 2)]

    seen = [classes()]
    made = open_class(
        edition=country.cadres, unit=country.an_centre, name="Lớp ghi sau", actor=actor,
        starts_on=dt.date(country.year - 1, 5, 1), ends_on=dt.date(country.year - 1, 5, 9),
    ).training_class  # fmt: skip
    seen.append(classes())
    settle()
    edit_class(training_class=made, actor=actor, starts_on=dt.date(country.year - 2, 5, 1))
    seen.append(classes())
    settle()
    cancel_class(training_class=made, actor=actor)
    seen.append(classes())
    settle()
    reopen_class(training_class=country.binh_centre.classes.get(state=ClassState.CLOSED), actor=actor)
    seen.append(classes())
    settle()
    seen.append(classes())
    assert seen == [[2, 1, 1], [2, 2, 1], [2, 1, 2], [2, 1, 1], [2, 1, 1], [2, 1, 1]]
    assert run_proofs() == []


def test_the_choices_of_years_and_programmes_come_from_sums_and_marks(country):
    marked = spans(unit=country.root)
    settle()
    years = [country.year, country.year - 1, country.year - 2]
    programmes = [
        (country.cadres.programme_id, "Công tác dân vận"),
        (country.party.programme_id, "Đảng viên mới"),
    ]
    assert (marked, spans(unit=country.root)) == ((years, programmes), (years, programmes))
    assert spans(unit=country.an_centre) == ([country.year], programmes[1:])


def test_the_command_proves_the_sums_and_mends_them(country, capsys):
    settle()
    ClassTally.objects.all().delete()  # the figures of these tests stand for no enrolments
    for row in TrainingClass.objects.all():
        shift(class_id=row.pk, slot=0, changes={"completed": 0})
    rebuild()
    call_command("recount_tallies")
    UnitTally.objects.filter(unit=country.root, year=country.year).update(completed=5, classes=9)
    SettledTally.objects.filter(unit=country.an_centre).delete()
    with pytest.raises(CommandError):
        call_command("recount_tallies")
    call_command("recount_tallies", "--fix")
    call_command("recount_tallies")
    assert capsys.readouterr().out.strip().endswith("Every tally is exact.")
    assert rollup(unit=country.root, filters=Filters(year=country.year)).total.classes == 2


figures = st.fixed_dictionaries(
    {}, optional={name: st.integers(1, 9) for name in ("enrolled", "in_progress", "completed", "failed", "withdrawn")}
)
acts = st.lists(
    st.one_of(
        st.tuples(
            st.just("class"),
            st.sampled_from(["root", "an", "an_centre", "binh_centre"]),
            st.sampled_from(["party", "cadres"]),
            st.integers(0, 2),
            st.sampled_from(ClassState.values),
            figures,
        ),
        st.tuples(st.just("move"), st.integers(0, 5), figures),
        st.tuples(st.just("state"), st.integers(0, 5), st.sampled_from(ClassState.values)),
        st.tuples(st.just("dissolve"), st.sampled_from(["an_centre", "binh_centre", "binh"])),
        st.tuples(st.just("settle")),
    ),
    max_size=8,
)


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts)
def test_sums_equal_a_build_from_nothing_after_any_acts(country, drawn):
    with transaction.atomic():
        for act, *details in drawn:
            perform(country, act, details)
        before = everything(country)
        settle()
        assert everything(country) == before
        assert run_proofs() == []
        rebuild()
        assert everything(country) == before
        for group in ("programme", "year"):
            totals = {rollup(unit=country.root, filters=Filters(tree=tree), group_by=group).total.enrolled
                      for tree in TREES}  # fmt: skip
            assert len(totals) == 1
        transaction.set_rollback(True)


def perform(world, act, details):
    classes = list(TrainingClass.objects.order_by("pk"))
    if act == "class":
        unit, edition, ago, state, counts = details
        add_class(getattr(world, unit), getattr(world, edition), world.year - ago, state=state, **counts)
    elif act == "move":
        shift(class_id=classes[details[0] % len(classes)].pk, slot=0, changes=details[1])
    elif act == "state":
        row = classes[details[0] % len(classes)]
        TrainingClass.objects.filter(pk=row.pk).update(state=details[1])
        shift(class_id=row.pk, slot=0, changes={"completed": 1})
    elif act == "dissolve":
        unit = getattr(world, details[0])
        unit.refresh_from_db()
        if unit.valid_to is None:
            dissolve(unit=unit, on=dt.date(world.year, 1, 1), successors=[world.empty], actor=None)
    else:
        settle()


@on_postgresql
@pytest.mark.django_db(transaction=True)
def test_moves_settlers_and_readers_at_once_never_lose_or_invent_anybody():  # noqa: C901 (four kinds of threads)
    """Six writers move people between statuses, two settle, two read: the sum of all statuses never changes."""
    root = make_unit(kind="central")
    centre = make_unit(root)
    edition = make_edition(unit=root)
    made = [make_class(centre, edition) for _number in range(6)]
    for row in made:
        shift(class_id=row.pk, slot=0, changes={"enrolled": 100})
    stop, wrong = threading.Event(), []

    def write(row):
        rng = random.Random(row.pk)
        for _number in range(40):
            source, target = rng.sample(["enrolled", "in_progress", "completed", "failed"], 2)
            with transaction.atomic():
                shift(class_id=row.pk, slot=0, changes={source: -1, target: 1})

    def settle_often():
        while not stop.is_set():
            settle()

    def read():
        while not stop.is_set():
            for group in ("unit", "year"):
                total = rollup(unit=root, filters=Filters(), group_by=group).total
                if (total.classes, total.enrolled) != (6, 600):
                    wrong.append(total)

    def run(act, *args):
        try:
            act(*args)
        except Exception as error:  # noqa: BLE001 (what a thread raised is the result)
            wrong.append(error)
        finally:
            connections.close_all()

    writers = [threading.Thread(target=run, args=(write, row)) for row in made]
    others = [threading.Thread(target=run, args=(act,)) for act in (settle_often, settle_often, read, read)]
    for thread in [*writers, *others]:
        thread.start()
    for thread in writers:
        thread.join()
    stop.set()
    for thread in others:
        thread.join()
    assert wrong == []
    assert run_proofs() == []
    settle()
    assert (TallyMark.objects.count(), run_proofs()) == (0, [])
    assert rollup(unit=root, filters=Filters()).total.enrolled == 600


@on_postgresql
@pytest.mark.django_db(transaction=True)
def test_a_move_waits_for_nobody_who_settles_or_proves():
    """A writer gets through while a settler holds the lock with its work uncommitted."""
    made = make_class(make_unit(kind="central"))
    shift(class_id=made.pk, slot=0, changes={"enrolled": 2})
    done = []

    def write():
        shift(class_id=made.pk, slot=0, changes={"enrolled": -1, "completed": 1})
        done.append(True)
        connections.close_all()

    with transaction.atomic():
        settle()
        writer = threading.Thread(target=write)
        writer.start()
        writer.join(timeout=20)
        assert done == [True]
    assert rollup(unit=made.unit, filters=Filters()).total.completed == 1
    settle()
    assert (rollup(unit=made.unit, filters=Filters()).total.completed, run_proofs()) == (1, [])


def test_a_dissolution_in_the_future_counts_from_its_day(country):
    dissolve(unit=country.an_centre, on=dt.date(country.year + 1, 1, 1), successors=[country.binh_centre], actor=None)
    settle()
    assert rollup(unit=country.binh, filters=Filters(year=country.year)).total.classes == 0
    assert settle_heirs(on=dt.date(country.year + 1, 1, 1)) == [country.an_centre.pk]
    assert rollup(unit=country.binh, filters=Filters(year=country.year)).total.classes == 1
