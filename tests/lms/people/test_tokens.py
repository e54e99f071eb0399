"""API tokens: hashed, named, limited in time and in what they may do, ended when their person's access changes."""

from __future__ import annotations

import datetime as dt
import hashlib
import json

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from lms.audit.models import AuditEntry
from lms.common.clock import now
from lms.people.enums import Role
from lms.people.models import ApiToken
from lms.people.services import tokens
from lms.people.services.accounts import change_contact, change_password, set_active
from lms.people.services.activation import activate, issue_activation_codes
from tests.factories.people import grant, make_token, make_unit, make_user
from tests.factories.quizzes import make_attempt

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_passwords")]
GOOD = "Sông-Hồng-1930"
URL = "/api/v1/auth/token/"


@pytest.fixture
def person():
    return make_user("Lê Thị Bảy", username="bay", email="bay@example.vn", password=GOOD)


def ask(path, text, method="get", data=None):
    return Client().generic(
        method.upper(),
        path,
        "" if data is None else json.dumps(data),
        content_type="application/json",
        headers={"Authorization": f"Token {text}"},
    )


def answer(response):
    return response.status_code, response.json().get("code") if response.content else None


def test_what_the_database_keeps_opens_nothing(person, client):
    text = client.post(
        URL, {"username": "bay", "password": GOOD, "name": "Excel"}, content_type="application/json"
    ).json()["token"]
    row = ApiToken.objects.get()
    assert (row.name, row.digest, row.prefix, row.scope_list) == (
        "Excel",
        hashlib.sha256(text.encode()).hexdigest(),
        text[:8],
        ["exam", "read", "write"],
    )
    assert row.expires_at - row.created_at == dt.timedelta(days=30)
    assert text not in str(list(ApiToken.objects.values()) + list(AuditEntry.objects.values()))
    assert answer(ask("/api/v1/me/", row.digest)) == (401, "authentication_failed")


def test_each_program_has_its_own(person, client):
    body = {"username": "bay", "password": GOOD}
    first, second = (client.post(URL, body, content_type="application/json").json()["token"] for _number in range(2))
    assert first != second
    assert ask(URL, first, "delete").status_code == 204
    assert answer(ask("/api/v1/me/", first)) == (401, "authentication_failed")
    assert ask("/api/v1/me/", second).status_code == 200


def test_it_ends_by_itself_and_using_it_does_not_prolong_it(person, settings):
    settings.SEN_TOKEN_DAYS = 7
    with time_machine.travel(now(), tick=False) as clock:
        text = make_token(person)
        clock.shift(dt.timedelta(days=6, hours=23))
        assert ask("/api/v1/me/", text).status_code == 200
        clock.shift(dt.timedelta(hours=1))
        assert [answer(ask("/api/v1/me/", text)) for _number in range(3)] == [(401, "token_expired")] * 3
        used = AuditEntry.objects.get(action="people.token_expired_used")
        assert (used.actor_id, used.target, used.data["count"]) == (person.pk, f"user:{person.pk}", 1)
        assert tokens.forget_expired() == 0
        clock.shift(dt.timedelta(days=31))
        assert tokens.forget_expired() == 1


def test_a_program_may_ask_for_less_time_but_not_for_more(person, client):
    body = {"username": "bay", "password": GOOD}
    for days, expected in ((2, 2), (4000, 30)):
        client.post(URL, {**body, "days": days}, content_type="application/json")
        row = ApiToken.objects.latest("pk")
        assert (row.expires_at - row.created_at).days == expected


@pytest.mark.parametrize(
    ("scopes", "reading", "changing", "sitting"),
    [
        (["read"], 200, (403, "scope_required"), (403, "scope_required")),
        (["read", "exam"], 200, (403, "scope_required"), (404, "not_found")),
        (["read", "write"], 200, (404, "not_found"), (404, "not_found")),
        (["exam"], 403, (403, "scope_required"), (404, "not_found")),
    ],
)
def test_scopes_are_denied_by_default(person, scopes, reading, changing, sitting):
    text = make_token(person, scopes=scopes)
    assert ask("/api/v1/me/", text).status_code == reading
    assert answer(ask("/api/v1/sittings/999999/open/", text, "post", {})) == changing
    attempt = make_attempt()
    assert answer(ask(f"/api/v1/attempts/{attempt.pk}/submit/", text, "post", {})) == sitting
    attempt.refresh_from_db()
    assert attempt.state == "open"


