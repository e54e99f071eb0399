"""Attacks on signing in that are known from other products; those on a provider's answer are in the folder ``oidc``."""

from __future__ import annotations

import re
from functools import partial

import pytest
from allauth.account.adapter import get_adapter
from allauth.core import context
from allauth.mfa.models import Authenticator
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, get_resolver, reverse
from django.utils.http import int_to_base36

from lms.audit.models import AuditEntry
from lms.common.errors import DomainError
from lms.people.models import ApiToken, ResetRequest, User
from lms.people.reset_links import reset_links
from lms.people.services import factors, recovery
from lms.people.services.accounts import change_contact, change_password
from tests.factories.factors import code_of, give_app, give_passkey
from tests.factories.people import make_token, make_user

GOOD, NEW = "Sông-Hồng-1930", "Cửu-Long-1975"
STEP = "/dang-nhap/ma-xac-thuc/"


@pytest.fixture
def person(db, quick_passwords):
    return make_user("Lê Thị Bảy", username="bay", email="bay@example.vn", phone="+84912345678", password=GOOD)


def sign_in(client, username="bay", password=GOOD, **more):
    return client.post("/dang-nhap/", {"username": username, "password": password}, **more)


def test_an_address_that_the_client_writes_counts_for_nothing(person, rf):
    """Without our proxy the header is the client's own: a new one in every try must not be a new source."""
    for number in range(6):
        answer = sign_in(Client(), password="x", headers={"x-forwarded-for": f"6.6.6.{number}"})
    assert answer.status_code == 429
    request = rf.get("/", headers={"x-forwarded-for": "6.6.6.6", "x-real-ip": "6.6.6.6"}, REMOTE_ADDR="10.0.0.9")
    with context.request_context(request):
        assert get_adapter().get_client_ip(request) == "10.0.0.9"


def test_a_planted_session_is_worth_nothing_after_the_sign_in(person):
    give_app(person)
    client = Client()
    client.get("/dang-nhap/khoa-truy-cap/")  # a stranger's session, as somebody might plant it
    planted = client.session.session_key
    sign_in(client)
    half = client.session.session_key
    assert client.post(STEP, {"code": code_of(person)}).status_code == 302
    assert client.session.session_key not in {planted, half, None}
    for key in (planted, half):
        thief = Client()
        thief.cookies["sessionid"] = key
        assert (thief.get("/ho-so/").status_code, SESSION_KEY in thief.session) == (302, False)


def test_half_a_sign_in_opens_no_page(person):
    give_app(person)
    client = Client()
    sign_in(client)
    pages = ["/ho-so/", "/bat-dau/", "/ho-so/xac-thuc-hai-buoc/", "/xac-nhan-mat-khau/", "/ho-so/truy-cap-api/moi/"]
    assert [client.get(page).headers["Location"] for page in pages] == [f"/dang-nhap/?next={page}" for page in pages]
    assert client.post("/xac-nhan-mat-khau/", {"current": GOOD}).headers["Location"].startswith("/dang-nhap/")
    assert client.get("/api/v1/me/").status_code == 401


def test_half_a_sign_in_of_one_is_not_finished_by_the_code_of_another(person):
    other = make_user(username="tam", password=GOOD)
    give_app(person)
    give_app(other)
    client = Client()
    sign_in(client)
    assert client.post(STEP, {"code": code_of(other)}).status_code == 422
    sign_in(client, "tam")
    assert client.post(STEP, {"code": code_of(person)}).status_code == 422
    assert client.post(STEP, {"code": code_of(other)}).status_code == 302
    assert client.session[SESSION_KEY] == str(other.pk)


@pytest.mark.parametrize("given", ["recovery code", "app"])
def test_a_code_given_in_four_places_at_once_opens_one(shared_db, at_once, quick_passwords, given):
    user = make_user(username="bay", password=GOOD)
    codes = give_app(user)
    code = codes[0] if given == "recovery code" else code_of(user)

    def use():
        return factors.check(user=User.objects.get(pk=user.pk), code=code).type

    results = at_once(*[use] * 4)
    refused = [type(result).__name__ for result in results if isinstance(result, DomainError)]
    assert (len(refused), [result for result in results if not isinstance(result, DomainError)]) == (
        3,
        [Authenticator.Type.RECOVERY_CODES if given == "recovery code" else Authenticator.Type.TOTP],
    )


