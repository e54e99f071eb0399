"""Activation, profile and a forgotten password, page by page."""

import datetime as dt
import json
import re

import pytest
from django.contrib.auth import SESSION_KEY
from django.core import mail

from lms.audit.models import AuditEntry
from lms.people.backends import find_account
from lms.people.models import ResetRequest, SensitiveProfile, User
from lms.people.services import recovery
from lms.people.services.activation import issue_activation_codes
from tests.factories.people import grant, make_token, make_unit, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_passwords")]
GOOD = "Sông-Hồng-1930"


def test_activation_step_by_step(client):
    user = make_user("Nguyễn Văn An", username="nguyen.van.an")
    code = issue_activation_codes([user], actor=None)[user.pk]
    assert client.get("/kich-hoat/mat-khau/")["Location"] == "/kich-hoat/"
    assert client.get("/kich-hoat/", {"ma": code})["Location"] == f"/kich-hoat/#ma={code.replace('-', '')}"
    assert client.post("/kich-hoat/", {"code": "AAAAA-AAAAA"}).status_code == 422
    assert client.post("/kich-hoat/", {"code": code.lower()})["Location"] == "/kich-hoat/mat-khau/"
    page = client.get("/kich-hoat/mat-khau/").content.decode()
    assert "N. V. An" in page
    assert "Nguyễn" not in page
    bad = client.post("/kich-hoat/mat-khau/", {"password": GOOD, "repeat": "khác"})
    assert set(bad.context["form"].errors) == {"repeat"}
    weak = client.post("/kich-hoat/mat-khau/", {"password": "password", "repeat": "password"})
    assert set(weak.context["form"].errors) == {"password"}
    assert SESSION_KEY not in client.session
    done = client.post("/kich-hoat/mat-khau/", {"password": GOOD, "repeat": GOOD})
    assert done["Location"] == "/bat-dau/"
    assert client.session[SESSION_KEY] == str(user.pk)
    again = client.post("/kich-hoat/", {"code": code})
    assert again.context["form"].errors == {"code": ["Mã này đã được dùng. Đồng chí đăng nhập bằng mật khẩu."]}


def test_profile_shows_no_sensitive_data(client_as):
    unit = make_unit(name="Xã Kim Liên")
    user = make_user("Lê Thị Bảy", email="bay@example.vn", unit=unit, position="Bí thư chi bộ")
    grant(user, "registrar", unit)
    SensitiveProfile.objects.create(user=user, citizen_id="040099000123", birth_date=dt.date(1990, 5, 19))
    page = client_as(user).get("/ho-so/").content.decode()
    for text in ("Lê Thị Bảy", "bay@example.vn", "Bí thư chi bộ", "Xã Kim Liên"):
        assert text in page
    assert "040099000123" not in page
    assert not AuditEntry.objects.exists()


def test_sensitive_data_are_read_with_a_record(client_as):
    user = make_user()
    other = make_user()
    SensitiveProfile.objects.create(user=user, citizen_id="040099000123", birth_date=dt.date(1990, 5, 19))
    SensitiveProfile.objects.create(user=other, citizen_id="040099000999")
    page = client_as(user).get("/ho-so/du-lieu-nhay-cam/").content.decode()
    assert "040099000123" in page
    assert "19/5/1990" in page or "19/05/1990" in page
    assert "040099000999" not in page
    assert list(AuditEntry.objects.values_list("stream", "action", "actor", "target")) == [
        ("sensitive", "people.sensitive_read", user.pk, f"user:{user.pk}")
    ]


def test_export_is_whole(client_as):
    unit = make_unit(name="Trung tâm")
    user = make_user("Lê Thị Bảy", username="bay", unit=unit)
    grant(user, "lecturer", unit)
    SensitiveProfile.objects.create(user=user, ethnicity="Thái")
    token = make_token(user, name="Sổ điểm")
    response = client_as(user).get("/ho-so/xuat/")
    assert response["Content-Disposition"] == f'attachment; filename="sen-{user.pk}.json"'
    data = json.loads(response.content)
    assert {key: data["account"][key] for key in ("username", "family_name", "middle_name", "given_name")} == {
        "username": "bay", "family_name": "Lê", "middle_name": "Thị", "given_name": "Bảy",
    }  # fmt: skip
    assert data["profile"] == {"position": "", "organisation": "", "unit": "Trung tâm"}
    assert data["sensitive"]["ethnicity"] == "Thái"
    assert data["roles"] == [{"role": "lecturer", "unit": "Trung tâm", "from": None, "to": None}]
    assert [(row["address"], row["browser"]) for row in data["sessions"]] == [("", "")]
    assert [row["name"] for row in data["tokens"]] == ["Sổ điểm"]
    assert "password" not in json.dumps(data)
    assert token not in json.dumps(data)
    assert AuditEntry.objects.get(stream="sensitive").action == "people.exported"


