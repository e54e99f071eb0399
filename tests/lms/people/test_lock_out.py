"""Guessing is slowed down, and nobody shuts another person out by it."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.conf import settings as django_settings
from django.test import Client, RequestFactory

from lms.audit.models import AuditEntry
from lms.common.clock import now
from lms.notifications.models import Notification
from lms.people.known_devices import device_of
from lms.people.models import Throttle, User
from lms.people.services import throttling
from lms.people.services.sign_in import SignInError, name_of, sign_in
from tests.factories.people import make_user

GOOD = "Sông-Hồng-1930"
HOME, STRANGER = "10.0.0.1", "203.0.113.9"


@pytest.fixture
def person(db, quick_passwords):
    return make_user("Nguyễn Văn An", username="an", email="an@example.vn", password=GOOD)


def enter(client, password=GOOD, address=HOME, username="an"):
    data = {"username": username, "password": password}
    return client.post("/dang-nhap/", data, REMOTE_ADDR=address).status_code


def test_a_stranger_does_not_shut_the_person_out(person):
    with time_machine.travel(now(), tick=False):
        stranger = Client()
        assert [enter(stranger, "x", STRANGER) for _try in range(8)] == [422] * 5 + [429] * 3
        assert enter(stranger, GOOD, STRANGER) == 429, "the stranger waits, even with the right password"
        assert enter(Client()) == 302, "the person comes in from elsewhere"


def test_a_known_device_comes_in_whatever_strangers_do(person):
    with time_machine.travel(now(), tick=False):
        known = Client()
        assert enter(known) == 302
        known.post("/dang-xuat/")
        # As many strangers as it takes to slow the account down for every unknown source, and the own address besides.
        for number in range(14):
            for _try in range(5):
                enter(Client(), "x", f"203.0.113.{number}")
        for _try in range(6):
            enter(Client(), "x", HOME)
        Throttle.objects.update_or_create(
            key=throttling.key_for("address", HOME),
            defaults={"since": now(), "paused_until": now() + dt.timedelta(minutes=15)},
        )
        assert enter(Client()) == 429
        assert enter(known) == 302


def test_all_unknown_sources_together_are_only_slowed(person):
    with time_machine.travel(now(), tick=False) as clock:
        for number in range(60):
            enter(Client(), "x", f"203.0.113.{number}")
            clock.shift(dt.timedelta(seconds=31))
        whole = throttling.key_for("account", name_of("an"))
        enter(Client(), "x", "203.0.113.99")
        wait = throttling.paused_until([whole])
        assert wait is not None
        assert wait - now() <= dt.timedelta(seconds=30)
        assert enter(Client(), address="198.51.100.2") == 429
        clock.shift(dt.timedelta(seconds=31))
        assert enter(Client(), address="198.51.100.2") == 302


def test_a_known_device_has_a_limit_of_its_own(person):
    with time_machine.travel(now(), tick=False):
        known = Client()
        enter(known)
        known.post("/dang-xuat/")
        assert [enter(known, "x") for _try in range(7)] == [422] * 5 + [429] * 2
        assert enter(Client()) == 302


def test_a_forged_or_foreign_cookie_makes_no_known_device(person):
    client = Client()
    enter(client)
    name = django_settings.SEN_KNOWN_DEVICE_COOKIE
    cookie = client.cookies[name]
    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (True, "Lax", 365 * 24 * 3600)
    other = make_user(username="khac")

    def known(text, account):
        request = RequestFactory().get("/")
        request.COOKIES[name] = text
        return device_of(request).knows(account)

    assert known(cookie.value, person.pk)
    assert not known(cookie.value, other.pk)
    for forged in (cookie.value[:-1], "x", "", cookie.value.replace(":", ".", 1)):
        assert not known(forged, person.pk)


def test_the_answer_does_not_tell_whether_an_account_exists(person):
    make_user(username="dong", password=GOOD, is_active=False)
    make_user(username="moi")
    with time_machine.travel(now(), tick=False):
        told = {}
        for name in ("an", "khong-co", "dong", "moi"):
            client = Client()
            told[name] = [
                (page.status_code, page.context["form"].non_field_errors())
                for page in (client.post("/dang-nhap/", {"username": name, "password": "x"}) for _try in range(7))
            ]
    assert len({str(answers) for answers in told.values()}) == 1


def test_the_person_is_told_of_many_failures_once_a_day(person):
    with time_machine.travel(now(), tick=False) as clock:
        for number in range(8):
            for _try in range(5):
                enter(Client(), "x", f"203.0.113.{number}")
        assert list(Notification.objects.values_list("recipient", "kind", "url")) == [
            (person.pk, "sign_in_guessed", "/doi-mat-khau/")
        ]
        clock.shift(dt.timedelta(hours=25))
        for number in range(5):
            for _try in range(5):
                enter(Client(), "x", f"203.0.113.{number}")
        assert Notification.objects.count() == 2
        assert "nhiều mật khẩu sai" in Notification.objects.first().sentence


def test_an_api_client_counts_with_the_pages_of_its_address(person):
    body = {"username": "an", "password": "x"}
    with time_machine.travel(now(), tick=False):
        answers = [
            Client().post("/api/v1/auth/token/", body, "application/json", REMOTE_ADDR=HOME).status_code
            for _try in range(6)
        ]
        assert answers == [400] * 5 + [429]
        assert enter(Client()) == 429


def test_failures_stand_in_the_record_without_what_was_typed(person):
    enter(Client(), "x", STRANGER)
    enter(Client(), "x", STRANGER, username="Mật-Khẩu-Của-Tôi-1")
    known, unknown = AuditEntry.objects.filter(action="people.sign_in_failed").order_by("pk")
    assert (known.actor, known.target) == (None, f"user:{person.pk}")
    assert (unknown.actor, unknown.target) == (None, "")
    assert sorted(unknown.data) == ["address", "count", "name_digest", "request"]
    assert "mat-khau" not in str(unknown.data).lower().replace("ậ", "a").replace("ẩ", "a")


@pytest.mark.usefixtures("quick_passwords")
def test_forty_tries_at_once_check_no_more_than_five(shared_db, at_once, monkeypatch):
    make_user(username="an", password=GOOD)
    checked = []
    real = User.check_password

    def check(self, raw):
        checked.append(raw)
        return real(self, raw)

    monkeypatch.setattr(User, "check_password", check)

    def wrong():
        return sign_in(identifier="an", password="x", address=STRANGER)

    results = at_once(*[wrong] * 40)
    assert all(isinstance(result, SignInError) for result in results), results
    # Five are free; each wait that passes while the threads run lets one more through: one, two, four … seconds.
    assert 5 <= len(checked) <= 9
    assert sum(result.code == "paused" for result in results) == 40 - len(checked)


@pytest.mark.django_db
def test_counters_nobody_needs_are_forgotten():
    with time_machine.travel(now(), tick=False) as clock:
        throttling.take_try("source:a", throttling.SOURCE)
        throttling.fail("mail:b", throttling.MAILS)
        clock.shift(dt.timedelta(days=1))
        throttling.take_try("source:c", throttling.SOURCE)
        clock.shift(dt.timedelta(days=1, seconds=1))
        assert throttling.forget_stale() == 2
        assert list(Throttle.objects.values_list("key", flat=True)) == ["source:c"]


@pytest.mark.django_db
def test_one_phone_is_one_name_whoever_has_it():
    """Spellings of a phone share a count also when nobody has it: otherwise the waiting would tell."""
    make_user(phone="+84912345678")
    answers = {}
    for number in ("912345678", "987000123"):
        spellings = [f"0{number}", f"+84{number}", f"0{number[:3]} {number[3:6]} {number[6:]}"]
        answers[number] = [
            Client().post("/dang-nhap/", {"username": spellings[turn % 3], "password": "sai"}).status_code
            for turn in range(8)
        ]
    first, second = answers.values()
    assert first == second
    assert 429 in first


@pytest.mark.django_db
@pytest.mark.parametrize("source", ["address", "everywhere", "known device"])
def test_the_waits_do_not_tell_which_names_are_one_persons(quick_passwords, source):
    """What is done to a username, a phone answers as if it were somebody else's."""
    names = ("an", "an@example.vn", "0912345678")

    def asked(count):
        """Return what the last two names answer after ``count`` wrong tries of the first."""
        Throttle.objects.all().delete()
        for number in range(count):
            where = f"203.0.113.{number}" if source == "everywhere" else STRANGER
            enter(browser, "x", where, names[0])
        return [[enter(browser, "x", STRANGER, name) for _try in range(7)] for name in names[1:]]

    browser = Client()
    people = [make_user(username="an", email="an@example.vn", phone="+84912345678", password=GOOD)]
    with time_machine.travel(now(), tick=False):
        if source == "known device":
            enter(browser)
            browser.post("/dang-xuat/")
        together = asked(60)
        people[0].email = people[0].phone = None
        people[0].save()
        make_user(username="khac", email="an@example.vn", phone="+84912345678", password=GOOD)
        if source == "known device":
            enter(browser, username="khac")
            browser.post("/dang-xuat/")
        assert together == asked(60) == [[422] * 5 + [429] * 2] * 2


