"""Signing in through a provider of identities, and every way in which its answer may be false.

The provider is django-allauth's own, in a process of its own, spoken to over HTTP.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import hmac
import json
import re
import socket
import subprocess
import sys
import time
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
import requests
import time_machine
from allauth.socialaccount.models import SocialAccount
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.contrib.auth import SESSION_KEY
from django.contrib.messages import get_messages
from django.test import Client

from lms.audit.events import _counter
from lms.audit.models import AuditEntry
from lms.common.clock import now
from lms.people.models import ApiToken, User
from lms.people.oidc import SenOidcAdapter, provider_id
from tests.factories.factors import code_of, give_app
from tests.factories.people import make_token, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_passwords")]
GOOD = "Sông-Hồng-1930"
BEGIN, ANSWER = "/dang-nhap/lien-ket/", "/dang-nhap/lien-ket/tra-loi/"
IDENTITIES, LINK = "/ho-so/lien-ket/", "/ho-so/lien-ket/moi/"


def pem() -> bytes:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


class Provider:
    """The running provider, and a browser that is somebody there."""

    def __init__(self, url, folder):
        self.url, self.folder = url, folder

    def browser(self, username, email=""):
        session = requests.Session()
        session.get(f"{self.url}/be/{username}/", params={"email": email}).raise_for_status()
        return session

    def answer(self, location, username="bay", email=""):
        """Be ``username`` at the provider, and return the address that it sends the browser back to."""
        response = self.browser(username, email).get(location, allow_redirects=False)
        assert response.status_code == 302, response.text
        return re.sub(r"^http://testserver", "", response.headers["Location"])

    def keys(self):
        return sorted(self.folder.glob("*.pem"))


@pytest.fixture(scope="session")
def running(tmp_path_factory):
    folder = tmp_path_factory.mktemp("provider")
    (folder / "1.pem").write_bytes(pem())
    with socket.socket() as free:
        free.bind(("localhost", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen([sys.executable, "-m", "tests.oidc_provider", str(port), str(folder)])
    provider = Provider(f"http://localhost:{port}", folder)
    for _try in range(300):
        assert process.poll() is None
        try:
            requests.get(f"{provider.url}/.well-known/openid-configuration", timeout=5).raise_for_status()
            break
        except requests.ConnectionError:
            time.sleep(0.1)
    yield provider
    process.terminate()
    process.wait()


@pytest.fixture
def provider(running, settings):
    found = requests.get(f"{running.url}/.well-known/openid-configuration", timeout=5).json()
    settings.SEN_OIDC_ISSUER = found["issuer"]
    settings.SEN_OIDC_CLIENT_ID = "sen"
    settings.SEN_OIDC_CLIENT_SECRET = "a secret of this client only"
    settings.SEN_OIDC_NAME = "Cổng thử"
    return running


@pytest.fixture(autouse=True)
def _one_by_one():
    """Refusals are written down one by one in every test."""
    _counter.clear()


@pytest.fixture
def person():
    return make_user("Lê Thị Bảy", username="bay", email="bay@example.vn", password=GOOD)


def enter(client, name="bay"):
    assert client.post("/dang-nhap/", {"username": name, "password": GOOD}).status_code == 302
    return client


def link(client, provider, username="bay", email=""):
    """Link an identity of the provider to the account that is signed in."""
    asked = client.post(LINK)
    return client.get(provider.answer(asked["Location"], username, email))


@pytest.fixture
def linked(provider, person):
    link(enter(Client()), provider)
    assert SocialAccount.objects.filter(user=person).count() == 1
    return person


def begin(client, **more):
    return client.post(BEGIN, more)["Location"]


def come(client, provider, username="bay", email="", **more):
    return client.get(provider.answer(begin(client, **more), username, email))


def said(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


def is_in(client):
    return SESSION_KEY in client.session


def why():
    return [entry.data["why"] for entry in AuditEntry.objects.filter(action="people.identity_refused")]


def refused(client, response, words=""):
    assert (response.status_code, response.headers["Location"], is_in(client)) == (302, "/dang-nhap/", False)
    assert len(said(response)) == 1
    if words:
        assert words in why()[-1], why()


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


@pytest.fixture
def forged(provider, monkeypatch):
    """Return a function that puts another ID token in the place of the provider's: ``change(claims, key)``."""

    def forge(change):
        true = SenOidcAdapter.get_access_token_data

        def false(self, *arguments, **more):
            data = true(self, *arguments, **more)
            claims = jwt.decode(data["id_token"], options={"verify_signature": False})
            header = jwt.get_unverified_header(data["id_token"])
            data["id_token"] = change(claims, header)
            return data

        monkeypatch.setattr(SenOidcAdapter, "get_access_token_data", false)

    return forge


