"""Figures across the reform of 2025: as it was and as it is now, with one total."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from lms.classes.models import Enrolment, TrainingClass
from lms.common.clock import today
from lms.people.models import Unit
from lms.people.services.country import former_code, load_country
from lms.people.services.reform import dissolve
from lms.people.services.units import create_unit
from lms.reports.people import LearnerFilters, enrolments
from lms.reports.queries import TREES, Filters, counting_in, rollup
from lms.reports.services.settling import settle
from tests.factories.classes import make_class, make_enrolment
from tests.factories.people import grant, make_unit, make_user
from tests.factories.programmes import make_edition, make_programme_page

pytestmark = pytest.mark.django_db
THEORY = (("theory", "Lý luận", ("Bài 1",)),)


def by_unit(unit, tree, **filters):
    """Classes by label, rows with any."""
    table = rollup(unit=unit, filters=Filters(tree=tree, **filters))
    return {row.label: row.sums.classes for row in table.rows if row.sums.classes}


@pytest.mark.parametrize("settled", [False, True])
def test_the_reform_of_2025(settled):
    """Nam Định became part of Ninh Bình; its district Hải Hậu went over to communes, which a centre serves."""
    load_country(centres=30)
    root = Unit.objects.get(depth=1)
    nam_dinh = Unit.objects.get(kind="province", code=former_code(36))
    ninh_binh = Unit.objects.current().get(kind="province", short_name="Ninh Bình")
    hai_hau = Unit.objects.get(kind="district", name="Huyện Hải Hậu")
    assert hai_hau.is_child_of(nam_dinh)
    edition = make_edition(make_programme_page(root, title="Đảng viên mới", modules=THEORY))
    for unit in (nam_dinh, hai_hau, hai_hau, ninh_binh):
        make_enrolment(make_class(unit, edition, starts_on=dt.date(2024, 3, 1)))
    if settled:
        settle()
    centre = hai_hau.heir
    assert (centre.kind_id, centre.is_child_of(ninh_binh)) == ("centre", True)
    assert hai_hau.successions.get(principal=True).successor in centre.serves.all()
    assert by_unit(root, "then") == {"Tỉnh Nam Định": 3, "Tỉnh Ninh Bình": 1}
    assert by_unit(root, "now") == {"Tỉnh Ninh Bình": 4}
    assert by_unit(nam_dinh, "then") == {"Tỉnh Nam Định": 1, "Huyện Hải Hậu": 2}
    assert by_unit(nam_dinh, "now") == {}
    assert by_unit(ninh_binh, "then") == {"Tỉnh Ninh Bình": 1}
    assert by_unit(ninh_binh, "now") == {"Tỉnh Ninh Bình": 2, centre.name: 2}
    assert by_unit(centre, "now") == {centre.name: 2}
    for group in ("unit", "programme", "year"):
        then, now = (rollup(unit=root, filters=Filters(tree=tree), group_by=group).total for tree in TREES)
        assert then == now
        assert (then.classes, then.enrolled) == (4, 4)
    call_command("recount_tallies")


def test_a_unit_that_is_split_goes_whole_to_its_principal_successor():
    root = make_unit(kind="central")
    old, first, second = (make_unit(root, name) for name in ("Cũ", "Một", "Hai"))
    make_class(old)
    dissolve(unit=old, on=today(), successors=[second, first], actor=None)
    assert list(old.successions.order_by("pk").values_list("successor__name", "principal")) == [
        ("Hai", True),
        ("Một", False),
    ]
    assert (by_unit(root, "now"), by_unit(root, "then")) == ({"Hai": 1}, {"Cũ": 1})


def test_the_way_goes_through_successors_to_a_unit_in_force_and_a_unit_without_any_keeps_its_figures():
    root = make_unit(kind="central")
    one, two, three, alone = (make_unit(root, name) for name in ("Một", "Hai", "Ba", "Lẻ"))
    for unit in (one, two, alone):
        make_class(unit)
    settle()
    dissolve(unit=one, on=today() - dt.timedelta(days=9), successors=[two], actor=None)
    dissolve(unit=two, on=today(), successors=[three], actor=None)
    dissolve(unit=alone, on=today(), successors=[], actor=None)
    assert by_unit(root, "now") == {"Ba": 2, "Lẻ": 1}
    settle()
    assert by_unit(root, "now") == {"Ba": 2, "Lẻ": 1}
    assert by_unit(root, "then") == {"Một": 1, "Hai": 1, "Lẻ": 1}


def test_a_centre_that_is_made_later_takes_over_from_the_commune_it_serves():
    root = make_unit(kind="central")
    commune, district = make_unit(root, "Xã Yên", "commune"), make_unit(root, "Huyện Yên", "district")
    make_unit(root, "Trung tâm khác", "centre")
    make_class(district)
    dissolve(unit=district, on=today(), successors=[commune], actor=None)
    assert by_unit(root, "now") == {"Xã Yên": 1}
    create_unit(parent=root, name="Trung tâm Yên", kind="centre", serves=[commune], actor=None)
    assert by_unit(root, "now") == {"Trung tâm Yên": 1}


@pytest.fixture
def reformed():
    """A province that took over a centre of another one."""
    root = make_unit(kind="central")
    old, new = make_unit(root, "Tỉnh Cũ", "province"), make_unit(root, "Tỉnh Mới", "province")
    former, centre = make_unit(old, "Trung tâm Cũ"), make_unit(new, "Trung tâm Mới")
    held = make_enrolment(make_class(former)).training_class
    make_enrolment(make_class(centre))
    dissolve(unit=former, on=today(), successors=[centre], actor=None)
    dissolve(unit=old, on=today(), successors=[new], actor=None)
    former.refresh_from_db()
    manager, clerk = make_user("Mới Quản"), make_user("Cũ Quản")
    grant(manager, "provincial_manager", new)
    grant(clerk, "provincial_manager", old)
    return new, former, held, manager, clerk


def test_the_rows_behind_the_numbers_follow_the_tree(reformed):
    new, former, _held, manager, _clerk = reformed
    for tree, count in (("now", 2), ("then", 1)):
        assert TrainingClass.objects.filter(counting_in(new, tree)).count() == count
        found = enrolments(user=manager, unit=new, filters=LearnerFilters(base=Filters(tree=tree)))
        assert found.count() == count
        assert rollup(unit=new, filters=Filters(tree=tree)).total.enrolled == count
    own = LearnerFilters(base=Filters(tree="now"), own=True)
    assert enrolments(user=manager, unit=former.heir, filters=own).count() == 2
    assert enrolments(user=manager, unit=new, filters=own).count() == 0
    assert enrolments(user=manager, unit=former, filters=own).count() == 0


def test_the_heirs_managers_see_what_was_left_to_them_and_change_nothing_of_it(reformed):
    _new, former, held, manager, clerk = reformed
    assert held in TrainingClass.objects.visible_to(manager)
    assert Enrolment.objects.visible_to(manager).count() == 2
    assert former in Unit.objects.visible_to(manager)
    assert held not in TrainingClass.objects.manageable_by(manager)
    stranger = make_user()
    grant(stranger, "provincial_manager", make_unit(Unit.objects.get(depth=1), kind="province"))
    assert list(TrainingClass.objects.visible_to(stranger)) == []
    assert list(TrainingClass.objects.visible_to(clerk)) == [held]  # the old province's own, as before


def test_the_page_and_its_file_offer_both_trees(reformed):
    new, former, _held, manager, _clerk = reformed
    client = Client()
    client.force_login(manager)
    page = reverse("office:unit", args=[new.pk])
    assert client.get(page).context["sums"].classes == 2
    then = client.get(page, {"tree": "then", "year": "all"})
    assert then.context["sums"].classes == 1
    assert "tree=then" in then.context["rows"][0]["learners"]
    gone = client.get(reverse("office:unit", args=[former.pk]))
    assert (gone.context["heir"], gone.context["sums"].classes) == (former.heir, 0)
    export = reverse("office:unit-export", args=[new.pk, "csv"])
    files = [client.get(export, {"tree": tree}).getvalue().decode("utf-8-sig").splitlines()[-1] for tree in TREES]
    assert [line.split(";")[1] if ";" in line else line.split(",")[1] for line in files] == ["2", "1"]


def test_the_api_offers_both_trees(reformed):
    new, _former, _held, manager, _clerk = reformed
    client = Client()
    client.force_login(manager)
    url = reverse("api:unit-completion", args=[new.pk])
    bodies = {tree: client.get(url, {"tree": tree}).json() for tree in ("", *TREES)}
    assert {tree: (body["tree"], body["total"]["enrolled"]) for tree, body in bodies.items()} == {
        "": ("now", 2),
        "now": ("now", 2),
        "then": ("then", 1),
    }
    assert client.get(url, {"tree": "soon"}).json()["fields"] == {"tree": ["One of: now, then."]}