@pytest.mark.django_db
@pytest.mark.parametrize("have", ["an.nguyen", ""])
def test_no_spelling_of_a_name_begins_a_new_count(quick_passwords, have):
    """Databases compare names in capitals, where ı and I, \u017f and S are one; so the count takes them for one too."""
    if have:
        make_user(username=have, password=GOOD)
    with time_machine.travel(now(), tick=False):
        spellings = ["an.nguyen", "AN.NGUYEN", " an.Nguyen ", "án.nguyễn", "aN.nguyen", "an.NGUYEN", "An.Nguyen"]
        assert [enter(Client(), "x", username=one) for one in spellings] == [422] * 5 + [429] * 2
    assert name_of("tin.s") == name_of("TIN.S") == name_of("t\u0131n.\u017f")


@pytest.mark.django_db
def test_the_person_is_told_whatever_names_strangers_typed(quick_passwords):
    person = make_user(username="an", email="an@example.vn", phone="+84912345678", password=GOOD)
    with time_machine.travel(now(), tick=False):
        for number, name in enumerate(["an", "an@example.vn", "0912345678", "+84 912 345 678"]):
            for _try in range(5):
                enter(Client(), "x", f"203.0.113.{number}", name)
    assert list(Notification.objects.values_list("recipient", flat=True)) == [person.pk]