def test_a_passkey_is_a_second_factor_for_programs_too(person, client):
    give_passkey(person)
    body = {"username": "bay", "password": GOOD}
    answers = [client.post("/api/v1/auth/token/", body | more, "application/json") for more in ({}, {"otp": "000000"})]
    assert [(one.status_code, one.json()["code"]) for one in answers] == [(400, "otp_required"), (400, "wrong_code")]
    assert not ApiToken.objects.exists()


def test_a_token_made_by_the_page_needs_what_the_session_needs(person):
    token = make_token(person)
    browser = Client()
    sign_in(browser)
    ask = {"Authorization": f"Token {token}"}
    assert Client().get("/api/v1/me/", headers=ask).status_code == 200
    for change in (
        lambda: change_password(user=person, password=NEW, actor=person),
        lambda: factors.note_change(user=person, added=True, kind="webauthn"),
        lambda: change_contact(user=person, email="khac@example.vn", phone=None, actor=None),
    ):
        text = make_token(person)
        change()
        assert Client().get("/api/v1/me/", headers={"Authorization": f"Token {text}"}).status_code == 401
    assert Client().get("/api/v1/me/", headers=ask).status_code == 401
    assert browser.get("/ho-so/").status_code == 302


def test_signing_out_ends_every_tab(person):
    """Tabs share the cookie; what it stands for is gone on the server, whatever a tab still holds."""
    tab, other = Client(), Client()
    sign_in(tab)
    kept = tab.cookies["sessionid"].value
    other.cookies["sessionid"] = kept
    assert other.get("/ho-so/").status_code == 200
    tab.post("/dang-xuat/")
    other.cookies["sessionid"] = kept
    assert other.get("/ho-so/").headers["Location"] == "/dang-nhap/?next=/ho-so/"
    assert other.post("/ho-so/lien-he/", {"current": GOOD}).status_code == 302
    assert other.get("/api/v1/me/").status_code == 401
    htmx = other.get("/ho-so/", headers={"HX-Request": "true"})
    assert htmx.status_code == 302 or "HX-Redirect" in htmx.headers


@pytest.mark.parametrize("name", ["bay", "BAY@example.vn", "0912345678", "khong.co", "dong", "moi", "0999999999"])
def test_no_name_is_told_from_another_by_words_or_work(person, settings, name):
    """The words, the hashes that are worked out (24 ms each) and the kinds of statements are those of a stranger."""
    settings.PASSWORD_HASHERS = ["tests.lms.people.test_sign_in_attacks.Counting"]
    for user in (person, make_user(username="dong", is_active=False, password=GOOD), make_user(username="moi")):
        if user.username != "moi":
            user.set_password(GOOD)
            user.save()
    Client().get("/dang-nhap/")  # fills what a page keeps
    seen = {}
    for typed in ("nobody.at.all", name):
        Counting.made = 0
        with CaptureQueriesContext(connection) as queries:
            answer = sign_in(Client(), typed, "wrong", REMOTE_ADDR=f"10.0.0.{len(seen)}")
        page = re.sub(r"value=\"[^\"]*\"|nonce=\"[^\"]*\"", "", answer.content.decode())
        tables = {word for query in queries for word in re.findall(r'(?:FROM|INTO|UPDATE) "(\w+)"', query["sql"])}
        seen[typed] = (answer.status_code, answer.context["form"].non_field_errors(), len(page), Counting.made, tables)
    assert seen[name] == seen["nobody.at.all"]
    assert seen[name][3] == 1


class Counting(Argon2PasswordHasher):
    """Counts how often the costly work is done."""

    algorithm = "argon2"
    time_cost, memory_cost, parallelism = 1, 8, 1
    made = 0

    def encode(self, password, salt):
        Counting.made += 1
        return super().encode(password, salt)

    def verify(self, password, encoded):
        Counting.made += 1
        return super().verify(password, encoded)

    def must_update(self, encoded):
        return False


def reset_path(user):
    recovery.ask_for_reset(typed=user.email, address="10.0.0.1", enqueue=lambda pk: None)
    assert recovery.answer_reset(ResetRequest.objects.get().pk)
    (path,) = re.findall(r"https?://[^/]+(/quen-mat-khau/\S+)", mail.outbox[-1].body)
    return path


def new_password(client, path):
    """Follow the link and choose; whether it was possible."""
    form = client.get(path, follow=True)
    if "form" not in (form.context or {}) or form.context.get("token_fail"):
        return False
    done = client.post(form.redirect_chain[-1][0], {"password": NEW, "repeat": NEW})
    return done.status_code == 302


