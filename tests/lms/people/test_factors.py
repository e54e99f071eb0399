"""The second factor: codes of an app and recovery codes, set up, used, lost."""

import datetime as dt

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import SECRET_SESSION_KEY
from cryptography.fernet import InvalidToken
from django.contrib.auth import SESSION_KEY
from django.core.exceptions import ImproperlyConfigured
from django.test import Client

from lms.audit.models import AuditEntry
from lms.common.clock import now
from lms.people.enums import Role
from lms.people.models import ApiToken, User
from lms.people.services import factors
from lms.people.services.activation import issue_activation_codes
from lms.people.services.factors import FactorError
from lms.people.services.sign_in import SignInError
from tests.factories.factors import code_at, code_of, give_app, secret_of
from tests.factories.people import grant, make_token, make_unit, make_user

PASSWORD = "Sông-Hồng-1930"
URL = "/ho-so/xac-thuc-hai-buoc/"
APP, CODES, NEW_CODES, OFF = f"{URL}ung-dung/", f"{URL}ma-khoi-phuc/", f"{URL}ma-khoi-phuc/moi/", f"{URL}tat/"
STEP = "/dang-nhap/ma-xac-thuc/"
PROOF, PROOF_CODE = "/xac-nhan-mat-khau/", "/xac-nhan-mat-khau/ma/"


def quoted(path):
    return f"?next={path.replace('/', '%2F')}"


@pytest.fixture
def user(db, quick_passwords):
    return make_user("Lê Thị An", username="an", password=PASSWORD)


def sign_in(client, then="/hoc/"):
    return client.post("/dang-nhap/", {"username": "an", "password": PASSWORD, "next": then})


