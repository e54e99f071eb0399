"""Accounts and activation codes."""

import datetime as dt
import re

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lms.audit.models import AuditEntry
from lms.common.clock import now
from lms.people.codes import ALPHABET
from lms.people.enums import Role
from lms.people.models import ActivationCode, ApiToken, Profile, SensitiveProfile, User
from lms.people.services.accounts import (
    PeopleError,
    PersonData,
    change_contact,
    change_password,
    create_people,
    create_person,
    set_active,
)
from lms.people.services.activation import ActivationError, activate, issue_activation_codes
from tests.factories.people import grant, make_token, make_unit, make_user

pytestmark = pytest.mark.django_db
GOOD = "Sông-Hồng-1930"


def test_create_person_stores_every_part():
    unit = make_unit(name="Xã Kim Liên", kind="commune")
    person = create_person(
        full_name="  Nguyễn  Văn An ",
        email="An@example.vn",
        phone="0912 345 678",
        position="Bí thư chi bộ",
        organisation="Chi bộ 3",
        unit=unit,
        sensitive={"ethnicity": "Kinh", "citizen_id": "040099000123"},
        actor=None,
    )
    person = User.objects.get(pk=person.pk)
    assert (person.username, person.email, person.phone) == ("nguyen.van.an", "An@example.vn", "+84912345678")
    assert (person.family_name, person.middle_name, person.given_name) == ("Nguyễn", "Văn", "An")
    assert not person.has_usable_password()
    assert person.search_text == "nguyen van an nguyen.van.an"
    assert Profile.objects.values_list("user", "position", "organisation", "unit").get() == (
        person.pk, "Bí thư chi bộ", "Chi bộ 3", unit.pk,
    )  # fmt: skip
    assert SensitiveProfile.objects.values_list("user", "ethnicity", "citizen_id").get() == (
        person.pk, "Kinh", "040099000123",
    )  # fmt: skip
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.target, entry.actor) == ("people.created", f"user:{person.pk}", None)


def test_usernames_are_folded_and_numbered():
    make_user(username="Dang.Thi.Hoa3")
    rows = [
        PersonData("Đặng Thị Hoà"),
        PersonData("Đặng Thị Hòa"),
        PersonData("ĐẶNG THỊ HOA"),
        PersonData("H'Hen Niê"),
        PersonData("Đặng Thị Hoa2"),
        PersonData("Цветаева"),
        PersonData("Lê Lợi", username="vua.le"),
    ]
    assert [user.username for user in create_people(rows, actor=None)] == [
        "dang.thi.hoa",
        "dang.thi.hoa4",
        "dang.thi.hoa5",
        "h.hen.nie",
        "dang.thi.hoa2",
        "hoc.vien",
        "vua.le",
    ]


def test_create_people_is_all_or_nothing_and_says_where():
    make_user(username="co.roi", email="a@example.vn", phone="+84912345678")
    before = User.objects.count()
    with pytest.raises(PeopleError) as caught:
        create_people(
            [
                PersonData("Lê Văn Tám", email="A@EXAMPLE.vn"),
                PersonData("Lê Văn Chín", phone="0912345678"),
                PersonData("Lê Văn Mười", phone="12"),
                PersonData(""),
            ],
            actor=None,
        )
    assert caught.value.code == "invalid_person"
    assert sorted(caught.value.fields) == ["2.phone", "3.full_name"]
    with pytest.raises(PeopleError) as caught:
        create_people(
            [
                PersonData("Lê Văn Tám", email="A@EXAMPLE.vn"),
                PersonData("Lê Văn Chín", phone="0912345678"),
                PersonData("Lê Hai", sensitive={"citizen_id": "040099000123"}),
                PersonData("Lê Ba", sensitive={"citizen_id": "040099000123"}),
                PersonData("Lê Tư", username="CO.ROI"),
            ],
            actor=None,
        )
    assert sorted(caught.value.fields) == ["0.email", "1.phone", "3.citizen_id", "4.username"]
    assert User.objects.count() == before
    assert not AuditEntry.objects.exists()


def test_many_people_cost_few_queries():
    rows = [PersonData(f"Nguyễn Văn {given}") for given in ("An", "Bình", "Chi")] * 400
    with CaptureQueriesContext(
        connection,
    ) as queries:
        users = create_people(rows, actor=None)
    assert len({user.username for user in users}) == 1200
    assert Profile.objects.count() == 1200
    assert len(queries) < 25


