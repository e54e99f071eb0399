"""Signing in and out, in every way that a person tries."""

import contextlib
import datetime as dt

import pytest
import time_machine
from django.contrib.auth import SESSION_KEY
from django.test import Client
from django.urls import NoReverseMatch, reverse

from lms.common.clock import now
from lms.people.enums import Role
from lms.people.models import Throttle
from lms.people.services import throttling
from lms.people.services.sign_in import name_of
from tests.factories.people import grant, make_unit, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_passwords")]
GOOD = "Sông-Hồng-1930"


@pytest.fixture
def person():
    return make_user("Nguyễn Văn An", username="an.nguyen", email="an@example.vn", phone="+84912345678", password=GOOD)


def attempt(client, username, password=GOOD, **data):
    return client.post("/dang-nhap/", {"username": username, "password": password, **data})


@pytest.mark.parametrize(
    "typed", ["an.nguyen", " AN.nguyen ", "An@Example.VN", "0912345678", "0912 345 678", "+84 912 345 678"]
)
def test_every_identifier_works(client, person, typed):
    response = attempt(client, typed)
    assert (response.status_code, response["Location"]) == (302, "/bat-dau/")
    assert client.session[SESSION_KEY] == str(person.pk)
    assert client.session.get_expire_at_browser_close()


def test_remember_me(client, person):
    attempt(client, "an.nguyen", remember="on")
    assert client.session.get_expiry_age() == 14 * 24 * 3600
    assert not client.session.get_expire_at_browser_close()


@pytest.mark.parametrize("typed", ["an.nguyen", "nobody", "0999", "a\x00b", "x" * 254])
def test_a_wrong_try_tells_nothing(client, person, typed):
    response = attempt(client, typed, "wrong")
    assert response.status_code == 422
    if "\x00" not in typed:
        assert response.context["form"].non_field_errors() == [
            "Tên đăng nhập hoặc mật khẩu chưa đúng. Đồng chí kiểm tra lại, hoặc xin trung tâm cấp mã mới."
        ]
    assert SESSION_KEY not in client.session


def test_closed_accounts_and_accounts_without_password(client, person):
    person.is_active = False
    person.save(update_fields=["is_active"])
    make_user(username="moi")
    assert attempt(client, "an.nguyen").status_code == 422
    assert attempt(client, "moi", "!").status_code == 422


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ("/hoc/", "/hoc/"),
        ("/quan-tri/pages/?q=a", "/quan-tri/pages/?q=a"),
        ("https://evil.example/", "/bat-dau/"),
        ("//evil.example/", "/bat-dau/"),
        ("/\\evil.example", "/bat-dau/"),
        ("javascript:alert(1)", "/bat-dau/"),
    ],
)
def test_next_stays_on_this_site(client, person, wanted, expected):
    assert attempt(client, "an.nguyen", next=wanted)["Location"] == expected


def test_after_five_wrong_tries_the_next_waits(client, person):
    with time_machine.travel(now(), tick=False) as clock:
        for _number in range(5):
            assert attempt(client, "an.nguyen", "wrong").status_code == 422
        response = attempt(client, "an.nguyen")
        assert response.status_code == 429
        assert response.context["form"].non_field_errors() == [
            "Đồng chí đã nhập sai quá nhiều lần. Đồng chí chờ 1 giây rồi thử lại."
        ]
        assert SESSION_KEY not in client.session
        other = make_user(username="khac", password=GOOD)
        assert attempt(Client(), "khac").status_code == 302, other
        waits = []
        for _number in range(12):
            waits.append(round((throttling.paused_until([source_key(person)]) - now()).total_seconds()))
            clock.shift(dt.timedelta(seconds=waits[-1]))
            assert attempt(client, "an.nguyen", "wrong").status_code == 422
            assert attempt(client, "an.nguyen").status_code == 429
        assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900]
        clock.shift(dt.timedelta(minutes=15, seconds=1))
        assert attempt(client, "an.nguyen").status_code == 302
    assert not Throttle.objects.filter(key=source_key(person)).exists()


def source_key(person, address="127.0.0.1"):
    return throttling.key_for("source", f"{name_of(person.username)}|{address}")


def test_four_wrong_tries_then_right(client, person):
    for _number in range(3):
        for _try in range(4):
            attempt(client, "an.nguyen", "wrong")
        assert attempt(client, "an.nguyen").status_code == 302


def test_unknown_names_pause_alike(client):
    for _number in range(5):
        attempt(client, "khong.co", "wrong")
    assert attempt(client, "KHÔNG.CÓ", "wrong").status_code == 429