def test_unknown_scopes_are_refused(person, client):
    body = {"username": "bay", "password": GOOD}
    for scopes in (["all"], []):
        response = client.post(URL, {**body, "scopes": scopes}, content_type="application/json")
        assert (response.status_code, list(response.json()["fields"])) == (400, ["scopes"])
    with pytest.raises(tokens.TokenError) as caught:
        tokens.make_token(user=person, scopes=["root"])
    assert caught.value.code == "unknown_scope"
    assert not ApiToken.objects.exists()


def test_a_token_obeys_what_a_session_obeys(person, settings):
    text = make_token(person)
    attempt = make_attempt(user=person)
    paths = ("/api/v1/me/", f"/api/v1/attempts/{attempt.pk}/paper/")
    person.must_change_password = True
    person.save(update_fields=["must_change_password"])
    assert [answer(ask(path, text)) for path in paths] == [(403, "password_change_required")] * 2
    person.must_change_password = False
    person.save(update_fields=["must_change_password"])
    settings.SEN_SECOND_FACTOR_ROLES = frozenset({"registrar"})
    assert [ask(path, text).status_code for path in paths] == [200] * 2
    grant(person, Role.REGISTRAR, make_unit())
    assert [answer(ask(path, text)) for path in paths] == [(403, "second_factor_required")] * 2


def test_it_dies_with_every_change_of_how_the_account_is_opened(person):
    changes = {
        "password": lambda: change_password(user=person, password="Cửu-Long-1975", actor=person),
        "contact": lambda: change_contact(user=person, email="khac@example.vn", phone=None, actor=person),
        "activation": lambda: activate(
            code=issue_activation_codes([person], actor=None)[person.pk], password="Trường-Sơn-1959"
        ),
        "closing": lambda: [set_active(user=person, active=active, actor=None) for active in (False, True)],
    }
    for name, change in changes.items():
        text = make_token(person)
        assert ask("/api/v1/me/", text).status_code == 200, name
        change()
        assert answer(ask("/api/v1/me/", text)) == (401, "authentication_failed"), name


def test_reading_a_token_takes_one_statement(person):
    attempt = make_attempt(user=person)
    text = make_token(person)
    path = f"/api/v1/attempts/{attempt.pk}/"
    ask(path, text)
    for lean in (True, False):
        with CaptureQueriesContext(connection) as queries:
            tokens.holder_of(text, lean=lean)
        assert len(queries) == 1
    with CaptureQueriesContext(connection) as queries:
        ask("/api/v1/me/", text)
    assert len(queries) == 2  # and the roles, which are the answer


def test_the_last_use_is_written_at_most_every_quarter_of_an_hour(person):
    with time_machine.travel(now(), tick=False) as clock:
        _row, text = tokens.make_token(user=person)
        counts = []
        for minutes in (0, 1, 14, 2):
            clock.shift(dt.timedelta(minutes=minutes))
            with CaptureQueriesContext(connection) as queries:
                tokens.holder_of(text)
            counts.append(len(queries))
        assert counts == [2, 1, 1, 2]
        assert ApiToken.objects.get().last_used_at == now()


def test_nobody_piles_them_up(person):
    texts = [make_token(person) for _number in range(tokens.MOST + 3)]
    assert ApiToken.objects.count() == tokens.MOST
    assert [ask("/api/v1/me/", text).status_code for text in texts[:4]] == [401, 401, 401, 200]


