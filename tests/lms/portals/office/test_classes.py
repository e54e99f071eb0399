import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from lms.audit.models import AuditEntry
from lms.classes.models import ClassStaff, Enrolment, TrainingClass
from lms.common.clock import today
from lms.people.models import ActivationCode, User
from tests.factories.classes import make_class, make_enrolment, make_session, tally_of
from tests.factories.people import grant, make_unit, make_user
from tests.factories.programmes import make_edition

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    """A province with a centre and a class in it, another province with its own, and their people."""

    class World:
        country = make_unit(name="Trung ương", kind="central")
        province = make_unit(country, "Tỉnh Phú Thọ", "province")
        centre = make_unit(province, "Trung tâm chính trị Tân Lập")
        other_centre = make_unit(make_unit(country, "Tỉnh Gia Lai", "province"), "Trung tâm Pleiku")
        manager = make_user("Lê Thị Quản", unit=centre)
        stranger = make_user("Trần Văn Lạ", unit=other_centre)
        auditor = make_user("Phạm Thanh Tra")
        learner = make_user("Nguyễn Văn An", unit=centre)
        lecturer = make_user("Đỗ Giảng Viên", unit=centre)

    grant(World.manager, "centre_manager", World.centre)
    grant(World.stranger, "centre_manager", World.other_centre)
    grant(World.auditor, "auditor", World.country)
    grant(World.lecturer, "lecturer", World.centre)
    World.edition = make_edition(unit=World.country, sessions=["Buổi 1", "Buổi 2"])
    World.training_class = make_class(World.centre, World.edition, name="Lớp Nhận thức về Đảng khóa 1")
    World.enrolment = make_enrolment(World.training_class, World.learner)
    return World


def client(user):
    made = Client(enforce_csrf_checks=False)
    if user:
        made.force_login(user)
    return made


def pages(world):
    pk = world.training_class.pk
    session = make_session(world.training_class)
    item = world.edition.items.first()
    return {
        "office:class": [pk],
        "office:class-learners": [pk],
        "office:class-timetable": [pk],
        "office:class-learners-export": [pk, "csv"],
        "office:class-edit": [pk],
        "office:class-recognise": [pk],
        "office:class-staff": [pk],
        "office:class-session-new": [pk],
        "office:class-session": [pk, session.pk],
        "office:class-item-dates": [pk, item.pk],
        "office:class-learner-add": [pk],
        "office:class-learner-withdraw": [pk, world.enrolment.pk],
        "office:class-import": [pk],
        "office:class-slips": [pk],
    }


READ = {"office:class", "office:class-learners", "office:class-timetable", "office:class-learners-export"}


def test_who_may_open_which_page(world):
    addresses = pages(world)
    expected = {
        "manager": dict.fromkeys(addresses, 200),
        "auditor": {name: 200 if name in READ else 404 for name in addresses},
        "stranger": dict.fromkeys(addresses, 404),
        "learner": dict.fromkeys(addresses, 404),
        "lecturer": dict.fromkeys(addresses, 404),
        "anonymous": dict.fromkeys(addresses, 302),
    }
    found = {
        who: {
            name: client(getattr(world, who, None)).get(reverse(name, args=args)).status_code
            for name, args in addresses.items()
        }
        for who in expected
    }
    assert found == expected


def test_a_denied_post_changes_nothing(world):
    pk = world.training_class.pk
    before = list(TrainingClass.objects.values()), list(Enrolment.objects.values()), User.objects.count()
    for user in (world.stranger, world.auditor, world.learner):
        asked = client(user)
        for name, args, data in [
            ("class-state", [pk], {"act": "cancel"}),
            ("class-learner-new", [pk], {"new-full_name": "Ai Đó"}),
            ("class-learner-withdraw", [pk, world.enrolment.pk], {"reason": "x"}),
            ("class-timetable-propose", [pk], {}),
            ("class-slips", [pk], {"act": "replace"}),
            ("class-import", [pk], {"text": "Ai Đó"}),
        ]:
            assert asked.post(reverse(f"office:{name}", args=args), data).status_code == 404
    assert (list(TrainingClass.objects.values()), list(Enrolment.objects.values()), User.objects.count()) == before
    assert not AuditEntry.objects.filter(stream=f"class:{pk}").exists()
    assert not ActivationCode.objects.exists()


def test_an_enrolment_of_another_class_is_not_reached_through_ones_own(world):
    own = make_class(world.other_centre, world.edition)
    address = reverse("office:class-learner-withdraw", args=[own.pk, world.enrolment.pk])
    assert client(world.stranger).post(address, {"reason": "x"}).status_code == 404