def test_failures_out_of_the_window_do_not_add_up():
    with time_machine.travel(now(), tick=False) as clock:
        for _number in range(30):
            throttling.fail("mail:x", throttling.MAILS)
            clock.shift(dt.timedelta(minutes=40))
    assert throttling.paused_until(["mail:x"]) is None


def test_a_hall_behind_one_address_is_not_locked_out(client, person):
    for number in range(60):
        attempt(client, f"hoc.vien{number}", "wrong")
    assert attempt(client, "an.nguyen").status_code == 302


def test_an_address_that_guesses_is_paused(client, person):
    key = throttling.key_for("address", "127.0.0.1")
    Throttle.objects.create(key=key, since=now(), failures=499)
    attempt(client, "nobody", "wrong")
    assert attempt(client, "an.nguyen").status_code == 429


def test_the_proxy_vouches_for_the_last_address_only(client, person, settings):
    settings.USE_X_FORWARDED_HOST = True
    client.post(
        "/dang-nhap/", {"username": "nobody", "password": "x"}, headers={"x-forwarded-for": "6.6.6.6, 10.1.1.1"}
    )
    assert Throttle.objects.filter(key=throttling.key_for("address", "10.1.1.1")).exists()
    assert Throttle.objects.count() == 3


def test_wagtail_has_no_sign_in_of_its_own(client):
    assert client.get("/quan-tri/")["Location"] == "/dang-nhap/?next=/quan-tri/"
    assert client.get("/quan-tri/login/?next=/quan-tri/pages/")["Location"] == "/dang-nhap/?next=/quan-tri/pages/"


def test_the_administration_is_not_there_for_whoever_may_not_enter(client_as, person):
    client = client_as(person)
    response = client.get("/quan-tri/", follow=True)
    assert (response.redirect_chain, response.status_code) == ([], 404)
    assert client.get("/dang-nhap/")["Location"] == "/bat-dau/"


def test_sign_out_by_post_only(client_as, person):
    client = client_as(person)
    assert client.get("/dang-xuat/").status_code == 405
    assert client.post("/dang-xuat/")["Location"] == "/"
    assert SESSION_KEY not in client.session


def test_sign_in_needs_a_csrf_token(person):
    client = Client(enforce_csrf_checks=True)
    assert attempt(client, "an.nguyen").status_code == 403


def address(*names):
    """The first of ``names`` that this installation has."""
    for name in names:
        with contextlib.suppress(NoReverseMatch):
            return reverse(name)
    return "/"


def test_start_leads_to_the_work_of_each(client_as):
    unit = make_unit()
    cast = {
        Role.REGISTRAR: address("office:home", "learner:home"),
        Role.AUDITOR: address("office:home", "learner:home"),
        Role.LECTURER: address("teacher:home", "learner:home"),
        Role.EXAM_OFFICER: address("exams:home", "learner:home"),
        None: address("learner:home"),
    }
    for role, expected in cast.items():
        user = make_user()
        if role:
            grant(user, role, unit)
        assert client_as(user).get("/bat-dau/")["Location"] == expected, role
    root = client_as(make_user(is_superuser=True))
    assert root.get("/bat-dau/")["Location"] == address("office:home", "wagtailadmin_home")


def test_a_forced_change_comes_first(client_as, person):
    person.must_change_password = True
    person.save(update_fields=["must_change_password"])
    client = client_as(person)
    assert client.get("/ho-so/")["Location"] == "/doi-mat-khau/"
    assert client.get("/ho-so/", headers={"HX-Request": "true"})["HX-Redirect"] == "/doi-mat-khau/"
    assert client.get("/api/v1/me/").json()["code"] == "password_change_required"
    wrong = client.post("/doi-mat-khau/", {"current": "x", "password": "Cửu-Long-1975", "repeat": "y"})
    assert wrong.status_code == 422
    assert set(wrong.context["form"].errors) == {"current", "repeat"}
    weak = client.post("/doi-mat-khau/", {"current": GOOD, "password": "123", "repeat": "123"})
    assert set(weak.context["form"].errors) == {"password"}
    done = client.post("/doi-mat-khau/", {"current": GOOD, "password": "Cửu-Long-1975", "repeat": "Cửu-Long-1975"})
    assert done["Location"] == "/bat-dau/"
    assert client.get("/ho-so/").status_code == 200
    person.refresh_from_db()
    assert person.check_password("Cửu-Long-1975")


def test_language_switch(client):
    response = client.post("/ngon-ngu/", {"language": "en", "next": "/dang-nhap/"})
    assert response["Location"] == "/dang-nhap/"
    assert client.cookies["sen_language"].value == "en"
    assert "Sign in" in client.get("/dang-nhap/").content.decode()
    assert client.post("/ngon-ngu/", {"language": "en", "next": "//evil.example/"})["Location"] == "/"
