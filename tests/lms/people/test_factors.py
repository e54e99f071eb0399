"""The second factor: RFC vectors, setting up, signing in, losing it."""

import pytest
from django.contrib.auth import SESSION_KEY

from lms.audit.models import AuditEntry
from lms.common.clock import now
from lms.people.enums import Role
from lms.people.models import ApiToken, RecoveryCode, SecondFactor, User
from lms.people.services import factors
from lms.people.services.activation import issue_activation_codes
from lms.people.services.factors import FactorError
from lms.people.services.sign_in import SignInError
from lms.people.totp import address, code_at, manual_key, matching_step
from tests.factories.people import grant, make_token, make_unit, make_user

PASSWORD = "Sông-Hồng-1930"
URL = "/ho-so/xac-thuc-hai-buoc/"
STEP = "/dang-nhap/ma-xac-thuc/"


@pytest.mark.parametrize(
    ("moment", "code"),
    [
        (59, "287082"),
        (1111111109, "081804"),
        (1111111111, "050471"),
        (1234567890, "005924"),
        (2000000000, "279037"),
        (20000000000, "353130"),
    ],
)
def test_the_vectors_of_rfc_6238(moment, code):
    secret = b"12345678901234567890"
    assert code_at(secret, moment // 30) == code
    assert [matching_step(secret, code, moment + shift) for shift in (0, 30, 90)] == [
        moment // 30, moment // 30, None,
    ]  # fmt: skip


def test_what_a_phone_is_given():
    secret = b"12345678901234567890"
    assert manual_key(secret) == "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ"
    assert address(secret, account="an@x.vn", issuer="Sen") == (
        "otpauth://totp/Sen:an%40x.vn?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Sen"
    )


def code_of(user, ahead=0):
    return code_at(factors._secrets(SecondFactor.objects.get(user=user))[0], int(now().timestamp()) // 30 + ahead)


def set_up(user):
    """Turn the factor on with the code of the step before, so that the present one can still be used."""
    factors.begin(user=user)
    return factors.confirm(user=user, code=code_of(user, -1))


@pytest.fixture
def user(db, quick_passwords):
    return make_user("Lê Thị An", username="an", password=PASSWORD)


def test_setting_up_in_the_browser(user, client_as):
    make_token(user)
    client = client_as(user)
    other = client_as(user)
    assert client.get(URL)["Location"] == "/xac-nhan-mat-khau/?next=%2Fho-so%2Fxac-thuc-hai-buoc%2F"
    assert client.post("/xac-nhan-mat-khau/", {"current": PASSWORD, "next": URL})["Location"] == URL
    page = client.get(URL)
    assert page.context["key"] == manual_key(factors._secrets(SecondFactor.objects.get(user=user))[0])
    assert "<svg" in page.context["qr"]
    assert client.get(URL).context["key"] == page.context["key"]
    wrong = client.post(URL, {"code": "12"})
    assert (wrong.status_code, factors.has_factor(user)) == (422, False)
    done = client.post(URL, {"code": code_of(user)})
    codes = done.context["codes"]
    assert (done.status_code, len(set(codes)), factors.codes_left(user)) == (200, 10, 10)
    assert not set(codes) & set(RecoveryCode.objects.values_list("code_hash", flat=True))
    assert not ApiToken.objects.exists()
    assert AuditEntry.objects.filter(stream="main").values_list("action", "target").get() == (
        "people.factor_on",
        f"user:{user.pk}",
    )
    assert other.get("/ho-so/").status_code == 302, "what was opened with the password alone is over"
    again = client.get(URL)
    assert "qr" not in again.context
    assert all(code not in again.content.decode() for code in codes)


def sign_in(client, then="/hoc/"):
    return client.post("/dang-nhap/", {"username": "an", "password": PASSWORD, "next": then})


def test_signing_in_takes_both(user, client):
    set_up(user)
    assert sign_in(client)["Location"] == STEP
    assert SESSION_KEY not in client.session
    assert client.get("/hoc/").status_code == 302
    wrong = client.post(STEP, {"code": "000000"})
    assert (wrong.status_code, SESSION_KEY in client.session) == (422, False)
    code = code_of(user)
    assert client.post(STEP, {"code": f"{code[:3]} {code[3:]}"})["Location"] == "/hoc/"
    assert client.session[SESSION_KEY] == str(user.pk)
    client.logout()
    sign_in(client)
    assert client.post(STEP, {"code": code}).status_code == 422, "no code opens twice"


def test_the_second_step_needs_the_first(user, client):
    set_up(user)
    assert client.get(STEP)["Location"] == "/dang-nhap/"
    sign_in(client)
    session = client.session
    session["factor_pending"] = {**session["factor_pending"], "until": now().timestamp() - 1}
    session.save()
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


def test_a_new_activation_code_does_not_go_round_it(user, client):
    set_up(user)
    code = issue_activation_codes([user], actor=None)[user.pk]
    client.post("/kich-hoat/", {"code": code})
    done = client.post("/kich-hoat/mat-khau/", {"password": PASSWORD, "repeat": PASSWORD})
    assert (done["Location"], SESSION_KEY in client.session) == (STEP, False)


def test_a_recovery_code_opens_once(user, client):
    codes = set_up(user)
    for status in (302, 422):
        sign_in(client)
        assert client.post(STEP, {"code": codes[0].lower()}).status_code == status
        client.logout()
    assert factors.codes_left(user) == 9
    assert AuditEntry.objects.filter(action="people.recovery_used").count() == 1


def test_guessing_pauses(user, client):
    set_up(user)
    sign_in(client)
    answers = [client.post(STEP, {"code": "000000"}).status_code for _try in range(6)]
    assert answers == [422] * 5 + [429]
    with pytest.raises(SignInError) as error:
        factors.check(user=user, code=code_of(user))
    assert error.value.code == "paused"


def test_new_codes_and_turning_off(user, client_as):
    old = set_up(user)
    client = client_as(user)
    assert client.post(f"{URL}ma-khoi-phuc/", {"code": "1"}).status_code == 422
    new = client.post(f"{URL}ma-khoi-phuc/", {"code": code_of(user)}).context["codes"]
    assert len(new) == 10
    assert not set(new) & set(old)
    assert client.post(f"{URL}tat/", {"code": old[0]}).status_code == 422
    assert client.post(f"{URL}tat/", {"code": new[0]}).status_code == 302
    assert (SecondFactor.objects.count(), RecoveryCode.objects.count()) == (0, 0)


def test_a_role_may_ask_for_it(user, client_as, settings):
    settings.SEN_SECOND_FACTOR_ROLES = frozenset({"registrar"})
    client = client_as(user)
    assert client.get("/hoc/").status_code == 200
    grant(user, Role.REGISTRAR, make_unit())
    assert client.get("/hoc/")["Location"] == URL
    assert client.get("/hoc/", headers={"HX-Request": "true"})["HX-Redirect"] == URL
    assert client.get("/api/v1/me/").json()["code"] == "second_factor_required"
    token = client.post("/api/v1/auth/token/", {"username": "an", "password": PASSWORD}, "application/json")
    assert (token.status_code, token.json()["code"]) == (403, "second_factor_required")
    assert client.post("/xac-nhan-mat-khau/", {"current": PASSWORD, "next": URL})["Location"] == URL
    assert client.get(URL).status_code == 200
    assert client.post(URL, {"code": code_of(user, -1)}).status_code == 200
    assert client.get("/hoc/").status_code == 200
    assert client.post(f"{URL}tat/", {"code": code_of(user)}).status_code == 422
    assert factors.has_factor(user)


def test_a_token_takes_the_code_as_well(user, client):
    def ask(**more):
        body = {"username": "an", "password": PASSWORD, **more}
        answer = client.post("/api/v1/auth/token/", body, "application/json")
        return answer.status_code, answer.json().get("code", "token")

    assert ask() == (200, "token")
    set_up(user)
    code = code_of(user)
    assert [ask(), ask(otp="000000"), ask(otp=code), ask(otp=code)] == [
        (400, "otp_required"), (400, "wrong_code"), (200, "token"), (400, "wrong_code"),
    ]  # fmt: skip


def test_a_changed_key_keeps_phones_working(user, settings):
    set_up(user)
    code = code_of(user)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another key " * 5
    factors.check(user=user, code=code)


def test_who_may_take_it_away(user, client_as):
    set_up(user)
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
    assert not factors.has_factor(user)
    entry = AuditEntry.objects.get(action="people.factor_off")
    assert (entry.actor, entry.target, entry.data) == (above, f"user:{user.pk}", {"reason": "mất điện thoại"})
    with pytest.raises(FactorError) as error:
        factors.reset(user=user, actor=above, reason="")
    assert error.value.code == "no_factor"


def test_times_are_close(user):
    """A phone a step late still signs in; two steps late does not."""
    factors.begin(user=user)
    with pytest.raises(FactorError):
        factors.confirm(user=user, code=code_of(user, -3))
    assert len(factors.confirm(user=user, code=code_of(user, -1))) == 10
    with pytest.raises(FactorError) as error:
        factors.begin(user=user)
    assert error.value.code == "already_set_up"