def test_the_link_for_a_new_password_works_once_and_signs_nobody_in(person):
    path = reset_path(person)
    client = Client()
    landed = client.get(path, follow=True)
    assert landed.redirect_chain[-1][0].endswith("/set-password/"), "the key leaves the address"
    weak = client.post(landed.redirect_chain[-1][0], {"password": "123", "repeat": "123"})
    assert (weak.status_code, set(weak.context["form"].errors)) == (422, {"password"})
    assert new_password(client, path)
    assert SESSION_KEY not in client.session
    assert not new_password(Client(), path)
    assert sign_in(Client(), password=NEW).status_code == 302
    assert AuditEntry.objects.filter(action="people.password_changed", actor=person).count() == 1


def test_the_link_does_not_go_round_the_second_factor(person):
    give_app(person)
    client = Client()
    assert new_password(client, reset_path(person))
    assert sign_in(client, password=NEW).headers["Location"] == STEP


@pytest.mark.parametrize(
    "change",
    [
        lambda user: change_password(user=user, password="Khác-Hẳn-1945", actor=user),
        lambda user: change_contact(user=user, email="khac@example.vn", phone=None, actor=None),
        lambda user: sign_in(Client()),
    ],
    ids=["another password", "another address", "signed in meanwhile"],
)
def test_the_link_ends_with_what_it_was_made_for(person, change):
    path = reset_path(person)
    change(person)
    assert not new_password(Client(), path)


def test_the_link_of_one_is_not_the_link_of_another(person):
    other = make_user(username="tam", email="tam@example.vn", password=GOOD)
    key = reset_links.make_token(other)
    mine = reverse("password-reset-confirm", kwargs={"uidb36": "1", "key": "x"}).replace("/1/x/", "/{}/{}/")
    assert not new_password(Client(), mine.format(int_to_base36(person.pk), key))
    assert new_password(Client(), mine.format(int_to_base36(other.pk), key))


def test_a_header_of_the_client_turns_no_page_into_data(person):
    for headers in ({"x-requested-with": "XMLHttpRequest"}, {"accept": "application/json"}):
        assert Client().get("/dang-nhap/", headers=headers)["Content-Type"].startswith("text/html")


UNUSED = [
    "account_signup",
    "account_email",
    "account_logout",
    "account_inactive",
    "account_reset_password",
    "account_change_password",
    "account_set_password",
    "account_request_login_code",
    "account_confirm_login_code",
    "account_request_reauthentication_code",
    "mfa_download_recovery_codes",
    "mfa_trust",
    "mfa_signup_webauthn",
    "socialaccount_signup",
    "socialaccount_connections",
    "openid_connect_login",
    "openid_connect_callback",
]


@pytest.mark.parametrize("name", UNUSED)
def test_what_is_not_used_of_allauth_has_no_address(name):
    with pytest.raises(NoReverseMatch):
        reverse(name)


def test_no_other_name_of_allauth_is_known():
    named = [name for name in get_resolver().reverse_dict if isinstance(name, str)]
    theirs = {name for name in named if name.startswith(("account_", "mfa_", "socialaccount_", "openid_"))}
    assert theirs == {
        "account_login", "account_reauthenticate", "account_reset_password_from_key", "account_confirm_email",
        "mfa_authenticate", "mfa_login_webauthn", "mfa_index", "mfa_list_webauthn", "mfa_activate_totp",
        "mfa_deactivate_totp", "mfa_view_recovery_codes", "mfa_reauthenticate", "mfa_reauthenticate_webauthn",
    }  # fmt: skip


def test_a_link_opened_in_four_windows_sets_one_password(shared_db, at_once, quick_passwords):
    person = make_user(username="tam", email="tam@example.vn", password="Mot-Mua-Xuan-83")
    recovery.ask_for_reset(typed="tam@example.vn", address="10.0.0.9", enqueue=lambda _pk: None)
    assert recovery.answer_reset(ResetRequest.objects.get().pk)
    path = re.search(r"https?://[^/]+(/\S+)", mail.outbox[-1].body)[1]
    windows = [Client() for _number in range(4)]
    pages = [client.get(path)["Location"] for client in windows]

    def choose(number):
        password = f"Rung-Tram-{number}-Tra-Su"
        return windows[number].post(pages[number], {"password": password, "repeat": password}).status_code

    codes = at_once(*[partial(choose, number) for number in range(4)])
    assert sorted(codes) == [200, 200, 200, 302]
    person.refresh_from_db()
    assert [person.check_password(f"Rung-Tram-{number}-Tra-Su") for number in range(4)].count(True) == 1
