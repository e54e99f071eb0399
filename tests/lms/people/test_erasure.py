"""Erasing a person: what goes, what stays, who may."""

import datetime as dt
import io
import json
import zipfile

import pytest
from django.test import Client
from wagtail.log_actions import log
from wagtail.models import ModelLogEntry
from wagtail.users.models import UserProfile

from lms.audit.models import AuditEntry
from lms.audit.services import verify
from lms.certificates.models import Certificate
from lms.certificates.services import issue
from lms.classes.enums import ClassState
from lms.classes.models import Enrolment, TrainingClass
from lms.common.formats import moment
from lms.notifications.models import Notification
from lms.notifications.services import notify
from lms.people.enums import Role
from lms.people.models import ErasureRequest, Profile, SensitiveProfile, User
from lms.people.services import erasure
from lms.people.services.activation import issue_activation_codes
from lms.people.services.erasure import ErasureError
from tests.factories.cast import make_cast
from tests.factories.people import grant, make_token, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_passwords")]
PASSWORD = "Sông-Hồng-1930"
OFFICE = "/dieu-hanh/du-lieu-ca-nhan/"


@pytest.fixture
def cast():
    return make_cast()


@pytest.fixture
def learner(cast):
    """The cast's learner with everything that is kept about a person, in a class that is over."""
    person = cast.learner
    person.email, person.phone = "hoc@example.vn", "+84912345678"
    person.set_password(PASSWORD)
    person.save()
    Profile.objects.filter(user=person).update(
        position="Phó bí thư chi đoàn", organisation="Chi bộ 5", unit=cast.centre
    )
    SensitiveProfile.objects.create(user=person, citizen_id="040099000123", birth_date=dt.date(1990, 5, 19))
    make_token(person)
    UserProfile.get_for_user(person)
    issue_activation_codes([person], actor=None)
    notify(recipients=[person.pk], kind="message", params={"sender": "A"}, text="Chào Trần Thị Học")
    log(instance=person, action="wagtail.edit", user=cast.centre_manager)
    return User.objects.get(pk=person.pk)


def over(cast):
    TrainingClass.objects.filter(pk=cast.training_class.pk).update(state=ClassState.RECOGNISED)


def fresh(person):
    return User.objects.get(pk=person.pk)


def test_everything_personal_goes_and_the_records_stay(cast, learner):
    Enrolment.objects.filter(pk=cast.enrolment.pk).update(status="completed", completed_at="2026-01-02T00:00Z")
    certificate = issue(enrolment=Enrolment.objects.get(pk=cast.enrolment.pk), actor=cast.centre_manager)
    over(cast)
    request = erasure.ask(user=learner, actor=learner, reason="Tôi đã chuyển nơi ở")
    preview = erasure.preview(learner)
    assert preview.blockers == []
    assert [(str(row.what), row.count) for row in preview.kept if "sổ gốc" in str(row.what)] == [
        ("Giấy chứng nhận trong sổ gốc", 1)
    ]
    counts = erasure.carry_out(request=request, actor=fresh(cast.centre_manager), reason="Đơn hợp lệ")
    assert counts == {
        "sensitive": 1, "activation_codes": 1, "factors": 0, "identities": 0, "confirmed_emails": 0,
        "tokens": 1, "sessions": 0,
        "preferences": 1,
        "notices_received": 1, "notices_sent": 0, "requests": 0, "guest_places": 0,
    }  # fmt: skip
    row = fresh(learner)
    names = ("username", "email", "phone", "family_name", "middle_name", "given_name", "own_sort_key", "is_active")
    assert [getattr(row, name) for name in names] == [
        f"da-xoa-{row.pk}", None, None, "", "", "Người đã xoá", "", False,
    ]  # fmt: skip
    assert (str(row), row.has_usable_password(), row.erased_at is not None) == ("Người đã xoá", False, True)
    assert "hoc" not in row.search_text.split()
    profile = Profile.objects.get(user=row)
    assert (profile.position, profile.organisation, profile.unit) == ("", "", None)
    assert not SensitiveProfile.objects.filter(user=row).exists()
    assert list(ModelLogEntry.objects.values_list("label", flat=True)) == ["Người đã xoá"]
    assert Certificate.objects.get(pk=certificate.pk).holder_name == "Trần Thị Học"
    assert Enrolment.objects.get(pk=cast.enrolment.pk).status == "completed"
    request.refresh_from_db()
    assert (request.state, request.reason, request.decision) == ("done", "", "Đơn hợp lệ")
    entry = AuditEntry.objects.get(action="people.erased")
    assert (entry.actor_id, entry.target) == (cast.centre_manager.pk, f"user:{row.pk}")
    assert entry.data["reason"] == "Đơn hợp lệ"
    assert verify() == []
    client = Client()
    for name in ("hoc@example.vn", "0912345678", row.username):
        assert client.post("/dang-nhap/", {"username": name, "password": PASSWORD}).status_code == 422