def test_contact_needs_the_password(client_as):
    user = make_user(password=GOOD)
    make_user(email="taken@example.vn", phone="+84912345678")
    client = client_as(user)

    def send(**data):
        return client.post("/ho-so/lien-he/", {"email": "", "phone": "", "current": GOOD, **data})

    assert set(send(email="a@example.vn", current="x").context["form"].errors) == {"current"}
    assert set(send(phone="12").context["form"].errors) == {"phone"}
    user.refresh_from_db()
    assert (user.email, user.phone) == (None, None)
    assert send(email="a@example.vn", phone="0987 654 321")["Location"] == "/ho-so/"
    user.refresh_from_db()
    assert (user.email, user.phone) == ("a@example.vn", "+84987654321")
    assert AuditEntry.objects.get(stream="main").action == "people.contact_changed"
    assert client.get("/ho-so/").status_code == 200


def test_a_contact_that_another_account_has_is_taken_without_a_word(client_as, client):
    """Free or not, the answer is the same; the account does not sign in with what another one has."""
    user = make_user(password=GOOD)  # older than the account that has them
    owner = make_user(email="taken@example.vn", phone="+84912345678", password="Sông-Đà-1930")
    form = {"email": "TAKEN@example.vn", "phone": "0912345678", "current": GOOD}
    free = client_as(make_user(password=GOOD)).post("/ho-so/lien-he/", {**form, "email": "b@b.vn", "phone": ""})
    taken = client_as(user).post("/ho-so/lien-he/", form)
    assert (taken.status_code, taken["Location"]) == (free.status_code, free["Location"]) == (302, "/ho-so/")
    user.refresh_from_db()
    assert (user.email, user.email_contested, user.phone, user.phone_contested) == (
        "TAKEN@example.vn", True, "+84912345678", True,
    )  # fmt: skip
    assert find_account("0912 345 678") == find_account("taken@example.vn") == owner
    client.post("/quen-mat-khau/", {"email": "taken@example.vn"})
    answer_all()
    assert [owner.username in message.body for message in mail.outbox] == [True]
    assert client.post("/dang-nhap/", {"username": "0912345678", "password": GOOD}).status_code == 422
    client_as(user).post("/ho-so/lien-he/", {**form, "email": "", "phone": "0987654321"})
    user.refresh_from_db()
    assert (user.email, user.email_contested, user.phone_contested) == (None, False, False)
    assert find_account("0987654321") == user


def answer_all():
    """What the task worker does with the requests that wait."""
    for pk in ResetRequest.objects.values_list("pk", flat=True):
        recovery.answer_reset(pk)


def test_forgotten_password_by_mail(client, settings):
    settings.SEN_BASE_URL = "https://hoc.example.vn/"
    user = make_user("Lê Thị Bảy", username="bay", email="bay@example.vn", password=GOOD)
    for address in ("Bay@example.vn", "nobody@example.vn"):
        assert client.post("/quen-mat-khau/", {"email": address})["Location"] == "/quen-mat-khau/da-gui/"
    assert mail.outbox == []
    answer_all()
    assert client.get("/quen-mat-khau/da-gui/").status_code == 200
    assert [message.to for message in mail.outbox] == [["bay@example.vn"]]
    assert "bay" in mail.outbox[0].body
    link = re.search(r"https://hoc.example.vn(/quen-mat-khau/\S+)", mail.outbox[0].body)[1]
    form = client.get(link, follow=True)
    place = form.redirect_chain[-1][0]
    assert set(client.post(place, {"password": "123", "repeat": "123"}).context["form"].errors) == {"password"}
    new = "Cửu-Long-1975"
    assert client.post(place, {"password": new, "repeat": new})["Location"] == "/dang-nhap/"
    user.refresh_from_db()
    assert user.check_password(new)
    assert "liên kết" in client.get(link).content.decode().lower()
    assert AuditEntry.objects.get(stream="main").action == "people.password_changed"


def test_a_mailbox_is_not_flooded(client):
    make_user(email="bay@example.vn", password=GOOD)
    for _number in range(6):
        assert client.post("/quen-mat-khau/", {"email": "Bay@example.vn"}).status_code == 302
    answer_all()
    assert len(mail.outbox) == 3


@pytest.mark.parametrize(
    "path",
    [
        "/ho-so/",
        "/ho-so/lien-he/",
        "/ho-so/xuat/",
        "/ho-so/du-lieu-nhay-cam/",
        "/doi-mat-khau/",
        "/bat-dau/",
        "/thong-bao/",
    ],
)
def test_strangers_sign_in_first(client, path):
    assert client.get(path)["Location"] == f"/dang-nhap/?next={path}"
    assert not User.objects.exists()