@pytest.mark.parametrize(
    ("moment", "code"),
    [
        (1111111109, "081804"), (1111111111, "050471"), (1234567890, "005924"),
        (2000000000, "279037"), (20000000000, "353130"),
    ],
)  # fmt: skip
def test_the_vectors_of_rfc_6238_with_a_step_early_or_late(moment, code):
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    found = []
    for shift in (-60, -30, 0, 30, 60):
        with time_machine.travel(dt.datetime.fromtimestamp(moment + shift, tz=dt.UTC), tick=False):
            found.append(factors.matching_step(secret, f" {code[:3]} {code[3:]}"))
    assert found == [None, moment // 30, moment // 30, moment // 30, None]


def test_setting_up_in_the_browser(user, client_as):
    make_token(user)
    client = client_as(user)
    other = client_as(user)
    assert client.get(URL).status_code == 200
    assert client.get(APP)["Location"] == f"{PROOF}{quoted(APP)}"
    assert client.post(PROOF, {"current": PASSWORD, "next": APP})["Location"] == APP
    page = client.get(APP)
    secret = client.session[SECRET_SESSION_KEY]
    assert page.context["key"].replace(" ", "") == secret
    assert f"otpauth://totp/Sen%3Aan?secret={secret}&issuer=Sen" == page.context["totp_url"]
    assert "<svg" in page.context["qr"]
    assert client.get(APP).context["key"] == page.context["key"], "a phone may have scanned it"
    wrong = client.post(APP, {"code": "12"})
    assert (wrong.status_code, factors.has_factor(user)) == (422, False)
    assert client.session[SECRET_SESSION_KEY] == secret
    code = code_at(secret)
    assert client.post(APP, {"code": code})["Location"] == CODES
    assert not ApiToken.objects.exists()
    entry = AuditEntry.objects.filter(stream="main").get()
    assert (entry.action, entry.target, entry.data) == ("people.factor_on", f"user:{user.pk}", {"factor": "totp"})
    assert other.get("/ho-so/").status_code == 302, "what was opened with the password alone is over"
    assert SECRET_SESSION_KEY not in client.session
    with pytest.raises(FactorError):
        factors.check(user=user, code=code)  # the code that turned it on opens nothing any more

    codes = client.get(CODES).context["codes"]
    assert (len(set(codes)), factors.codes_left(user)) == (10, 10)
    again = client.get(CODES)
    assert again.context["codes"] == []
    assert all(code not in again.content.decode() for code in codes)


def test_signing_in_takes_both(user, client):
    give_app(user)
    assert sign_in(client)["Location"] == STEP
    assert SESSION_KEY not in client.session
    assert client.get("/hoc/").status_code == 302
    assert client.get(STEP).context.get("webauthn_form") is None, "there is no passkey to be asked for"
    wrong = client.post(STEP, {"code": "000000"})
    assert (wrong.status_code, SESSION_KEY in client.session) == (422, False)
    code = code_of(user)
    assert client.post(STEP, {"code": f"{code[:3]} {code[3:]}"})["Location"] == "/hoc/"
    assert client.session[SESSION_KEY] == str(user.pk)
    assert AuditEntry.objects.get(action="people.signed_in").data["by"] == "password+code"
    client.logout()
    sign_in(client)
    assert client.post(STEP, {"code": code}).status_code == 422, "no code opens twice"


def test_a_code_opens_once_in_all_its_windows_and_none_from_before(user):
    give_app(user)
    with time_machine.travel(now(), tick=False) as clock:
        code, before = code_of(user), code_of(user, -1)
        factors.check(user=user, code=code)
        for old in (code, before):
            with pytest.raises(FactorError):
                factors.check(user=user, code=old)
        clock.shift(dt.timedelta(seconds=30))
        with pytest.raises(FactorError):
            factors.check(user=user, code=code)
        factors.check(user=user, code=code_of(user))


def test_spent_codes_are_in_the_database_and_not_in_a_cache(user, settings):
    """A process of its own has a cache of its own."""
    give_app(user)
    code = code_of(user)
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
    factors.check(user=user, code=code)
    with pytest.raises(FactorError):
        factors.check(user=user, code=code)


def test_the_second_step_needs_the_first(user, client):
    give_app(user)
    assert client.get(STEP)["Location"] == "/dang-nhap/"
    with time_machine.travel(now(), tick=False) as clock:
        sign_in(client)
        clock.shift(dt.timedelta(minutes=10, seconds=1))
        assert client.post(STEP, {"code": code_of(user)})["Location"] == "/dang-nhap/"
    sign_in(client)
    user.set_password("Khác-Hẳn-1945")
    user.save()
    assert client.post(STEP, {"code": code_of(user)})["Location"] == "/dang-nhap/"
    user.set_password(PASSWORD)
    user.save()
    sign_in(client)
    User.objects.update(is_active=False)
    assert client.post(STEP, {"code": code_of(user)})["Location"] == "/dang-nhap/"


def test_somebody_who_is_signed_in_signs_in_as_another_person(user, client_as):
    give_app(user)
    client = client_as(make_user(username="khac"))
    assert sign_in(client)["Location"] == STEP
    assert client.post(STEP, {"code": code_of(user)})["Location"] == "/hoc/"
    assert client.session[SESSION_KEY] == str(user.pk)


def test_a_new_activation_code_does_not_go_round_it(user, client):
    give_app(user)
    code = issue_activation_codes([user], actor=None)[user.pk]
    client.post("/kich-hoat/", {"code": code})
    done = client.post("/kich-hoat/mat-khau/", {"password": PASSWORD, "repeat": PASSWORD})
    assert (done["Location"], SESSION_KEY in client.session) == (STEP, False)


def test_a_recovery_code_opens_once(user, client):
    codes = give_app(user)
    for status in (302, 422):
        sign_in(client)
        assert client.post(STEP, {"code": f"{codes[0][:4]} {codes[0][4:]}"}).status_code == status
        client.logout()
    assert factors.codes_left(user) == 9
    assert AuditEntry.objects.filter(action="people.recovery_used").count() == 1


def test_guessing_pauses(user, client):
    give_app(user)
    sign_in(client)
    answers = [client.post(STEP, {"code": "000000"}).status_code for _try in range(6)]
    assert answers == [422] * 5 + [429]
    with pytest.raises(SignInError) as error:
        factors.check(user=user, code=code_of(user))
    assert error.value.code == "paused"


def test_asking_again_is_slowed_down_alike(user, client_as):
    give_app(user)
    client = client_as(user)
    said = [client.post(PROOF_CODE, {"code": "0"}).context["form"].errors["code"][0] for _try in range(6)]
    assert said[:5] == ["Mã không đúng hoặc đã dùng rồi."] * 5
    assert "quá nhiều lần" in said[5]


def test_new_codes_and_removing_ask_for_the_factor(user, client_as):
    old = give_app(user)
    client = client_as(user)
    other = client_as(user)
    make_token(user)
    for page in (CODES, NEW_CODES, OFF):
        for _proof in range(2):  # the password does not do, also when it was given a moment ago
            assert client.get(page)["Location"] == f"{PROOF_CODE}{quoted(page)}"
            assert client.post(page)["Location"] == f"{PROOF_CODE}{quoted(page)}"
            assert client.post(PROOF, {"current": PASSWORD}).status_code == 302
    assert factors.codes_left(user) == 10
    assert client.post(PROOF_CODE, {"code": old[0], "next": NEW_CODES})["Location"] == NEW_CODES
    assert client.post(NEW_CODES)["Location"] == CODES
    new = [code.replace(" ", "") for code in client.get(CODES).context["codes"]]
    assert len(new) == 10
    assert not set(new) & set(old)
    assert AuditEntry.objects.filter(action="people.recovery_codes").count() == 1
    assert ApiToken.objects.exists()
    assert client.get(OFF).status_code == 200
    assert client.post(OFF)["Location"] == URL
    assert not Authenticator.objects.exists()
    assert not ApiToken.objects.exists()
    assert [browser.get("/ho-so/").status_code for browser in (client, other)] == [200, 302]
    entry = AuditEntry.objects.get(action="people.factor_off")
    assert (entry.actor, entry.data) == (user, {"factor": "totp"})


def test_what_was_put_aside_for_the_question_is_done_after_it(user, client):
    """Nothing that was typed is lost when the page asks who is there."""
    with time_machine.travel(now(), tick=False) as clock:
        sign_in(client)
        clock.shift(dt.timedelta(minutes=11))
        page = "/ho-so/truy-cap-api/moi/"
        asked = client.post(page, {"name": "Excel", "scopes": ["read"], "days": "3"})
        assert asked["Location"] == f"{PROOF}{quoted(page)}"
        made = client.post(PROOF, {"current": PASSWORD, "next": page})
        assert (made.status_code, made.context["token"].name) == (200, "Excel")


def test_a_role_may_ask_for_it(user, client, settings):
    settings.SEN_SECOND_FACTOR_ROLES = frozenset({"registrar"})
    sign_in(client)
    assert client.get("/hoc/").status_code == 200
    grant(user, Role.REGISTRAR, make_unit())
    assert client.get("/hoc/")["Location"] == URL
    assert client.get("/hoc/", headers={"HX-Request": "true"})["HX-Redirect"] == URL
    assert client.get("/api/v1/me/").json()["code"] == "second_factor_required"
    token = client.post("/api/v1/auth/token/", {"username": "an", "password": PASSWORD}, "application/json")
    assert (token.status_code, token.json()["code"]) == (403, "second_factor_required")
    token = Client().post("/api/v1/auth/token/", {"username": "an", "password": PASSWORD}, "application/json")
    assert (token.status_code, token.json()["code"]) == (400, "second_factor_required"), "nor without a session"
    assert not ApiToken.objects.exists()
    assert client.get(URL).status_code == 200
    assert client.get(APP).status_code == 200, "whoever has just signed in is not asked again"
    assert client.post(APP, {"code": code_at(client.session[SECRET_SESSION_KEY], -1)}).status_code == 302
    assert client.get("/hoc/").status_code == 200
    refused = client.post(OFF)
    assert (refused.status_code, factors.has_factor(user)) == (422, True)
    assert refused.context["form"].non_field_errors() == ["Vai trò của đồng chí bắt buộc xác thực hai bước."]


def test_a_token_takes_the_code_as_well(user, client):
    def ask(**more):
        body = {"username": "an", "password": PASSWORD, **more}
        answer = client.post("/api/v1/auth/token/", body, "application/json")
        return answer.status_code, answer.json().get("code", "token")

    assert ask() == (200, "token")
    give_app(user)
    code = code_of(user)
    assert [ask(), ask(otp="000000"), ask(otp=code), ask(otp=code)] == [
        (400, "otp_required"), (400, "wrong_code"), (200, "token"), (400, "wrong_code"),
    ]  # fmt: skip


def test_secrets_stand_encrypted_under_keys_of_their_own(user, settings):
    codes = give_app(user)
    secret = secret_of(user)
    rows = str(list(Authenticator.objects.values_list("data", flat=True)))
    assert not [text for text in (secret, *codes) if text in rows]
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "w" * 60, []
    factors.check(user=user, code=code_of(user))
    factors.check(user=user, code=codes[0])
    settings.SEN_FACTOR_KEYS = ["n" * 60, *settings.SEN_FACTOR_KEYS]
    factors.check(user=user, code=codes[1])
    settings.SEN_FACTOR_KEYS = ["n" * 60]
    with pytest.raises(InvalidToken):
        factors.check(user=user, code=codes[2])
    settings.SEN_FACTOR_KEYS = []
    with pytest.raises(ImproperlyConfigured):
        factors.check(user=user, code=codes[2])


def test_who_may_take_it_away(user, client_as):
    give_app(user)
    root = make_unit(kind="central")
    centre = make_unit(root)
    grant(user, Role.CENTRE_MANAGER, centre)
    equal, above = make_user(), make_user(is_superuser=True)
    grant(equal, Role.CENTRE_MANAGER, make_unit(root))
    for actor in (equal, user):
        with pytest.raises(FactorError) as error:
            factors.reset(user=user, actor=actor, reason="mất điện thoại")
        assert error.value.code == "not_allowed"
    page = client_as(above)
    assert page.post(f"/quan-tri/users/factor/{user.pk}/", {"reason": "mất điện thoại"}).status_code == 302
    assert not Authenticator.objects.exists()
    entry = AuditEntry.objects.get(action="people.factor_off")
    assert (entry.actor, entry.target, entry.data) == (above, f"user:{user.pk}", {"reason": "mất điện thoại"})
    with pytest.raises(FactorError) as error:
        factors.reset(user=user, actor=above, reason="")
    assert error.value.code == "no_factor"
