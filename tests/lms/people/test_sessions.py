"""Sessions: how long they last, where one is signed in, what ends them for good."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from lms.audit.models import AuditEntry
from lms.common.clock import now
from lms.people.enums import Role
from lms.people.models import UserSession
from lms.people.services import sessions
from lms.people.services.accounts import change_contact, change_password, set_active
from tests.factories.people import grant, make_token, make_unit, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_passwords")]
GOOD = "Sông-Hồng-1930"
URL = "/ho-so/phien-dang-nhap/"
CHROME = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0 Mobile Safari/537.36"


@pytest.fixture
def person():
    return make_user("Lê Thị Bảy", username="bay", email="bay@example.vn", password=GOOD)


def enter(**more):
    client = Client(**more)
    assert client.post("/dang-nhap/", {"username": "bay", "password": GOOD, "remember": "on"}).status_code == 302
    return client


def inside(client):
    return client.get("/ho-so/").status_code == 200


@pytest.mark.parametrize(
    ("role", "idle_hours", "days"), [(None, 14 * 24, 60), (Role.LECTURER, 12, 14)], ids=["learner", "staff"]
)
def test_a_session_ends_when_it_is_not_used_and_after_some_days_in_any_case(person, role, idle_hours, days):
    if role:
        grant(person, role, make_unit())
    with time_machine.travel(now(), tick=False) as clock:
        client = enter()
        clock.shift(dt.timedelta(hours=idle_hours, minutes=-1))
        assert inside(client), "it is prolonged by being used"
        clock.shift(dt.timedelta(hours=idle_hours, minutes=-1))
        assert inside(client)
        clock.shift(dt.timedelta(hours=idle_hours, minutes=1))
        assert client.get("/ho-so/")["Location"] == "/dang-nhap/?next=/ho-so/"
        assert SESSION_KEY not in client.session

        client = enter()
        for _step in range(int(days * 24 / (idle_hours - 1))):
            clock.shift(dt.timedelta(hours=idle_hours - 1))
            assert inside(client)
        clock.shift(dt.timedelta(hours=idle_hours - 1))
        assert not inside(client)


def test_an_ended_session_answers_the_api_and_htmx_like_any_stranger(person):
    with time_machine.travel(now(), tick=False) as clock:
        client = enter()
        clock.shift(dt.timedelta(days=15))
        assert client.get("/api/v1/me/").status_code == 401


def test_being_there_is_written_every_half_hour(person, client_as):
    with time_machine.travel(now(), tick=False) as clock:
        client = client_as(person)
        counts = []
        for minutes in (1, 28, 2, 1):
            clock.shift(dt.timedelta(minutes=minutes))
            with CaptureQueriesContext(connection) as queries:
                client.get("/ho-so/")
            counts.append(len([query for query in queries if "UPDATE" in query["sql"] or "INSERT" in query["sql"]]))
        assert counts == [0, 0, 2, 0]  # the list of sessions, the session itself


def test_a_session_from_before_begins_at_its_next_use(person, client_as):
    client = client_as(person)
    session = client.session
    del session[sessions.BEGAN], session[sessions.SEEN]
    session.save()
    UserSession.objects.all().delete()
    assert inside(client)
    assert {sessions.BEGAN, sessions.SEEN} <= set(client.session.keys())
    assert UserSession.objects.get().user == person


def test_signing_in_gives_a_new_key_each_time(person):
    client = Client()
    client.get("/dang-nhap/")
    keys = set()
    for _time in range(3):
        client.post("/dang-nhap/", {"username": "bay", "password": GOOD})
        keys.add(client.session.session_key)
    assert len(keys) == 3
    assert Session.objects.count() == 1


@pytest.mark.parametrize(
    "change",
    [
        lambda person: [set_active(user=person, active=active, actor=None) for active in (False, True)],
        lambda person: change_password(user=person, password="Cửu-Long-1975", actor=None),
        lambda person: change_contact(user=person, email="khac@example.vn", phone=None, actor=None),
    ],
    ids=["closed and opened again", "password", "contact"],
)
def test_what_ends_sessions_ends_them_for_good(person, change):
    clients = [enter(), enter()]
    change(person)
    assert [inside(client) for client in clients] == [False, False]
    assert not UserSession.objects.filter(user=person).exists()


def test_closing_in_the_administration_ends_them_too(person, client_as):
    root = client_as(make_user(is_superuser=True))
    token = make_token(person)
    learner = enter()
    edit = f"/quan-tri/users/edit/{person.pk}/"
    data = {"given_name": "Bảy", "username": "bay", "email": "bay@example.vn"}
    assert root.post(edit, data).status_code == 302
    person.refresh_from_db()
    assert not person.is_active
    assert root.post(edit, {**data, "is_active": "on"}).status_code == 302
    person.refresh_from_db()
    assert person.is_active
    assert not inside(learner)
    assert Client().get("/api/v1/me/", headers={"Authorization": f"Token {token}"}).status_code == 401
    actions = AuditEntry.objects.filter(target=f"user:{person.pk}", stream="main").order_by("pk")
    assert [entry for entry in actions.values_list("action", flat=True) if entry != "people.edited"] == [
        "people.closed",
        "people.opened",
    ]


def test_closing_many_in_the_administration_ends_them_too(person, client_as):
    root = client_as(make_user(is_superuser=True))
    learner = enter()
    path = f"/quan-tri/bulk/people/user/set_active_state/?id={person.pk}&next=/quan-tri/users/"
    assert root.post(path, {"mark_as_active": "False"}).status_code == 302
    assert root.post(path, {"mark_as_active": "True"}).status_code == 302
    person.refresh_from_db()
    assert person.is_active
    assert not inside(learner)
    assert list(AuditEntry.objects.filter(stream="main").order_by("pk").values_list("action", "target")) == [
        ("people.closed", f"user:{person.pk}"), ("people.opened", f"user:{person.pk}"),
    ]  # fmt: skip
    for act in ("delete", "assign_role"):
        assert root.get(f"/quan-tri/bulk/people/user/{act}/?id={person.pk}").status_code == 404
        assert root.post(f"/quan-tri/bulk/people/user/{act}/?id={person.pk}").status_code == 404


def test_the_page_shows_where_one_is_signed_in(person):
    here = enter(headers={"user-agent": CHROME})
    there = enter(headers={"user-agent": "Mozilla/5.0 (Windows NT 10.0) Gecko/20100101 Firefox/128.0"})
    Client().force_login(make_user())
    rows = here.get(URL).context["rows"]
    assert [(row.address, browser, own) for row, _number, browser, own in rows] == [
        ("127.0.0.1", "Chrome, Android", True),
        ("127.0.0.1", "Firefox, Windows", False),
    ]
    page = here.get(URL).content.decode()
    assert here.session.session_key not in page
    assert there.session.session_key not in page
    number = rows[1][1]
    assert enter().post(f"{URL}{'0' * 24}/")["Location"] == URL  # nobody is signed in there any more
    stranger = Client()
    stranger.force_login(make_user())
    assert stranger.post(f"{URL}{number}/")["Location"] == URL  # as for a session that is not there
    assert inside(there)
    assert here.post(f"{URL}{rows[0][1]}/").status_code == 404, "signing out here has a button of its own"
    assert inside(there)
    assert here.post(f"{URL}{number}/")["Location"] == URL
    assert [inside(here), inside(there)] == [True, False]


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_takes_the_same_statements(person, client_as, count):
    client = client_as(person)
    for _number in range(count - 1):
        client_as(person)
    client.get(URL)
    with CaptureQueriesContext(connection) as queries:
        assert len(client.get(URL).context["rows"]) == count
    assert len(queries) == 4  # session, person, sessions, notices


def test_signing_out_everywhere_else(person):
    here, there, token = enter(), enter(), make_token(person)
    key = here.session.session_key
    assert here.post(f"{URL}noi-khac/")["Location"] == URL
    assert [inside(here), inside(there)] == [True, False]
    assert here.session.session_key != key
    assert Client().get("/api/v1/me/", headers={"Authorization": f"Token {token}"}).status_code == 401
    assert [row.session_key for row in UserSession.objects.all()] == [here.session.session_key]
    assert AuditEntry.objects.filter(action="people.sessions_ended").values_list("actor", flat=True).get() == person.pk


def test_signing_out_elsewhere_asks_for_the_password_after_a_while(person):
    with time_machine.travel(now(), tick=False) as clock:
        here, there = enter(), enter()
        clock.shift(dt.timedelta(minutes=11))
        asked = here.post(f"{URL}noi-khac/")
        assert asked["Location"] == f"/xac-nhan-mat-khau/?next={URL.replace('/', '%2F')}noi-khac%2F"
        assert inside(there)
        done = here.post("/xac-nhan-mat-khau/", {"current": GOOD, "next": f"{URL}noi-khac/"})
        assert done["Location"] == URL
        assert [inside(here), inside(there)] == [True, False]


def test_changing_the_own_password_keeps_this_session_only(person):
    here, there = enter(), enter()
    new = "Cửu-Long-1975"
    here.post("/doi-mat-khau/", {"current": GOOD, "password": new, "repeat": new})
    assert [inside(here), inside(there)] == [True, False]


def test_the_present_password_cannot_be_guessed_without_limit(person):
    client = enter()
    forms = {
        "/doi-mat-khau/": {"current": "x", "password": "Cửu-Long-1975", "repeat": "Cửu-Long-1975"},
        "/ho-so/lien-he/": {"current": "x", "email": "khac@example.vn"},
        "/ho-so/du-lieu/xoa/": {"current": "x"},
        "/xac-nhan-mat-khau/": {"current": "x"},
    }
    with time_machine.travel(now(), tick=False):
        said = []
        for path, data in [*forms.items(), *forms.items()]:
            said.append(client.post(path, data).context["form"].errors["current"])
        assert said[:5] == [["Mật khẩu hiện tại chưa đúng."]] * 5
        assert all("quá nhiều lần" in words[0] for words in said[5:])
        right = client.post("/doi-mat-khau/", {**forms["/doi-mat-khau/"], "current": GOOD})
        assert right.status_code == 422
    assert AuditEntry.objects.filter(action="people.password_wrong", actor=person).count() == 5


def test_signing_out_empties_the_cache_and_leaves_unsent_work(person):
    client = enter()
    response = client.post("/dang-xuat/")
    assert response.headers["Clear-Site-Data"] == '"cache"'
    assert not UserSession.objects.exists()
    assert AuditEntry.objects.filter(action="people.signed_out").values_list("actor", flat=True).get() == person.pk


def test_what_is_left_of_old_sessions_is_forgotten(person, client_as):
    with time_machine.travel(now(), tick=False) as clock:
        client_as(person)
        assert sessions.forget_stale() == 0
        clock.shift(dt.timedelta(days=15))
        assert sessions.forget_stale() == 1
        assert not Session.objects.exists()
