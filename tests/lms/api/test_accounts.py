"""The API's sign-in, and its errors in one shape."""

import pytest

from lms.people.models import ApiToken
from tests.factories.people import grant, make_token, make_unit, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_passwords")]
GOOD = "Sông-Hồng-1930"


def post(client, data):
    return client.post("/api/v1/auth/token/", data, content_type="application/json")


def test_token_for_any_identifier(client):
    user = make_user(username="an", email="an@example.vn", phone="+84912345678", password=GOOD)
    answers = [post(client, {"username": name, "password": GOOD}) for name in ("an", "AN@example.vn", "0912345678")]
    assert [answer.status_code for answer in answers] == [200] * 3
    assert [sorted(answer.json()) for answer in answers] == [["expires_at", "token"]] * 3
    for answer in answers:
        me = client.get("/api/v1/me/", headers={"Authorization": f"Token {answer.json()['token']}"})
        assert (me.status_code, me.json()["id"]) == (200, user.pk)


def test_wrong_token_requests(client):
    make_user(username="an", password=GOOD)
    make_user(username="doi", password=GOOD, must_change_password=True)
    wrong = post(client, {"username": "an", "password": "x"})
    assert (wrong.status_code, wrong.json()) == (
        400,
        {
            "code": "wrong_credentials",
            "detail": "Tên đăng nhập hoặc mật khẩu chưa đúng. Đồng chí kiểm tra lại, hoặc xin trung tâm cấp mã mới.",
            "fields": {},
        },
    )
    empty = post(client, {})
    assert (empty.status_code, empty.json()) == (
        400,
        {
            "code": "invalid",
            "detail": "Một số trường chưa đúng.",
            "fields": {"username": ["Trường này là bắt buộc."], "password": ["Trường này là bắt buộc."]},
        },
    )
    broken = client.post("/api/v1/auth/token/", "{", content_type="application/json")
    assert (broken.status_code, broken.json()["code"], broken.json()["fields"]) == (400, "parse_error", {})
    change = post(client, {"username": "doi", "password": GOOD})
    assert (change.status_code, change.json()["code"]) == (400, "password_change_required")
    assert client.get("/api/v1/auth/token/").json()["code"] == "method_not_allowed"
    assert not ApiToken.objects.exists()


def test_the_api_pauses_with_the_pages(client):
    make_user(username="an", password=GOOD)
    for _number in range(5):
        post(client, {"username": "an", "password": "x"})
        client.post("/dang-nhap/", {"username": "an", "password": "x"})
    paused = post(client, {"username": "an", "password": GOOD})
    assert (paused.status_code, paused.json()["code"]) == (429, "paused")


def test_me(client_as):
    unit = make_unit(name="Trung tâm chính trị Kim Liên")
    user = make_user("Lê Thị Bảy", username="bay", email="bay@example.vn")
    grant(user, "lecturer", unit)
    response = client_as(user).get("/api/v1/me/")
    assert (response.status_code, response.json()) == (
        200,
        {
            "id": user.pk,
            "username": "bay",
            "full_name": "Lê Thị Bảy",
            "email": "bay@example.vn",
            "phone": None,
            "roles": [{"role": "lecturer", "unit": {"id": unit.pk, "name": "Trung tâm chính trị Kim Liên"}}],
        },
    )


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Token nonsense"}])
def test_strangers(client, headers):
    response = client.get("/api/v1/me/", headers=headers)
    assert response.status_code == 401
    assert sorted(response.json()) == ["code", "detail", "fields"]
    assert response.json()["code"] == ("authentication_failed" if headers else "not_authenticated")


def test_closed_accounts(client):
    user = make_user(is_active=False)
    response = client.get("/api/v1/me/", headers={"Authorization": f"Token {make_token(user)}"})
    assert (response.status_code, response.json()["code"]) == (401, "authentication_failed")


def test_schema(client_as):
    response = client_as(make_user()).get("/api/v1/schema/")
    assert response.status_code == 200
    schema = response.json()
    assert {"/api/v1/auth/token/", "/api/v1/me/"} <= set(schema["paths"])
    assert schema["paths"]["/api/v1/auth/token/"]["post"]["responses"]["200"]["content"]["application/json"] == {
        "schema": {"$ref": "#/components/schemas/Token"}
    }