def signed(provider, claims, header):
    return jwt.encode(claims, provider.keys()[-1].read_text(), algorithm="RS256", headers={"kid": header["kid"]})


def test_what_the_forger_does_is_the_only_difference(linked, provider, forged):
    forged(lambda claims, header: signed(provider, claims, header))
    client = Client()
    come(client, provider)
    assert is_in(client)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"iss": "https://evil.example"}, "Invalid issuer"),
        ({"iss": None}, "iss"),
        ({"aud": "another"}, "Audience"),
        ({"aud": ["sen", "another"]}, "another client"),
        ({"aud": ["sen", "another"], "azp": "another"}, "another client"),
        ({"azp": "another"}, "another client"),
        ({"exp": 1}, "expired"),
        ({"exp": None}, "exp"),
        ({"nonce": "replayed"}, "another sign-in"),
        ({"nonce": None}, "nonce"),
        ({"sub": None}, "sub"),
        ({"sub": ""}, "names nobody"),
    ],
    ids=lambda value: json.dumps(value) if isinstance(value, dict) else "",
)
def test_a_claim_that_does_not_hold(linked, provider, forged, changed, words):
    def change(claims, header):
        both = claims | changed
        return signed(provider, {name: value for name, value in both.items() if value is not None}, header)

    forged(change)
    client = Client()
    refused(client, come(client, provider), words)


def part(data):
    return base64.urlsafe_b64encode(json.dumps(data).encode()).decode().rstrip("=")


@pytest.mark.parametrize("algorithm", ["none", "None", "NONE"])
def test_no_signature_is_no_token(linked, provider, forged, algorithm):
    forged(lambda claims, header: f"{part(header | {'alg': algorithm})}.{part(claims)}.")
    client = Client()
    refused(client, come(client, provider), "no signature")


def test_the_public_key_is_no_shared_secret(linked, provider, forged):
    """The old confusion: HMAC with what the provider publishes."""
    private = serialization.load_pem_private_key(provider.keys()[-1].read_bytes(), None)
    public = private.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )

    def change(claims, header):
        text = f"{part(header | {'alg': 'HS256'})}.{part(claims)}"
        digest = hmac.new(public, text.encode(), hashlib.sha256).digest()
        return f"{text}.{base64.urlsafe_b64encode(digest).decode().rstrip('=')}"

    forged(change)
    client = Client()
    refused(client, come(client, provider), "no signature")


def test_a_foreign_key_under_the_name_of_a_published_one(linked, provider, forged):
    foreign = pem().decode()
    forged(lambda claims, header: jwt.encode(claims, foreign, algorithm="RS256", headers={"kid": header["kid"]}))
    client = Client()
    refused(client, come(client, provider), "Signature verification failed")


def test_without_an_id_token(linked, provider, monkeypatch):
    true = SenOidcAdapter.get_access_token_data
    monkeypatch.setattr(
        SenOidcAdapter,
        "get_access_token_data",
        lambda self, *a, **k: {name: value for name, value in true(self, *a, **k).items() if name != "id_token"},
    )
    client = Client()
    refused(client, come(client, provider), "no ID token")


def test_a_new_key_of_the_provider_is_taken_and_a_withdrawn_one_is_not(linked, provider, forged):
    first = provider.keys()[0]
    old = first.read_text()
    new = provider.folder / "2.pem"
    new.write_bytes(pem())
    client = Client()
    come(client, provider)
    assert is_in(client), "both are published"
    try:
        first.rename(first.with_suffix(".away"))
        after = Client()
        come(after, provider)
        assert is_in(after), "the new one alone"

        def with_old(claims, header):
            return jwt.encode(claims, old, algorithm="RS256", headers={"kid": "of-the-withdrawn-key"})

        forged(with_old)
        thief = Client()
        refused(thief, come(thief, provider), "does not publish")
    finally:
        first.with_suffix(".away").rename(first)
        new.unlink()


def test_another_issuer_behind_the_address(provider, person, settings):
    settings.SEN_OIDC_ISSUER = provider.url.replace("localhost", "127.0.0.1")
    response = Client().post(BEGIN)
    assert response["Location"] == "/dang-nhap/"


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