def test_own_tokens_by_api(person):
    other = make_token(make_user())
    mine, second = make_token(person, name="Máy chủ"), make_token(person, name="Sổ", scopes=["read"])
    listed = ask("/api/v1/auth/tokens/", mine).json()
    assert [(row["name"], row["begins_with"], row["scopes"], row["this"]) for row in listed] == [
        ("Sổ", second[:8], ["read"], False),
        ("Máy chủ", mine[:8], ["exam", "read", "write"], True),
    ]
    assert sorted(listed[0]) == sorted(
        ["id", "name", "begins_with", "scopes", "created_at", "expires_at", "last_used_at", "this"]
    )
    theirs = ApiToken.objects.exclude(user=person).get()
    assert ask(f"/api/v1/auth/tokens/{theirs.pk}/", mine, "delete").status_code == 404
    assert answer(ask(f"/api/v1/auth/tokens/{listed[1]['id']}/", second, "delete")) == (403, "scope_required")
    assert ask(f"/api/v1/auth/tokens/{listed[0]['id']}/", mine, "delete").status_code == 204
    assert ask("/api/v1/auth/tokens/", mine, "delete").status_code == 204
    assert [ask("/api/v1/me/", text).status_code for text in (mine, second, other)] == [401, 401, 200]


def test_the_page_lists_makes_and_ends(person, client):
    client.post("/dang-nhap/", {"username": "bay", "password": GOOD})
    page = client.get("/ho-so/truy-cap-api/").content.decode()
    assert "Chưa chương trình nào được truy cập" in page
    bad = client.post("/ho-so/truy-cap-api/moi/", {"name": "", "days": 31})
    assert (bad.status_code, set(bad.context["form"].errors)) == (422, {"name", "scopes", "days"})
    made = client.post("/ho-so/truy-cap-api/moi/", {"name": "Excel", "scopes": ["read"], "days": 5})
    text = made.context["text"]
    assert (made.status_code, text in made.content.decode()) == (200, True)
    assert ask("/api/v1/me/", text).status_code == 200
    assert ask("/api/v1/items/bulk/", text, "post", {}).status_code == 403
    page = client.get("/ho-so/truy-cap-api/").content.decode()
    assert text not in page
    assert f"Excel · <code>{text[:8]}…</code>" in page
    row = ApiToken.objects.get()
    stranger = Client()
    stranger.force_login(make_user())
    assert stranger.post(f"/ho-so/truy-cap-api/{row.pk}/thu-hoi/").status_code == 404
    assert client.post(f"/ho-so/truy-cap-api/{row.pk}/thu-hoi/")["Location"] == "/ho-so/truy-cap-api/"
    assert ask("/api/v1/me/", text).status_code == 401
    make_token(person)
    client.post("/ho-so/truy-cap-api/thu-hoi/")
    assert not ApiToken.objects.exists()
    actions = (
        AuditEntry.objects.filter(action__startswith="people.token").order_by("pk").values_list("action", flat=True)
    )
    assert list(actions) == [
        "people.token_made", "people.token_revoked", "people.token_made", "people.tokens_revoked",
    ]  # fmt: skip


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_takes_the_same_statements(person, client_as, count):
    for _number in range(count):
        make_token(person)
    client = client_as(person)
    client.get("/ho-so/truy-cap-api/")
    with CaptureQueriesContext(connection) as queries:
        client.get("/ho-so/truy-cap-api/")
    assert len(queries) == 4  # session, person, tokens, notices


def test_a_token_is_made_only_after_the_password(person, client_as):
    client = client_as(person)
    asked = client.post("/ho-so/truy-cap-api/moi/", {"name": "Sổ điểm", "scopes": ["read", "exam"], "days": "9"})
    assert asked["Location"].startswith("/xac-nhan-mat-khau/?next=")
    assert not ApiToken.objects.exists()
    page = client.get(asked["Location"])
    assert client.post(asked["Location"], {"current": "x", "next": page.context["next"]}).status_code == 422
    made = client.post(asked["Location"], {"current": GOOD, "next": page.context["next"]}).context["token"]
    assert (made.name, made.scope_list, (made.expires_at - made.created_at).days) == ("Sổ điểm", ["exam", "read"], 9)