def test_no_personal_word_is_left_in_the_database(cast, learner):
    """Every text column of every table, but for what certificates and the audit trail keep."""
    from django.apps import apps

    over(cast)
    request = erasure.ask(user=learner, actor=learner)
    erasure.carry_out(request=request, actor=fresh(cast.centre_manager), reason="Đơn hợp lệ")
    words = ("Trần Thị Học", "hoc@example.vn", "912345678", "040099000123", "Phó bí thư chi đoàn", "Chi bộ 5")
    found = []
    for model in apps.get_models():
        if model._meta.label in {"certificates.Certificate", "audit.AuditEntry"} or not model._meta.managed:
            continue
        for row in model._base_manager.all().values():
            text = json.dumps(row, default=str, ensure_ascii=False)
            found += [(model._meta.label, word) for word in words if word in text]
    assert found == []


def test_what_stands_against_it(cast, learner):
    grant(learner, Role.LECTURER, cast.centre)
    learner = fresh(learner)
    request = erasure.ask(user=learner, actor=learner)
    boss = make_user(is_superuser=True)
    with pytest.raises(ErasureError) as error:
        erasure.carry_out(request=request, actor=boss, reason="Đơn hợp lệ")
    sentences = [
        f"Lớp “{cast.training_class.name}” chưa kết thúc.",
        "Người này còn giữ vai trò. Hãy cho thôi vai trò trước.",
    ]
    assert (error.value.code, error.value.fields) == ("blocked", {"blockers": sentences})
    assert fresh(learner).email == "hoc@example.vn"
    assert ErasureRequest.objects.get().state == "open"


def test_two_people_are_needed(cast, learner):
    over(cast)
    manager = fresh(cast.centre_manager)
    with pytest.raises(ErasureError) as error:
        erasure.ask(user=learner, actor=manager)
    assert error.value.code == "no_reason"
    request = erasure.ask(user=learner, actor=manager, reason="Đơn số 5 ngày 03/9/2026")
    with pytest.raises(ErasureError) as error:
        erasure.ask(user=learner, actor=learner)
    assert error.value.code == "already_asked"
    codes = {}
    for name, actor in (("enterer", manager), ("person", learner), ("stranger", fresh(cast.other_manager))):
        with pytest.raises(ErasureError) as error:
            erasure.carry_out(request=request, actor=actor, reason="Đơn hợp lệ")
        codes[name] = error.value.code
    assert codes == {"enterer": "own_request", "person": "own_request", "stranger": "not_allowed"}
    with pytest.raises(ErasureError) as error:
        erasure.carry_out(request=request, actor=fresh(cast.national_manager), reason=" ")
    assert error.value.code == "no_reason"
    assert fresh(learner).email == "hoc@example.vn"
    erasure.carry_out(request=request, actor=fresh(cast.national_manager), reason="Đơn hợp lệ")
    with pytest.raises(ErasureError) as error:
        erasure.refuse(request=request, actor=fresh(cast.national_manager), reason="Muộn")
    assert error.value.code == "not_open"


def test_the_office_handles_a_request(cast, learner, client_as):
    over(cast)
    request = erasure.ask(user=learner, actor=learner, reason="Tôi muốn xoá")
    url = f"{OFFICE}{request.pk}/"
    seen = {}
    for role in ("learner", "lecturer", "other_manager", "centre_manager", "national_manager"):
        client = client_as(cast.person(role))
        listed = client.get(OFFICE)
        rows = len(listed.context["page"].object_list) if listed.status_code == 200 else None
        seen[role] = (listed.status_code, rows, client.get(url).status_code)
        if role != "centre_manager" and role != "national_manager":
            assert client.post(url, {"reason": "x", "sure": "on", "act": "erase"}).status_code == 404
    assert seen == {
        "learner": (404, None, 404),
        "lecturer": (404, None, 404),
        "other_manager": (200, 0, 404),
        "centre_manager": (200, 1, 200),
        "national_manager": (200, 1, 200),
    }
    manager = client_as(cast.person("centre_manager"))
    assert manager.post(url, {"reason": "Đơn hợp lệ"}).status_code == 422
    assert manager.post(url, {"reason": "Đơn hợp lệ", "sure": "on"}).status_code == 200  # no button says it
    assert fresh(learner).erased_at is None
    assert manager.post(url, {"reason": "Đơn hợp lệ", "sure": "on", "act": "erase"}).status_code == 302
    assert fresh(learner).erased_at is not None
    assert "Đã thực hiện" in manager.get(url).content.decode()


