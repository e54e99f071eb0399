"""The administration's lists of people, units and roles: for root administrators alone."""

import datetime as dt

import pytest
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lms.audit.models import AuditEntry
from lms.notifications.models import Notification
from lms.people.enums import Role
from lms.people.models import ActivationCode, Membership, SensitiveProfile, Unit, User
from lms.people.queries import own_profile
from lms.people.services.accounts import PeopleError
from lms.people.services.homes import move_home
from tests.factories.people import grant, make_unit, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_passwords")]
PATHS = ("/quan-tri/users/", "/quan-tri/units/", "/quan-tri/roles/")


def enter(user):
    """Let ``user`` into Wagtail, whatever the roles."""
    group, _created = Group.objects.get_or_create(name="Vào trang quản trị")
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    user.groups.add(group)
    return user


@pytest.fixture
def country():
    return make_unit(kind="central", name="Ban Tuyên giáo và Dân vận Trung ương")


@pytest.fixture
def admin(country):
    user = enter(make_user("Trần Quản Trị", username="quantri"))
    grant(user, Role.ADMINISTRATOR, country)
    return user


def test_only_root_administrators(client_as, country, admin):
    province = make_unit(country, kind="province")
    person = make_user()
    below, manager, editor = (enter(make_user()) for _number in range(3))
    grant(below, Role.ADMINISTRATOR, province)
    grant(manager, Role.NATIONAL_MANAGER, country)
    grant(editor, Role.EDITOR, country)
    paths = [*PATHS, f"/quan-tri/users/edit/{person.pk}/", f"/quan-tri/users/sensitive/{person.pk}/",
             f"/quan-tri/units/edit/{province.pk}/", "/quan-tri/users/new/", "/quan-tri/roles/new/"]  # fmt: skip
    for user in (admin, make_user(is_superuser=True)):
        assert {path: client_as(user).get(path).status_code for path in paths} == dict.fromkeys(paths, 200)
    for user in (below, manager, editor):
        client = client_as(user)
        for path in paths:
            response = client.get(path)
            assert response.status_code in {302, 404}, (user, path)
        assert client.post(f"/quan-tri/users/code/{person.pk}/").status_code == 404
        home = client.get("/quan-tri/").content.decode()
        assert not [path for path in (*PATHS, "/quan-tri/groups/") if path in home]
    assert client_as(admin).get("/quan-tri/groups/").status_code == 404
    assert not ActivationCode.objects.exists()
    assert AuditEntry.objects.exclude(action="people.refused").count() == 2


def test_people_are_found_without_accents_and_sorted(client_as, admin):
    for name in ("Đặng Thị Hoà", "Nguyễn Văn An", "Lê Thị Hòa"):
        make_user(name, username=name.lower().replace(" ", "."))
    client = client_as(admin)

    def names(query):
        return [person.get_full_name() for person in client.get("/quan-tri/users/", query).context["object_list"]]

    assert names({"q": "hoa"}) == names({"q": "Hòa"}) == ["Đặng Thị Hoà", "Lê Thị Hòa"]
    assert names({}) == ["Nguyễn Văn An", "Đặng Thị Hoà", "Lê Thị Hòa", "Trần Quản Trị"]
    assert names({"role": "administrator"}) == ["Trần Quản Trị"]
    page = client.get("/quan-tri/users/", {"export": "csv"})
    text = b"".join(page.streaming_content).decode()
    assert "Đặng" in text
    assert client.get("/quan-tri/users/", {"export": "xlsx"}).status_code == 200


def test_lists_cost_the_same_for_one_and_three(client_as, admin, country):
    client = client_as(admin)
    for path in PATHS:
        counts = []
        for extra in (1, 3):
            for _number in range(extra):
                grant(make_user(), Role.AUTHOR, make_unit(country))
            client.get(path)
            with CaptureQueriesContext(connection) as queries:
                client.get(path)
            counts.append(len(queries))
        assert counts[0] == counts[1], path


def test_create_and_edit_a_person(client_as, admin):
    client = client_as(admin)
    response = client.post(
        "/quan-tri/users/new/",
        {
            "family_name": "Lê",
            "middle_name": "Thị",
            "given_name": "Bảy",
            "phone": "0912345678",
            "email": "",
            "username": "",
        },
    )
    assert response.status_code == 302
    person = User.objects.get(username="le.thi.bay")
    assert (person.phone, person.email, person.has_usable_password()) == ("+84912345678", None, False)
    data = {"family_name": "Lê", "middle_name": "Thị", "given_name": "Tám", "username": "le.thi.bay",
            "own_sort_key": "", "phone": "", "email": "tam@example.vn",
            "is_active": "on", "is_superuser": "on"}  # fmt: skip
    assert client.post(f"/quan-tri/users/edit/{person.pk}/", data).status_code == 302
    person.refresh_from_db()
    assert (person.given_name, person.phone, person.email, person.is_superuser) == (
        "Tám",
        None,
        "tam@example.vn",
        False,
    )
    assert person.search_text == "le thi tam le.thi.bay"
    actions = AuditEntry.objects.order_by("number").values_list("action", "actor")
    assert list(actions) == [("people.created", admin.pk), ("people.edited", admin.pk)]
    assert client.get(f"/quan-tri/users/history/{person.pk}/").status_code == 200
    assert client.post(f"/quan-tri/users/delete/{person.pk}/").status_code == 404
    assert User.objects.filter(pk=person.pk).exists()


