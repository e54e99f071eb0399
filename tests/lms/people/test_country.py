"""The country's real tree."""

import datetime as dt

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Count

from lms.audit.models import AuditEntry
from lms.people.models import Unit, UnitKind, UnitSuccession
from lms.people.services.country import load_country
from tests.factories.people import make_unit

pytestmark = pytest.mark.django_db
REFORM = dt.date(2025, 7, 1)


def state():
    return (
        list(Unit.objects.values_list("pk", "path", "numchild", "kind", "code", "name", "valid_to")),
        list(Unit.serves.through.objects.order_by("pk").values_list()),
        list(UnitSuccession.objects.order_by("pk").values_list()),
        AuditEntry.objects.count(),
    )


def test_whole_country(capsys):
    call_command("load_units")
    assert capsys.readouterr().out.splitlines() == [
        "central: 1", "province: 97", "school: 34", "centre: 476", "commune: 3308", "special_zone: 13", "district: 696",
    ]  # fmt: skip
    assert Unit.find_problems() == ([], [], [], [], [])
    assert UnitKind.objects.count() == 7
    today = Unit.objects.current(REFORM).order_by().values_list("kind").annotate(Count("pk"))
    assert dict(today) == {
        "central": 1, "province": 34, "school": 34, "centre": 476, "commune": 3308, "special_zone": 13,
    }  # fmt: skip
    before = Unit.objects.current(dt.date(2025, 6, 30)).order_by().values_list("kind").annotate(Count("pk"))
    assert dict(before) == {"central": 1, "province": 63, "district": 696, "school": 34, "centre": 476}
    dissolved = Unit.objects.filter(valid_to=REFORM)
    assert dissolved.count() == 63 + 696
    assert not dissolved.filter(successors__isnull=True).exists()
    assert UnitSuccession.objects.count() == 64 + 3647 + 5

    nghe_an = Unit.objects.get(kind="province", code="40")
    assert (nghe_an.name, nghe_an.label, nghe_an.get_parent().name) == (
        "Tỉnh Nghệ An", "Nghệ An", "Ban Tuyên giáo và Dân vận Trung ương",
    )  # fmt: skip
    ha_giang = Unit.objects.get(kind="province", code="02/2025")
    assert (ha_giang.name, [unit.name for unit in ha_giang.successors.all()]) == ("Tỉnh Hà Giang", ["Tỉnh Tuyên Quang"])
    island = Unit.objects.get(kind="district", name="Huyện Côn Đảo")
    assert [unit.name for unit in island.successors.all()] == ["Đặc khu Côn Đảo"]
    assert island.get_parent().name == "Tỉnh Bà Rịa - Vũng Tàu"
    school = Unit.objects.get(kind="school", code="46")
    assert (school.name, school.get_parent().code) == ("Trường Chính trị thành phố Huế", "46")

    served = Unit.objects.filter(kind__in=["commune", "special_zone"]).annotate(centres=Count("served_by"))
    assert set(served.values_list("centres", flat=True)) == {1}
    sizes = set(Unit.objects.filter(kind="centre").annotate(n=Count("serves")).values_list("n", flat=True))
    assert sizes <= {6, 7, 8}
    stray = [c.name for c in Unit.objects.filter(kind="centre").prefetch_related("serves")[:60]
             if any(commune.path[:8] != c.path[:8] for commune in c.serves.all())]  # fmt: skip
    assert stray == []

    whole = state()
    call_command("load_units")
    assert capsys.readouterr().out == "Nothing to add.\n"
    assert state() == whole


def test_centres_may_be_added_later_under_an_existing_root():
    root = make_unit(kind="central", name="Ban của tôi")
    make_unit(root, kind="school", name="Học viện")
    first = load_country(centres=0)
    assert "centre" not in first
    assert "central" not in first
    assert load_country(centres=2) == {"centre": 68}
    assert load_country(centres=2) == {}
    assert Unit.objects.filter(depth=1).get() == root
    assert Unit.objects.get(pk=root.pk).numchild == 1 + 34 + 63
    assert Unit.find_problems() == ([], [], [], [], [])


def test_wrong_number_of_centres():
    with pytest.raises(CommandError, match="all, none or a number"):
        call_command("load_units", centres="many")
