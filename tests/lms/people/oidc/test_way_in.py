"""Signing in through a provider of identities, linking one, and what goes with both."""

from __future__ import annotations

import datetime as dt
import socket
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from allauth.socialaccount.models import SocialAccount
from django.contrib.auth import SESSION_KEY
from django.test import Client

from lms.audit.models import AuditEntry
from lms.common.clock import now
from lms.people.models import ApiToken, User
from lms.people.oidc import provider_id
from tests.factories.factors import code_of, give_app
from tests.factories.people import make_token, make_user
from tests.lms.people.oidc.walk import (
    ANSWER,
    BEGIN,
    GOOD,
    IDENTITIES,
    LINK,
    begin,
    come,
    enter,
    is_in,
    link,
    refused,
    said,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_passwords")]


def test_linking_and_signing_in(provider, person):
    browser, other, token = enter(Client()), enter(Client()), make_token(person)
    key = browser.session.session_key
    done = link(browser, provider)
    assert done["Location"] == IDENTITIES
    assert said(done) == ["Đã liên kết. Từ nay đồng chí có thể đăng nhập bằng danh tính này."]
    assert [one.get("/ho-so/").status_code for one in (browser, other)] == [200, 302]
    assert browser.session.session_key != key
    assert Client().get("/api/v1/me/", headers={"Authorization": f"Token {token}"}).status_code == 401
    row = SocialAccount.objects.get()
    assert (row.user, row.provider, set(row.extra_data)) == (person, provider_id(), {"shown"})
    assert "bay" in browser.get(IDENTITIES).content.decode()
    assert AuditEntry.objects.get(action="people.identity_linked").actor == person

    stranger = Client()
    page = stranger.get("/dang-nhap/?next=/ho-so/").content.decode()
    assert "Đăng nhập bằng Cổng thử" in page
    assert come(stranger, provider, next="/ho-so/")["Location"] == "/ho-so/"
    assert stranger.get("/ho-so/").status_code == 200
    assert AuditEntry.objects.filter(action="people.signed_in").latest("pk").data["by"] == "oidc"
    assert User.objects.count() == 1
    assert not person.emailaddress_set.exists(), "no address comes from a provider"


def test_the_second_factor_is_asked_for_all_the_same(linked, provider):
    give_app(linked)
    client = Client()
    assert come(client, provider, next="/ho-so/")["Location"] == "/dang-nhap/ma-xac-thuc/"
    assert not is_in(client)
    assert client.post("/dang-nhap/ma-xac-thuc/", {"code": code_of(linked)})["Location"] == "/ho-so/"
    assert AuditEntry.objects.filter(action="people.signed_in").latest("pk").data["by"] == "oidc+code"


def test_linking_asks_who_is_there_first(provider, person):
    # the provider's clock is the real one, so ours arrives there at the answer
    with time_machine.travel(now() - dt.timedelta(seconds=660 + 590 + 11), tick=False) as clock:
        client = enter(Client())
        clock.shift(660)
        assert client.post(LINK)["Location"] == f"/xac-nhan-mat-khau/?next={LINK.replace('/', '%2F')}"
        client.post("/xac-nhan-mat-khau/", {"current": GOOD, "next": LINK})
        clock.shift(590)
        answer = provider.answer(client.post(LINK)["Location"])
        clock.shift(11)
        assert client.get(answer)["Location"] == "/xac-nhan-mat-khau/", "the proof is over when the answer comes"
        assert not SocialAccount.objects.exists()
        done = client.post("/xac-nhan-mat-khau/", {"current": GOOD})
    assert (done["Location"], SocialAccount.objects.get().user) == (IDENTITIES, person)


def test_somebody_with_a_factor_shows_it_before_linking(provider, person):
    give_app(person)
    client = Client()
    client.force_login(person)
    assert client.post(LINK)["Location"].startswith("/xac-nhan-mat-khau/ma/")


def test_an_unlinked_identity_opens_nothing_whatever_address_it_has(provider, person):
    """Neither a verified nor an unverified address is proof of who somebody is."""
    person.emailaddress_set.create(email="bay@example.vn", verified=True, primary=True)
    client = Client()
    refused(client, come(client, provider, "doi-tuong", "bay@example.vn"))
    assert not SocialAccount.objects.exists()
    assert User.objects.count() == 1, "a provider makes no accounts"
    assert AuditEntry.objects.filter(action="people.identity_unknown").count() == 1


def test_a_changed_sub_is_another_person(linked, provider):
    client = Client()
    refused(client, come(client, provider, "khac", "bay@example.vn"))
    link(enter(Client()), provider, "khac")
    assert SocialAccount.objects.filter(user=linked).count() == 2, "each identity is linked by itself"


def test_the_same_sub_of_another_issuer_is_another_person(linked, provider, settings):
    before = SocialAccount.objects.get()
    settings.SEN_OIDC_ISSUER = "https://khac.example.vn"
    assert provider_id() != before.provider


def test_an_identity_belongs_to_one_account(linked, provider):
    make_user(username="tam", password=GOOD)
    done = link(enter(Client(), "tam"), provider)
    assert said(done) == ["Danh tính này đã thuộc về một tài khoản khác."]
    assert SocialAccount.objects.get().user == linked


def test_a_code_is_taken_once(linked, provider):
    client, copy = Client(), Client()
    address = provider.answer(begin(client))
    client.get(address)
    assert is_in(client)
    client.logout()
    refused(client, client.get(address), "unknown")
    # and a code that somebody overheard is nothing with the state of another sign-in
    state = parse_qs(urlsplit(begin(copy)).query)["state"][0]
    code = parse_qs(urlsplit(address).query)["code"][0]
    refused(copy, copy.get(ANSWER, {"code": code, "state": state}), "")


def test_a_stolen_code_is_nothing_in_another_browser(linked, provider):
    """Before it was used: PKCE binds it to the browser that asked."""
    victim, thief = Client(), Client()
    code = parse_qs(urlsplit(provider.answer(begin(victim))).query)["code"][0]
    state = parse_qs(urlsplit(begin(thief)).query)["state"][0]
    refused(thief, thief.get(ANSWER, {"code": code, "state": state}))


@pytest.mark.parametrize("state", [None, "", "x" * 16, "other"])
def test_without_the_state_of_this_browser_no_answer_is_taken(linked, provider, state):
    """Missing, invented, or of another browser: also what a provider starts by itself, and a forged sign-in."""
    client, other = Client(), Client()
    begin(client)
    query = parse_qs(urlsplit(provider.answer(begin(other))).query)
    given = {"code": query["code"][0]} | ({} if state is None else {"state": state})
    if state == "other":
        given["state"] = query["state"][0]
    refused(client, client.get(ANSWER, given), "unknown")


def test_an_old_state_is_over(linked, provider):
    with time_machine.travel(now(), tick=False) as clock:
        client = Client()
        location = begin(client)
        clock.shift(601)
        refused(client, client.get(provider.answer(location)))


def test_a_no_at_the_provider_is_said_in_words(provider):
    client = Client()
    state = parse_qs(urlsplit(begin(client)).query)["state"][0]
    response = client.get(ANSWER, {"error": "access_denied", "state": state})
    refused(client, response)
    assert said(response) == ["Đồng chí chưa đăng nhập tại Cổng thử."]


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"]
)
def test_the_way_afterwards_stays_on_this_site(linked, provider, target):
    client = Client()
    assert come(client, provider, next=target)["Location"] == "/bat-dau/"
    assert is_in(client)


