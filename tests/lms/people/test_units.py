"""Units made and dissolved."""

import datetime as dt

import pytest

from lms.audit.models import AuditEntry
from lms.people.models import Unit, UnitSuccession
from lms.people.services.reform import dissolve
from lms.people.services.units import UnitError, create_unit
from tests.factories.people import make_unit

pytestmark = pytest.mark.django_db
REFORM = dt.date(2025, 7, 1)


def test_create_unit_with_the_communes_it_serves():
    province = make_unit(kind="province")
    communes = [make_unit(province, kind="commune") for _number in range(2)]
    make_unit(kind="centre")
    centre = create_unit(
        parent=province, name=" Trung tâm  chính trị Kim Liên", kind="centre", code="C1", serves=communes, actor=None
    )
    centre = Unit.objects.get(pk=centre.pk)
    assert (centre.name, centre.get_parent()) == ("Trung tâm chính trị Kim Liên", province)
    assert set(centre.serves.all()) == set(communes)
    assert Unit.objects.get(pk=province.pk).numchild == 3
    assert Unit.find_problems() == ([], [], [], [], [])
    assert AuditEntry.objects.values_list("action", "target").get() == ("units.created", f"unit:{centre.pk}")


def test_create_root():
    make_unit(kind="central")
    assert create_unit(parent=None, name="Gốc", kind="central").depth == 1


@pytest.mark.parametrize(
    ("change", "code"),
    [({"name": " "}, "no_name"), ({"kind": "kingdom"}, "unknown_kind"), ({"code": "7"}, "code_taken")],
)
def test_create_unit_refuses(change, code):
    make_unit(kind="centre", code="7")
    with pytest.raises(UnitError) as caught:
        create_unit(**{"parent": None, "name": "Tên", "kind": "centre", "actor": None, **change})
    assert caught.value.code == code
    assert Unit.objects.count() == 1


def test_dissolve_keeps_the_unit_and_names_its_heirs():
    province = make_unit(kind="province", valid_from=dt.date(1997, 1, 1))
    district, heir, other = (make_unit(province, kind="district") for _number in range(3))
    dissolve(unit=district, on=REFORM, successors=[heir, other], decision="1656/NQ-UBTVQH15", actor=None)
    assert district.valid_to == REFORM
    assert set(Unit.objects.get(pk=district.pk).successors.all()) == {heir, other}
    assert set(UnitSuccession.objects.values_list("decision", flat=True)) == {"1656/NQ-UBTVQH15"}
    assert district in Unit.objects.current(dt.date(2025, 6, 30))
    assert district not in Unit.objects.current(REFORM)


def test_dissolve_refuses():
    one, two, three = (make_unit(valid_from=dt.date(2020, 1, 1)) for _number in range(3))
    dissolve(unit=one, on=REFORM, successors=[two], actor=None)
    dissolve(unit=two, on=REFORM, successors=[three], actor=None)
    cases = [
        (one, REFORM, [], "already_dissolved"),
        (three, dt.date(2020, 1, 1), [], "before_founding"),
        (three, REFORM, [three], "own_successor"),
        (three, REFORM, [one], "own_successor"),
    ]
    for unit, day, heirs, code in cases:
        with pytest.raises(UnitError) as caught:
            dissolve(unit=unit, on=day, successors=heirs, actor=None)
        assert caught.value.code == code
    assert Unit.objects.get(pk=three.pk).valid_to is None