def test_a_refusal_is_read_by_the_person(cast, learner, client_as):
    client = client_as(learner)
    page = "/ho-so/du-lieu/"
    assert client.post(f"{page}xoa/", {"current": "sai"}).status_code == 422
    assert client.post(f"{page}xoa/", {"current": PASSWORD, "reason": "Tôi muốn xoá"}).status_code == 302
    assert "đang chờ trả lời" in client.get(page).content.decode()
    assert client.post(f"{page}thoi-xoa/").status_code == 302
    assert list(ErasureRequest.objects.values_list("state", flat=True)) == ["withdrawn"]
    client.post(f"{page}xoa/", {"current": PASSWORD})
    request = ErasureRequest.objects.open().get()
    manager = client_as(cast.person("centre_manager"))
    manager.post(f"{OFFICE}{request.pk}/", {"reason": "Lớp đang học", "act": "refuse"})
    assert "Lớp đang học" in client.get(page).content.decode()
    assert fresh(learner).email == "hoc@example.vn"


def test_a_letter_is_entered(cast, learner, client_as):
    manager = client_as(cast.person("centre_manager"))
    form = {"person": "hoc@example.vn", "reason": "Đơn số 5"}
    assert client_as(cast.person("other_manager")).post(f"{OFFICE}them/", form).status_code == 422
    assert manager.post(f"{OFFICE}them/", {**form, "person": "khong.co"}).status_code == 422
    assert manager.post(f"{OFFICE}them/", form).status_code == 302
    request = ErasureRequest.objects.get()
    assert (request.user, request.asked_by, request.reason) == (learner, cast.centre_manager, "Đơn số 5")
    assert manager.get(f"{OFFICE}{request.pk}/").context["second"] is True


def test_own_data_as_page_and_archive(cast, learner, client_as):
    client = client_as(learner)
    page = client.get("/ho-so/du-lieu/").content.decode()
    for text in ("040099000123", "hoc@example.vn", cast.training_class.name, "Chào Trần Thị Học"):
        assert text in page
    response = client.get("/ho-so/du-lieu/tep.zip")
    pack = zipfile.ZipFile(io.BytesIO(response.content))
    assert (response["Content-Type"], pack.namelist()) == ("application/zip", ["du-lieu.html", "du-lieu.json"])
    data = json.loads(pack.read("du-lieu.json"))
    assert set(data) == {
        "account", "profile", "sensitive", "roles", "sessions", "tokens", "enrolments", "requests", "certificates",
        "marks", "attempts", "notices",
    }  # fmt: skip
    assert [row["class"] for row in data["enrolments"]] == [cast.training_class.name]
    assert "040099000123" in pack.read("du-lieu.html").decode()
    read = AuditEntry.objects.filter(stream="sensitive").order_by("number").values_list("action", flat=True)
    assert list(read) == ["people.sensitive_read", "people.exported"]


def test_own_data_names_roles_and_days_in_words(cast, client_as):
    page = client_as(cast.person("lecturer")).get("/ho-so/du-lieu/").content.decode()
    assert "<dt>Vai trò</dt><dd>giảng viên</dd>" in page
    assert f"<dt>Ngày tạo</dt><dd>{moment(cast.lecturer.date_joined)}</dd>" in page


def test_the_list_of_requests_takes_as_many_queries_for_three(cast, learner, client_as, django_assert_num_queries):
    client = client_as(cast.person("centre_manager"))
    erasure.ask(user=learner, actor=learner)
    client.get(OFFICE)
    for count in (1, 3):
        while ErasureRequest.objects.count() < count:
            person = make_user(unit=cast.centre)
            erasure.ask(user=person, actor=person)
        with django_assert_num_queries(9):
            client.get(OFFICE)


def test_an_erased_account_is_not_opened_again(cast, learner, client_as):
    over(cast)
    request = erasure.ask(user=learner, actor=learner)
    erasure.carry_out(request=request, actor=fresh(cast.centre_manager), reason="Đơn hợp lệ")
    boss = client_as(make_user(is_superuser=True))
    assert boss.get(f"/quan-tri/users/edit/{learner.pk}/").status_code == 404
    assert boss.post(f"/quan-tri/users/code/{learner.pk}/").status_code == 404
    assert boss.get(f"/quan-tri/users/sensitive/{learner.pk}/").status_code == 404
    assert not Notification.objects.filter(recipient=learner).exists()


def test_managers_and_the_person_are_told(cast, learner):
    request = erasure.ask(user=learner, actor=learner)
    erasure.refuse(request=request, actor=fresh(cast.centre_manager), reason="Lớp đang học")
    told = Notification.objects.filter(kind__startswith="erasure").order_by("pk")
    assert [(row.recipient_id, row.sentence, row.url) for row in told] == [
        (
            cast.centre_manager.pk,
            "Có người thuộc đơn vị của đồng chí đề nghị xoá dữ liệu cá nhân.",
            f"{OFFICE}{request.pk}/",
        ),
        (learner.pk, "Yêu cầu xoá dữ liệu của đồng chí bị từ chối. Xem lý do.", "/ho-so/du-lieu/"),
    ]