def test_sensitive_data_and_codes_leave_a_record(client_as, admin):
    person = make_user()
    SensitiveProfile.objects.create(user=person, citizen_id="040099000123")
    client = client_as(admin)
    assert "040099000123" not in client.get(f"/quan-tri/users/edit/{person.pk}/").content.decode()
    assert "040099000123" in client.get(f"/quan-tri/users/sensitive/{person.pk}/").content.decode()
    page = client.post(f"/quan-tri/users/code/{person.pk}/")
    assert page.context["code"] in page.content.decode()
    assert client.get(f"/quan-tri/users/code/{person.pk}/").status_code == 405
    root = make_user(is_superuser=True)
    assert client.post(f"/quan-tri/users/code/{root.pk}/").status_code == 404
    assert ActivationCode.objects.get().user == person
    acts = AuditEntry.objects.exclude(action="people.refused").order_by("pk")
    assert list(acts.values_list("stream", "action")) == [
        ("sensitive", "people.sensitive_read"), ("main", "people.codes_issued"),
    ]  # fmt: skip


def test_units(client_as, admin, country):
    ended = make_unit(country, kind="district", name="Huyện Nam Đàn", valid_to=dt.date(2025, 7, 1))
    province = make_unit(country, kind="province", name="Tỉnh Nghệ An")
    make_unit(province, kind="centre", name="Trung tâm chính trị Kim Liên", code="C1")
    client = client_as(admin)

    def names(query):
        return [unit.name for unit in client.get("/quan-tri/units/", query).context["object_list"]]

    assert names({"q": "nghe an"}) == ["Tỉnh Nghệ An"]
    assert names({"current": "past"}) == ["Huyện Nam Đàn"]
    assert names({"province": province.pk}) == ["Tỉnh Nghệ An", "Trung tâm chính trị Kim Liên"]
    assert names({"kind": "district"}) == ["Huyện Nam Đàn"]
    data = {
        "parent": province.pk,
        "name": "Trường Chính trị",
        "short_name": "",
        "kind": "centre",
        "code": "C1",
        "valid_from": "",
    }
    assert client.post("/quan-tri/units/new/", data).status_code == 200  # the code is taken
    assert client.post("/quan-tri/units/new/", data | {"parent": ended.pk, "code": ""}).status_code == 200
    assert client.post("/quan-tri/units/new/", data | {"code": "C2"}).status_code == 302
    assert Unit.objects.get(code="C2").get_parent() == province
    assert Unit.find_problems() == ([], [], [], [], [])
    edited = {key: value for key, value in data.items() if key != "parent"} | {
        "name": "Tỉnh Nghệ An mới",
        "kind": "province",
        "code": "",
    }
    assert client.post(f"/quan-tri/units/edit/{province.pk}/", edited).status_code == 302
    assert Unit.objects.get(pk=province.pk).search_text == "tinh nghe an moi"


def test_roles(client_as, admin, country):
    person = make_user("Lê Thị Bảy", username="bay")
    client = client_as(admin)
    data = {"person": "nobody", "role": "lecturer", "unit": country.pk, "valid_from": "", "valid_to": ""}
    assert client.post("/quan-tri/roles/new/", data).status_code == 200
    assert client.post("/quan-tri/roles/new/", data | {"person": "bay"}).status_code == 302
    membership = Membership.objects.get(user=person)
    assert (membership.role, membership.unit) == ("lecturer", country)
    found = client.get("/quan-tri/roles/", {"q": "bảy"}).context["object_list"]
    assert list(found) == [membership]
    assert client.post(f"/quan-tri/roles/delete/{membership.pk}/").status_code == 302
    membership.refresh_from_db()
    assert membership.valid_to is not None
    actions = AuditEntry.objects.order_by("number").values_list("action", flat=True)
    assert list(actions) == ["people.role_granted", "people.role_ended"]


