"""The page that tells administrators how the installation is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from lms.audit.models import AuditEntry
from lms.common import health
from lms.common.clock import now
from lms.common.health import OK, SystemPart, degraded
from lms.operations.models import Incident
from lms.people.enums import Role
from lms.people.models import User
from tests.factories.people import grant, make_unit, make_user

pytestmark = pytest.mark.django_db
PAGE = "/dieu-hanh/he-thong/"


@pytest.fixture
def administrator() -> User:
    user = make_user()
    grant(user, Role.ADMINISTRATOR, make_unit())
    return user


@pytest.fixture(autouse=True)
def _parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        health,
        "_parts",
        {
            "database": SystemPart("database", lambda: OK),
            "worker": SystemPart("worker", lambda: degraded("silent", minutes=4), live=False),
        },
    )


def incident(part: str = "clock", code: str = "step", **fields: object) -> Incident:
    moment = now() - dt.timedelta(hours=1)
    facts = {"minutes": 180} if code == "step" else {}
    return Incident.objects.create(
        **{"part": part, "node": "may-1", "code": code, "facts": facts, "began_at": moment, "seen_at": moment} | fields
    )


def test_it_says_what_is_wrong_and_what_to_do(client_as: Callable[..., Client], administrator: User) -> None:
    incident()
    incident("cache", "away", ended_at=now())
    text = client_as(administrator).get(PAGE).text
    for words in (
        "<h2>Đồng hồ nhảy bất thường</h2>",
        "Đồng hồ máy chủ bỗng lệch 180 phút.",
        "Trên máy may-1, từ ",
        "<h2>Xử lý nền đứng yên</h2>",
        "Đã 4 phút không thấy tiến trình xử lý nền nào.",
        "Xem nhật ký dịch vụ và khởi động lại.",
        '<th scope="row">Bộ nhớ đệm không trả lời</th>',
    ):
        assert words in text


def test_it_says_that_all_is_well(
    client_as: Callable[..., Client], administrator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "_parts", {"database": SystemPart("database", lambda: OK)})
    text = client_as(administrator).get(PAGE).text
    assert ("Mọi thứ đều tốt" in text, "callout-warn" in text) == (True, False)


def test_only_administrators_of_the_whole_tree_see_it(client_as: Callable[..., Client], administrator: User) -> None:
    other = make_user()
    grant(other, Role.ADMINISTRATOR, make_unit(parent=make_unit()))
    row = incident()
    client = client_as(other)
    confirm = f"{PAGE}{row.pk}/xac-nhan/"
    assert [client.get(PAGE).status_code, client.post(confirm).status_code] == [404, 404]
    row.refresh_from_db()
    assert row.confirmed_at is None
    assert PAGE in client_as(administrator).get("/dieu-hanh/nhat-ky/").text
    assert PAGE not in client.get("/dieu-hanh/nhat-ky/").text


def test_a_leap_is_confirmed_once_and_recorded(client_as: Callable[..., Client], administrator: User) -> None:
    row = incident()
    client = client_as(administrator)
    first = client.post(f"{PAGE}{row.pk}/xac-nhan/", follow=True)
    again = client.post(f"{PAGE}{row.pk}/xac-nhan/", follow=True)
    row.refresh_from_db()
    assert (row.confirmed_by, row.confirmed_at is not None) == (administrator, True)
    assert "Máy chủ sẽ theo đồng hồ trong vòng một phút." in first.text
    assert "Sự cố này đã hết hoặc đã được xác nhận." in again.text
    entry = AuditEntry.objects.get(action="operations.clock_confirmed")
    assert (entry.actor, entry.data) == (administrator, {"node": "may-1", "minutes": 180})


def test_another_incident_cannot_be_confirmed(client_as: Callable[..., Client], administrator: User) -> None:
    row = incident("cache", "away")
    client_as(administrator).post(f"{PAGE}{row.pk}/xac-nhan/")
    row.refresh_from_db()
    assert row.confirmed_at is None


def test_many_incidents_cost_no_more(client_as: Callable[..., Client], administrator: User) -> None:
    client = client_as(administrator)
    client.get(PAGE)  # what a process reads once
    counts = []
    for number in (1, 3):
        for more in range(number):
            incident(node=f"may-{number}-{more}", confirmed_by=make_user())
            incident(node=f"may-{number}-{more}", ended_at=now())
        with CaptureQueriesContext(connection) as captured:
            client.get(PAGE)
        counts.append(len(captured))
    assert counts[0] == counts[1]