@pytest.mark.slow
def test_ten_thousand_people():
    rows = [PersonData(f"Nguyễn Văn An {number % 50}", phone=f"+84912{number:06}") for number in range(10_000)]
    users = create_people(rows, actor=None)
    codes = issue_activation_codes(users, actor=None)
    assert User.objects.count() == len(set(codes.values())) == 10_000


def test_codes_are_readable_and_only_their_hash_is_kept():
    users = [make_user() for _number in range(3)]
    codes = issue_activation_codes(users, actor=None)
    assert sorted(codes) == sorted(user.pk for user in users)
    for code in codes.values():
        assert len(code) == 11
        assert code[5] == "-"
        assert set(code.replace("-", "")) <= set(ALPHABET)
    stored = ActivationCode.objects.values_list("code_hash", flat=True)
    assert not set(codes.values()) & set(stored)
    assert (
        ActivationCode.objects.filter(expires_at__range=(now() + dt.timedelta(59.9), now() + dt.timedelta(60))).count()
        == 3
    )
    assert not set(ALPHABET) & set("0O1IL2Z5S8BU")


def test_activate_once():
    user = make_user()
    code = issue_activation_codes([user], actor=None)[user.pk]
    assert activate(code=code.lower().replace("-", " "), password=GOOD) == user
    user.refresh_from_db()
    assert user.check_password(GOOD)
    with pytest.raises(ActivationError) as caught:
        activate(code=code, password="Khác-hẳn-2026")
    assert caught.value.code == "code_used"
    user.refresh_from_db()
    assert user.check_password(GOOD)


@pytest.mark.parametrize(
    ("days", "typed", "password", "expected"),
    [
        (0, "AAAAA-AAAAA", GOOD, "code_unknown"),
        (61, None, GOOD, "code_expired"),
        (0, None, "12345678", "weak_password"),
    ],
)
def test_activation_refuses(days, typed, password, expected):
    user = make_user()
    code = issue_activation_codes([user], actor=None)[user.pk]
    with time_machine.travel(now() + dt.timedelta(days=days), tick=False), pytest.raises(ActivationError) as caught:
        activate(code=typed or code, password=password)
    assert caught.value.code == expected
    user.refresh_from_db()
    assert not user.has_usable_password()
    assert ActivationCode.objects.get().used_at is None


def test_a_closed_account_cannot_be_activated():
    user = make_user()
    code = issue_activation_codes([user], actor=None)[user.pk]
    User.objects.update(is_active=False)
    with pytest.raises(ActivationError) as caught:
        activate(code=code, password=GOOD)
    assert caught.value.code == "code_unknown"


def test_a_new_code_replaces_the_old_one():
    user = make_user()
    old = issue_activation_codes([user], actor=None)[user.pk]
    new = issue_activation_codes([user], actor=None)[user.pk]
    with pytest.raises(ActivationError):
        activate(code=old, password=GOOD)
    assert activate(code=new, password=GOOD) == user


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda user: change_password(user=user, password=GOOD, actor=None), "code_used"),
        (lambda user: [set_active(user=user, active=on, actor=None) for on in (False, True)], "code_unknown"),
    ],
    ids=["a password chosen elsewhere", "closed and opened again"],
)
def test_a_slip_that_nobody_used_ends_with_what_ends_all(change, expected):
    user = make_user()
    code = issue_activation_codes([user], actor=None)[user.pk]
    change(user)
    with pytest.raises(ActivationError) as caught:
        activate(code=code, password="Khác-hẳn-2026")
    assert caught.value.code == expected


def test_codes_survive_a_new_secret(settings):
    user = make_user()
    code = issue_activation_codes([user], actor=None)[user.pk]
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "n" * 60
    assert activate(code=code, password=GOOD) == user


def test_nobody_takes_over_a_stronger_account():
    country = make_unit(kind="central")
    province = make_unit(country, kind="province")
    centre = make_unit(province)
    registrar, manager, chief = make_user(), make_user(), make_user()
    lecturer, boss, root = make_user(), make_user(), make_user(is_superuser=True)
    learner, foreign = make_user(unit=centre), make_user(unit=make_unit(make_unit(country, kind="province")))
    grant(registrar, Role.REGISTRAR, centre)
    grant(manager, Role.CENTRE_MANAGER, centre)
    grant(chief, Role.PROVINCIAL_MANAGER, province)
    grant(lecturer, Role.LECTURER, centre)
    grant(boss, Role.ADMINISTRATOR, country)
    allowed = {
        registrar: {learner},
        manager: {learner, lecturer, registrar},
        chief: {learner, lecturer, registrar, manager},
        boss: {learner, lecturer, registrar, manager, chief, foreign},
        root: {learner, lecturer, registrar, manager, chief, boss, foreign},
    }
    for actor, expected in allowed.items():
        for user in (learner, lecturer, registrar, manager, chief, boss, root, foreign):
            if user in expected:
                assert list(issue_activation_codes([user], actor=actor)) == [user.pk]
                continue
            with pytest.raises(ActivationError) as caught:
                issue_activation_codes([user], actor=actor)
            assert (caught.value.code, caught.value.fields) == ("not_allowed", {"users": [str(user.pk)]})