def test_a_stronger_account_is_listed_and_not_opened(client_as, admin, country):
    """Whoever changes an e-mail gets the letters for a new password."""
    boss = make_user("Vũ Siêu Quản", username="sieu", email="boss@example.vn", is_superuser=True)
    nation = make_user("Lê Trung Ương", username="nuoc", email="nuoc@example.vn")
    other = make_unit(kind="central")
    grant(nation, Role.NATIONAL_MANAGER, other)
    person = make_user("Trần Thường", email="thuong@example.vn")
    client = client_as(admin)
    page = client.get("/quan-tri/users/").content.decode()
    before = list(User.objects.order_by("pk").values())
    for target, listed in ((boss, False), (nation, False), (person, True)):
        url = f"/quan-tri/users/edit/{target.pk}/"
        assert (target.get_full_name() in page, url in page) == (True, listed)
    data = {"family_name": "Vũ", "middle_name": "", "given_name": "Siêu", "username": "sieu", "own_sort_key": "",
            "phone": "", "email": "attacker@evil.example", "is_active": "on"}  # fmt: skip
    absent = 987654
    for path in ("edit/{}/", "code/{}/", "factor/{}/", "sensitive/{}/"):
        for target in (boss.pk, nation.pk, absent):
            url = "/quan-tri/users/" + path.format(target)
            send = client.get if "sensitive" in path else client.post
            assert send(url, data).status_code == 404, url
    assert list(User.objects.order_by("pk").values()) == before
    assert not ActivationCode.objects.exists()
    assert client_as(make_user(is_superuser=True)).get(f"/quan-tri/users/edit/{boss.pk}/").status_code == 200


def test_the_own_contact_is_changed_behind_the_password(client_as, admin):
    client = client_as(admin)
    data = {"family_name": "Trần", "middle_name": "Quản", "given_name": "Trị", "own_sort_key": "",
            "email": "x@evil.example", "phone": "0912345678", "username": "khac", "is_active": ""}  # fmt: skip
    assert client.post(f"/quan-tri/users/edit/{admin.pk}/", data).status_code == 302
    admin.refresh_from_db()
    assert (admin.email, admin.phone, admin.username, admin.is_active) == (None, None, "quantri", True)


def test_an_address_in_use_is_refused_where_all_accounts_are_seen(client_as, admin):
    make_user(email="co@example.vn", phone="+84912345678")
    person = make_user("Lê Thị Bảy", username="bay")
    data = {"family_name": "Lê", "middle_name": "Thị", "given_name": "Bảy", "username": "bay", "own_sort_key": "",
            "phone": "0912345678", "email": "CO@example.vn", "is_active": "on"}  # fmt: skip
    page = client_as(admin).post(f"/quan-tri/users/edit/{person.pk}/", data)
    assert set(page.context["form"].errors) == {"email", "phone"}
    person.refresh_from_db()
    assert (person.email, person.phone) == (None, None)


def test_the_home_is_moved_by_who_administers_the_person_and_both_offices_hear(client_as, admin, country):
    here, there = make_unit(country, name="Trung tâm A"), make_unit(country, name="Trung tâm B")
    giver, taker = make_user(unit=here), make_user(unit=there)
    grant(giver, Role.REGISTRAR, here)
    grant(taker, Role.CENTRE_MANAGER, there)
    person = make_user("Lê Thị Bảy", username="bay", unit=here)
    for thief in (taker, person):
        with pytest.raises(PeopleError) as refused:
            move_home(user=person, unit=there, actor=User.objects.get(pk=thief.pk))
        assert refused.value.code == "not_allowed"
    assert own_profile(person).unit == here
    data = {"family_name": "Lê", "middle_name": "Thị", "given_name": "Bảy", "username": "bay", "own_sort_key": "",
            "phone": "", "email": "", "is_active": "on", "home": there.pk}  # fmt: skip
    url = f"/quan-tri/users/edit/{person.pk}/"
    for _twice in range(2):
        assert client_as(admin).post(url, data).status_code == 302
    assert own_profile(person).unit == there
    moved = AuditEntry.objects.filter(action="people.home_moved").values_list("actor", "target", "data")
    assert list(moved) == [(admin.pk, f"user:{person.pk}", {"from": here.pk, "to": there.pk})]
    told = Notification.objects.filter(kind="home_moved").values_list("recipient", flat=True)
    assert sorted(told) == sorted([giver.pk, taker.pk, person.pk])
    client_as(admin).post(url, data | {"home": ""})
    assert own_profile(person).unit == there  # nobody is left without a home by an empty field


def test_contested_accounts_are_found(client_as, admin):
    make_user("Trần Một", phone="+84912345678")
    double = make_user("Trần Hai", phone="+84912345678", phone_contested=True)
    found = client_as(admin).get("/quan-tri/users/", {"contested": "true"}).context["object_list"]
    assert list(found) == [double]
