"""Sign-ins, refusals and downloads in the record: with their request, in many streams, not without end."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from lms.audit import events
from lms.audit.models import AuditEntry, RequestTrace
from lms.audit.services import streams, verify
from lms.common.clock import now, today
from lms.people.models import User
from tests.factories.cast import make_cast
from tests.factories.people import grant, make_token, make_unit, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_passwords")]
GOOD = "Sông-Hồng-1930"


@pytest.fixture(autouse=True)
def _fresh_counts():
    events._counter.clear()


def test_a_sign_in_names_its_request_and_the_address_can_be_forgotten():
    person = make_user(username="an", password=GOOD)
    with time_machine.travel(now(), tick=False) as clock:
        response = Client(headers={"user-agent": "Firefox/1"}).post(
            "/dang-nhap/", {"username": "an", "password": GOOD}, REMOTE_ADDR="10.9.8.7"
        )
        entry = AuditEntry.objects.get(action="people.signed_in")
        request_id = response["X-Request-ID"]
        assert (entry.actor_id, entry.target) == (person.pk, f"user:{person.pk}")
        assert entry.data == {
            "by": "password", "request": request_id, "address": events.address_digest(request_id, "10.9.8.7"),
        }  # fmt: skip
        assert list(RequestTrace.objects.values_list("request_id", "address", "agent")) == [
            (request_id, "10.9.8.7", "Firefox/1")
        ]
        assert "10.9.8.7" not in str(entry.data)
        clock.shift(dt.timedelta(days=181))
        assert events.forget_traces() == 1
        assert [verify(stream) for stream in streams()] == [[]]


def test_sign_ins_do_not_queue_behind_one_lock():
    used = set()
    for _number in range(60):
        events.note_event(action="people.signed_in", actor=make_user())
        used.add(AuditEntry.objects.latest("pk").stream)
    assert len(used) == events.SHARDS
    assert {stream.rpartition(":")[0] for stream in used} == {f"security:{today().isoformat()}"}
    assert [verify(stream) for stream in streams()] == [[]] * events.SHARDS


def test_an_event_takes_a_fixed_number_of_statements():
    person = make_user()
    events.note_event(action="people.signed_in", actor=person)
    counts = []
    for _number in range(2):
        with CaptureQueriesContext(connection) as queries:
            events.note_event(action="people.signed_in", actor=person)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_flood_of_one_kind_is_recorded_in_steps():
    with time_machine.travel(now(), tick=False) as clock:
        for _number in range(250):
            events.note_bounded(who="a", action="people.refused", each=2)
        events.note_bounded(who="b", action="people.refused")
        counts = AuditEntry.objects.order_by("pk").values_list("data__count", flat=True)
        assert list(counts) == [1, 2, 10, 100, 1]
        clock.shift(dt.timedelta(minutes=1))
        events.note_bounded(who="a", action="people.refused")
        assert AuditEntry.objects.count() == 6


def test_refusals_are_recorded(client_as):
    person = make_user()
    stranger = make_user(username="la")
    forged = Client(enforce_csrf_checks=True)
    forged.force_login(person)
    forged.post("/ho-so/lien-he/", {"email": "x@example.vn"})
    other = make_user()
    token = make_token(other, scopes=["read"])
    Client().delete("/api/v1/auth/tokens/", headers={"Authorization": f"Token {token}"})
    client_as(stranger).get("/quan-tri/")
    client_as(stranger).get("/khao-thi/")
    seen = AuditEntry.objects.filter(action="people.refused").order_by("pk")
    assert [(entry.actor_id, entry.data["method"], entry.data["page"], entry.data["status"]) for entry in seen] == [
        (person.pk, "POST", "profile-contact", 403),
        (other.pk, "DELETE", "api:api-tokens", 403),
        (stranger.pk, "GET", "wagtailadmin_home", 404),
    ]


def test_many_absent_pages_are_recorded_and_a_few_are_not(client_as):
    person = make_user()
    client = client_as(person)
    for number in range(29):
        client.get(f"/dieu-hanh/lop/{number}/")
    assert not AuditEntry.objects.exists()
    client.get("/dieu-hanh/lop/30/")
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.actor_id, entry.data["count"]) == ("people.refused_many", person.pk, 30)
    assert Client().get("/khong-co/").status_code == 404


def test_every_file_that_is_taken_along_is_recorded(client_as):
    cast = make_cast()
    class_id = cast.training_class.pk
    client = client_as(cast.person("centre_manager"))
    paths = {
        f"/dieu-hanh/lop/{class_id}/hoc-vien/tep.xlsx": "office:class-learners-export",
        f"/giang-day/lop/{class_id}/tien-do.csv": "teacher:export-progress",
        "/ho-so/xuat/": "profile-export",
        "/ho-so/du-lieu/tep.zip": "profile-data-zip",
    }
    for path in paths:
        assert client.get(path).status_code == 200, path
    assert client.get("/dieu-hanh/lop/mau-danh-sach.xlsx").status_code == 200, "an empty form is nobody's data"
    seen = AuditEntry.objects.filter(action="exports.downloaded").order_by("pk")
    assert [(entry.actor_id, entry.target) for entry in seen] == [
        (cast.centre_manager.pk, f"page:{name}") for name in paths.values()
    ]
    assert seen[0].data["arguments"] == {"pk": str(class_id), "form": "xlsx"}
    assert {entry.stream.partition(":")[0] for entry in seen} == {"exports"}


def test_the_auditor_reads_it_in_words_with_the_address(client_as):
    auditor = make_user("Kiểm Toán Viên")
    grant(auditor, "auditor", make_unit(kind="central"))
    make_user(username="an", password=GOOD)
    Client().post("/dang-nhap/", {"username": "an", "password": "x"}, REMOTE_ADDR="10.9.8.7")
    Client().post("/dang-nhap/", {"username": "an", "password": GOOD}, REMOTE_ADDR="10.9.8.7")
    page = client_as(User.objects.get(pk=auditor.pk)).get("/dieu-hanh/nhat-ky/?area=people")
    assert [str(row.words) for row in page.context["rows"]] == ["Đăng nhập", "Đăng nhập không thành công"]
    facts = [{fact.label: [value.text for value in fact.values] for fact in row.facts} for row in page.context["rows"]]
    assert [fact["Địa chỉ"] for fact in facts] == [["10.9.8.7"]] * 2
    assert "chưa đăng nhập" in page.content.decode()
