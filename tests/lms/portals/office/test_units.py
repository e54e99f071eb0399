"""Pages on which units are kept: without JavaScript, with a preview, and back again."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from lms.audit.models import AuditEntry
from lms.classes.models import TrainingClass
from lms.common.clock import today
from lms.people.models import Membership, Unit
from tests.factories.cast import make_cast
from tests.factories.people import make_unit

pytestmark = pytest.mark.django_db


def client(user):
    made = Client()
    made.force_login(user)
    return made


@pytest.fixture
def world():
    cast = make_cast()
    heir = make_unit(cast.province, "Trung tâm Mới")
    commune = make_unit(cast.province, "Xã Một", "commune")
    cast.centre.serves.add(commune)
    return cast, heir, commune, client(cast.national_manager)


def page(unit, name):
    return reverse(f"office:unit-{name}", args=[unit.pk])


def facts(heir, **more):
    return {
        "on": today().isoformat(), "decision": "12-QĐ/TU", "principal": heir.pk, "move_roles": "on", **more
    }  # fmt: skip


def test_a_dissolution_is_shown_before_it_is_done_and_can_be_taken_back(world):
    cast, heir, commune, above = world
    shown = above.post(page(cast.centre, "dissolve"), facts(heir, act="preview"))
    assert (shown.status_code, shown.context["classes"], shown.context["running"]) == (200, 1, 1)
    assert [role.user for role in shown.context["preview"].roles] == [cast.lecturer, cast.centre_manager]
    assert Unit.objects.get(pk=cast.centre.pk).valid_to is None
    back = above.post(page(cast.centre, "dissolve"), facts(heir, act="back"))
    assert (back.status_code, back.context["form"]["decision"].value()) == (200, "12-QĐ/TU")
    done = above.post(page(cast.centre, "dissolve"), facts(heir, act="confirm"))
    assert done.status_code == 302
    centre = Unit.objects.get(pk=cast.centre.pk)
    assert (centre.valid_to, centre.heir, commune in heir.serves.all()) == (today(), heir, True)
    assert TrainingClass.objects.get(pk=cast.training_class.pk).unit == centre
    current = Membership.objects.current().filter(user=cast.centre_manager)
    assert [row.unit for row in current] == [heir]
    manager = client(cast.person("centre_manager"))
    assert manager.get(reverse("office:class", args=[cast.training_class.pk])).status_code == 200
    events = [event.text for event, _opens in above.get(page(cast.centre, "profile")).context["events"]]
    assert len(events) == 1
    assert above.post(page(cast.centre, "restore")).status_code == 302
    centre.refresh_from_db()
    assert (centre.valid_to, centre.heir, list(centre.successors.all())) == (None, None, [])
    assert [row.unit for row in Membership.objects.current().filter(user=cast.centre_manager)] == [centre]
    assert list(AuditEntry.objects.filter(target=f"unit:{centre.pk}").values_list("action", flat=True)) == [
        "units.dissolved", "units.restored",
    ]  # fmt: skip


def test_a_dissolution_on_which_another_one_stands_is_not_taken_back(world):
    cast, heir, _commune, above = world
    above.post(page(cast.centre, "dissolve"), facts(heir, act="confirm"))
    third = make_unit(cast.province, "Trung tâm Ba")
    above.post(page(heir, "dissolve"), facts(third, act="confirm"))
    assert above.get(page(cast.centre, "profile")).context["restore_problem"]
    above.post(page(cast.centre, "restore"))
    assert Unit.objects.get(pk=cast.centre.pk).valid_to == today()


def test_a_new_name_keeps_the_old_one(world):
    cast, _heir, _commune, above = world
    data = {"name": "Trung tâm A mới", "short_name": "TT A", "on": today().isoformat(), "decision": "1-QĐ"}
    assert above.post(page(cast.centre, "rename"), data).status_code == 302
    assert above.post(page(cast.centre, "rename"), data).status_code == 422
    later = data | {"name": "Khác", "on": (today() + dt.timedelta(days=1)).isoformat()}
    assert above.post(page(cast.centre, "rename"), later).status_code == 422
    unit = Unit.objects.get(pk=cast.centre.pk)
    assert (unit.name, unit.label) == ("Trung tâm A mới", "TT A")
    assert list(unit.former_names.values_list("name", "valid_to", "decision")) == [("Trung tâm A", today(), "1-QĐ")]


def test_the_communes_served_are_searched_and_chosen_without_javascript(world):
    cast, heir, commune, above = world
    other = make_unit(cast.province, "Xã Kim Liên", "commune")
    asked = above.post(page(heir, "serves"), {"communes": commune.pk, "communes_q": "kim lien", "act": "pick:communes"})
    assert (asked.status_code, heir.serves.count()) == (200, 0)
    content = asked.content.decode()
    assert f'value="{commune.pk}" checked' in content
    assert f'value="{other.pk}"' in content
    above.post(page(heir, "serves"), {"communes": [commune.pk, other.pk]})
    assert set(heir.serves.all()) == {commune, other}
    found = above.get(reverse("office:unit-pick", args=[heir.pk, "communes"]), {"communes_q": "kim"})
    assert "Xã Kim Liên" in found.content.decode()


def test_who_may_change_a_unit_and_who_may_only_read_its_history(world):
    cast, heir, _commune, _above = world
    own, stranger = client(cast.centre_manager), client(cast.other_manager)
    assert [one.get(page(cast.centre, "profile")).status_code for one in (own, stranger)] == [200, 404]
    for name in ("rename", "serves", "dissolve"):
        assert [one.get(page(cast.centre, name)).status_code for one in (own, stranger)] == [404, 404]
    for one in (own, stranger):
        assert one.post(page(cast.centre, "dissolve"), facts(heir, act="confirm")).status_code == 404
        assert one.post(page(cast.centre, "restore")).status_code == 404
    assert Unit.objects.get(pk=cast.centre.pk).valid_to is None


def test_opening_a_class_without_javascript_searches_and_loses_nothing(world):
    _cast, heir, _commune, above = world
    data = {"name": "Lớp K1", "place": "Hội trường", "unit_q": "trung tam moi", "act": "pick:unit"}
    asked = above.post(reverse("office:class-new"), data)
    content = asked.content.decode()
    assert (asked.status_code, TrainingClass.objects.filter(name="Lớp K1").exists()) == (200, False)
    assert f'name="unit" value="{heir.pk}"' in content
    assert 'value="Lớp K1"' in content
    assert 'value="Hội trường"' in content
    assert "error-summary" not in content
    assert "<noscript><button" in content