def test_a_role_that_begins_later_counts_and_one_that_ended_does_not():
    centre = make_unit(make_unit(kind="central"))
    manager, coming, former = make_user(), make_user(unit=centre), make_user(unit=centre)
    grant(manager, Role.CENTRE_MANAGER, centre)
    grant(coming, Role.PROVINCIAL_MANAGER, centre, valid_from=dt.date(2999, 1, 1))
    grant(former, Role.ADMINISTRATOR, centre, valid_to=dt.date(2020, 1, 1))
    assert list(User.objects.administered_by(manager)) == [former]


def test_an_office_takes_nothing_over_by_a_role_below():
    """Two roles on two units are not one that is as strong as both together."""
    country = make_unit(kind="central")
    province = make_unit(country, kind="province")
    centre = make_unit(province)
    manager, chief = make_user(), make_user(unit=province)
    grant(manager, Role.CENTRE_MANAGER, province)
    grant(manager, Role.ADMINISTRATOR, centre)
    grant(chief, Role.ADMINISTRATOR, province)
    assert not User.objects.administered_by(manager).exists()


def test_an_office_learns_nothing_by_making_accounts():
    """What exists elsewhere in the country changes nothing that the office sees: neither outcome nor names."""
    country = make_unit(kind="central")
    home, elsewhere = make_unit(country), make_unit(country)
    manager = make_user()
    grant(manager, Role.REGISTRAR, home)
    owner = make_user("Lê Văn Tám", username="le.van.tam", email="tam@example.vn", phone="+84912345678", unit=elsewhere)
    SensitiveProfile.objects.create(user=owner, citizen_id="040099000123")
    rows = [
        PersonData("Lê Văn Tám", username="le.van.tam", email="TAM@example.vn", phone="0912345678", unit=home,
                   sensitive={"citizen_id": "040099000123"}),
        PersonData("Lê Văn Chín", username="le.van.chin", email="chin@example.vn", phone="0912345679", unit=home,
                   sensitive={"citizen_id": "040099000124"}),
    ]  # fmt: skip
    made = create_people(rows, actor=User.objects.get(pk=manager.pk))
    shown = [
        (re.sub(r"\d{4}$", "####", user.username), user.email, user.phone, user.sensitive.citizen_id)
        for user in User.objects.filter(pk__in=[user.pk for user in made]).order_by("pk")
    ]
    assert shown == [
        ("le.van.tam.####", "TAM@example.vn", "+84912345678", "040099000123"),
        ("le.van.chin.####", "chin@example.vn", "+84912345679", "040099000124"),
    ]
    assert [(user.email_contested, user.phone_contested, user.sensitive.citizen_id_contested) for user in made] == [
        (True, True, True), (False, False, False),
    ]  # fmt: skip
    with pytest.raises(PeopleError) as again:
        create_people(rows[1:], actor=User.objects.get(pk=manager.pk))
    assert sorted(again.value.fields) == ["0.citizen_id", "0.email", "0.phone"]


def test_change_password_closes_tokens():
    user = make_user(must_change_password=True)
    make_token(user)
    with pytest.raises(PeopleError) as caught:
        change_password(user=user, password="123", actor=user)
    assert list(caught.value.fields) == ["password"]
    change_password(user=user, password=GOOD, actor=user)
    user.refresh_from_db()
    assert user.check_password(GOOD)
    assert not user.must_change_password
    assert not ApiToken.objects.exists()


def test_the_own_contact_is_changed_a_few_times_a_day():
    """Whoever tries one number after the other, to see which can be signed in with, comes to an end."""
    person = make_user(phone="+84912345678")
    for tail in range(5):
        change_contact(user=person, email=None, phone=f"+8498700011{tail}", actor=person)
    with pytest.raises(PeopleError) as refused:
        change_contact(user=person, email=None, phone="+84987000119", actor=person)
    person.refresh_from_db()
    assert (refused.value.code, person.phone) == ("paused", "+84987000114")