def test_the_address_adds_nothing_to_what_the_provider_is_asked(provider):
    client = Client()
    location = client.post(f"{BEGIN}?auth_params=redirect_uri%3Dhttps://evil.example&scope=admin&process=connect")
    query = parse_qs(urlsplit(location["Location"]).query)
    assert query["redirect_uri"] == [f"http://testserver{ANSWER}"]
    assert sorted(query["scope"][0].split()) == ["openid", "profile"]
    assert {"state", "nonce", "code_challenge"} <= set(query)
    assert client.get(BEGIN).status_code == 405
    assert Client(enforce_csrf_checks=True).post(BEGIN).status_code == 403


def test_signing_in_renews_the_session(linked, provider):
    client = Client()
    address = provider.answer(begin(client))
    planted = client.session.session_key
    client.get(address)
    assert is_in(client)
    assert client.session.session_key != planted
    other = Client()
    other.cookies["sessionid"] = planted
    assert other.get("/ho-so/").status_code == 302


def test_the_answer_ends_who_was_signed_in_here(linked, provider):
    make_user(username="tam", password=GOOD)
    client = enter(Client(), "tam")
    come(client, provider)
    assert client.session[SESSION_KEY] == str(linked.pk)


def test_a_closed_account_stays_closed(linked, provider):
    linked.is_active = False
    linked.save(update_fields=["is_active"])
    client = Client()
    response = come(client, provider)
    assert (response["Location"], is_in(client)) == ("/dang-nhap/", False)


def test_when_the_provider_is_away_passwords_go_on(linked, settings):
    with socket.socket() as free:
        free.bind(("localhost", 0))
        settings.SEN_OIDC_ISSUER = f"http://localhost:{free.getsockname()[1]}"
    root = make_user(username="root", password=GOOD, is_superuser=True)
    client = Client()
    assert client.get("/dang-nhap/").status_code == 200
    asked = client.post(BEGIN)
    assert (asked["Location"], said(asked)) == ("/dang-nhap/", ["Cổng thử hiện không trả lời. Đồng chí dùng mật khẩu."])
    for name in ("bay", "root"):
        enter(Client(), name)
    assert AuditEntry.objects.filter(action="people.signed_in", actor=root).exists()


def test_unlinking(linked, provider):
    row = SocialAccount.objects.get()
    make_token(linked)
    browser, other = enter(Client()), enter(Client())
    stranger = enter(Client(), make_user(username="tam", password=GOOD).username)
    assert stranger.post(f"{IDENTITIES}{row.pk}/go/").status_code == 404
    User.objects.filter(pk=linked.pk).update(password="!")
    with_identity_only = Client()
    with_identity_only.force_login(User.objects.get(pk=linked.pk))
    asked = with_identity_only.post(f"{IDENTITIES}{row.pk}/go/")
    assert asked["Location"].startswith("/xac-nhan-mat-khau/")
    assert SocialAccount.objects.exists()
    User.objects.filter(pk=linked.pk).update(password=linked.password)
    assert browser.post(f"{IDENTITIES}{row.pk}/go/")["Location"] == IDENTITIES
    assert [one.get("/ho-so/").status_code for one in (browser, other)] == [200, 302]
    assert not ApiToken.objects.exists()
    client = Client()
    refused(client, come(client, provider))


def test_without_a_provider_there_is_nothing(client, person, client_as):
    assert [client.post(BEGIN).status_code, client.get(ANSWER).status_code] == [404, 404]
    mine = client_as(person)
    assert [mine.get(IDENTITIES).status_code, enter(Client()).post(LINK).status_code] == [404, 404]
    assert BEGIN not in client.get("/dang-nhap/").content.decode()
    assert IDENTITIES not in mine.get("/ho-so/").content.decode()