def test_the_list_shows_only_ones_own_classes_and_searches_without_accents(world):
    make_class(world.other_centre, world.edition, name="Lớp ở Pleiku")
    second = make_class(world.centre, world.edition, name="Bồi dưỡng đảng viên mới", state="planned")

    def names(user, query=""):
        page = client(user).get(reverse("office:class-list") + query)
        return [row.training_class.name for row in page.context["list"].rows]

    first = world.training_class
    assert sorted(names(world.manager)) == sorted([first.name, second.name])
    assert names(world.manager, "?q=nhan+thuc") == [first.name]
    assert names(world.manager, "?q=Nhận+thức") == [first.name]
    assert names(world.manager, "?state=planned") == [second.name]
    assert names(world.manager, f"?year={first.year}&programme={world.edition.programme_id}&sort=name") == [
        second.name,
        first.name,
    ]
    assert names(world.manager, f"?unit={world.other_centre.pk}&year=x&page=zz&state=nonsense&sort=--") != []
    assert "Lớp ở Pleiku" not in names(world.manager, f"?unit={world.other_centre.pk}")
    assert len(names(world.auditor)) == 3
    assert names(world.learner) == []


@pytest.mark.parametrize(
    "name", ["office:class-list", "office:class", "office:class-learners", "office:class-timetable"]
)
def test_one_row_and_three_rows_cost_the_same(world, name, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    asked = client(world.manager)
    address = reverse(name, args=[] if name == "office:class-list" else [world.training_class.pk])
    make_session(world.training_class)
    asked.get(address)
    with CaptureQueriesContext(
        connection,
    ) as one:
        asked.get(address)
    for _number in range(2):
        make_class(world.centre, world.edition)
        make_enrolment(world.training_class, make_user(unit=world.centre))
        make_session(world.training_class, lecturer=world.lecturer)
        ClassStaff.objects.create(training_class=world.training_class, user=make_user(), role="lecturer")
    with django_assert_num_queries(len(one.captured_queries)):
        asked.get(address)


def facts(**changes):
    return {
        "name": "Lớp mới",
        "starts_on": "2026-12-01",
        "ends_on": "2026-12-05",
        "opening_decision": "45-QĐ/TTCT",
        "opening_decided_on": "2026-11-20",
        "capacity": "60",
        "place": "Hội trường A",
        **changes,
    }


def test_opening_a_class(world):
    asked = client(world.manager)
    data = facts(
        unit=world.centre.pk, edition=world.edition.pk, homeroom=world.lecturer.pk, lecturers=[world.lecturer.pk]
    )
    page = asked.post(reverse("office:class-new"), data)
    made = TrainingClass.objects.get(name="Lớp mới")
    assert (page.status_code, page.url) == (302, reverse("office:class", args=[made.pk]))
    assert (made.unit, made.state, made.year, made.opening_decided_on) == (
        world.centre,
        "open",
        2026,
        dt.date(2026, 11, 20),
    )
    assert sorted(made.staff.values_list("user_id", "role")) == [
        (world.lecturer.pk, "homeroom"),
        (world.lecturer.pk, "lecturer"),
    ]
    again = asked.post(reverse("office:class-new"), data)
    assert again.status_code == 422
    assert "name" in again.context["form"].errors


def test_a_class_is_not_opened_elsewhere_or_with_strange_data(world):
    asked = client(world.manager)
    good = {"unit": world.centre.pk, "edition": world.edition.pk}
    for wrong in (
        {"unit": world.other_centre.pk},
        {"unit": "1 OR 1=1"},
        {"unit": ["1", "2"]},
        {"edition": 999999},
        {"ends_on": "2026-11-01"},
        {"capacity": "0"},
        {"homeroom": world.stranger.pk},
        {"name": ""},
    ):
        assert asked.post(reverse("office:class-new"), facts(**good | wrong)).status_code == 422, wrong
    assert TrainingClass.objects.count() == 1


def test_the_search_boxes_offer_only_what_one_may_choose(world):
    asked = client(world.manager)
    units = asked.get(reverse("office:class-pick-unit"), {"unit_q": "trung tam"}).content.decode()
    assert "Tân Lập" in units
    assert "Pleiku" not in units
    people = asked.get(reverse("office:class-pick-person", args=["homeroom"]), {"homeroom_q": "giang"}).content.decode()
    assert "Đỗ Giảng Viên" in people
    strangers = asked.get(reverse("office:class-pick-person", args=["learner"]), {"learner_q": "la"}).content.decode()
    assert "Trần Văn Lạ" not in strangers
    assert client(world.learner).get(reverse("office:class-pick-person", args=["learner"])).status_code == 404


def test_the_states_of_a_class_by_the_buttons(world):
    asked, pk = client(world.manager), world.training_class.pk

    def press(act):
        asked.post(reverse("office:class-state", args=[pk]), {"act": act})
        return TrainingClass.objects.get(pk=pk).state

    assert [press("start"), press("close"), press("cancel"), press("reopen"), press("close")] == [
        "open",
        "closed",
        "closed",
        "open",
        "closed",
    ]
    address = reverse("office:class-recognise", args=[pk])
    assert asked.post(address, {"decision": "", "on": today().isoformat()}).status_code == 422
    assert asked.post(address, {"decision": "1-QĐ", "on": "2999-01-01"}).status_code == 422
    assert asked.post(address, {"decision": "12-QĐ/TTCT", "on": today().isoformat()}).status_code == 302
    kept = TrainingClass.objects.get(pk=pk)
    assert (kept.state, kept.recognition_decision, kept.recognised_on) == ("recognised", "12-QĐ/TTCT", today())


def test_withdrawing_and_taking_back(world):
    asked, args = client(world.manager), [world.training_class.pk, world.enrolment.pk]
    assert asked.post(reverse("office:class-learner-withdraw", args=args), {"reason": ""}).status_code == 422
    asked.post(reverse("office:class-learner-withdraw", args=args), {"reason": "Nghỉ ốm"})
    assert tally_of(world.training_class) == {"withdrawn": 1}
    asked.post(reverse("office:class-learner-reinstate", args=args))
    assert tally_of(world.training_class) == {"enrolled": 1}


def test_adding_somebody_new_and_the_same_one_again(world):
    asked, address = client(world.manager), reverse("office:class-learner-new", args=[world.training_class.pk])
    data = {"new-full_name": "Hoàng Thị Mới", "new-birth_date": "1995-03-08", "new-citizen_id": "025195001234"}
    assert asked.post(address, data).status_code == 302
    made = User.objects.get(given_name="Mới")
    assert (made.get_full_name(), made.sensitive.citizen_id, made.has_usable_password()) == (
        "Hoàng Thị Mới",
        "025195001234",
        False,
    )
    assert asked.post(address, data).status_code == 422
    wrong = asked.post(address, data | {"new-citizen_id": "12"})
    assert list(wrong.context["new"].errors) == ["citizen_id"]
    assert Enrolment.objects.count() == 2


def test_slips_are_made_once_and_replaced_on_request(world):
    asked, address = client(world.manager), reverse("office:class-slips", args=[world.training_class.pk])
    asked.get(address)
    assert not ActivationCode.objects.exists()
    first = asked.post(address, {"act": "print"})
    assert [learner for learner, _code in first.context["slips"]] == [world.learner]
    assert asked.post(address, {"act": "print"}).status_code == 302
    second = asked.post(address, {"act": "replace"})
    assert first.context["slips"][0][1] != second.context["slips"][0][1]
    assert ActivationCode.objects.filter(used_at=None).count() == 1
    assert "no-store" in second.headers["Cache-Control"]


def test_slips_are_not_made_for_somebody_with_wider_roles(world):
    boss = make_user("Vũ Trung Ương")
    grant(boss, "national_manager", world.country)
    make_enrolment(world.training_class, boss)
    address = reverse("office:class-slips", args=[world.training_class.pk])
    page = client(world.manager).post(address, {"act": "replace"})
    assert boss not in [person for person, _code in page.context["slips"]]
    assert not ActivationCode.objects.filter(user=boss).exists()


def test_the_export_holds_no_sensitive_field(world):
    address = reverse("office:class-learners-export", args=[world.training_class.pk, "csv"])
    TrainingClass.objects.filter(pk=world.training_class.pk).update(name="Lớp 01/2026")
    answer = client(world.manager).get(address)
    assert answer["Content-Disposition"] == 'attachment; filename="hoc-vien-lop-01-2026.csv"'
    rows = answer.content.decode("utf-8-sig").strip().split("\r\n")
    assert len(rows) == 2
    assert rows[0].count(",") == 9
    assert rows[1].startswith("1,Nguyễn Văn An,")


def test_the_timetable_is_laid_out_once(world):
    asked, address = client(world.manager), reverse("office:class-timetable-propose", args=[world.training_class.pk])
    asked.post(address)
    asked.post(address)
    assert [session.title for session in world.training_class.sessions.all()] == ["Buổi 1", "Buổi 2"]
    session = world.training_class.sessions.first()
    edit = reverse("office:class-session", args=[world.training_class.pk, session.pk])
    data = {"title": "Khai giảng", "starts_at": "2026-12-01T07:30", "ends_at": "2026-12-01T11:00", "periods": "4"}
    assert asked.post(edit, data | {"ends_at": "2026-12-01T07:00"}).status_code == 422
    assert asked.post(edit, data).status_code == 302
    session.refresh_from_db()
    assert (session.title, session.starts_at) == ("Khai giảng", dt.datetime(2026, 12, 1, 0, 30, tzinfo=dt.UTC))
    asked.post(reverse("office:class-session-remove", args=[world.training_class.pk, session.pk]))
    assert world.training_class.sessions.count() == 1
