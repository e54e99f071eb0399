"""A forgotten password: nothing about the request tells whether the mailbox is known."""

from __future__ import annotations

import datetime as dt
import re

import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django_ox.models import OxTask

from lms.audit.models import AuditEntry
from lms.common.clock import now
from lms.people.models import ResetRequest, User
from lms.people.services import recovery
from lms.people.services.accounts import change_contact, change_password, set_active
from tests.factories.people import make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_passwords")]
GOOD = "Sông-Hồng-1930"
URL = "/quen-mat-khau/"
TYPED = ("bay@example.vn", "BAY@example.vn", "khong-co@example.vn", "dong@example.vn", "moi@example.vn")


@pytest.fixture(autouse=True)
def people():
    make_user(username="bay", email="bay@example.vn", password=GOOD)
    make_user(username="dong", email="dong@example.vn", password=GOOD, is_active=False)
    make_user(username="moi", email="moi@example.vn")


def test_the_request_does_the_same_for_every_text(django_capture_on_commit_callbacks):
    seen = []
    for number, typed in enumerate(TYPED):
        before = OxTask.objects.count()
        with CaptureQueriesContext(connection) as queries, django_capture_on_commit_callbacks(execute=True):
            response = Client().post(URL, {"email": typed}, REMOTE_ADDR=f"10.0.0.{number}")
        statements = [re.sub(r"'[^']*'|\b[0-9a-f]{8,}\b|\d+|%s", "?", query["sql"]) for query in queries]
        seen.append((response.status_code, response["Location"], statements, OxTask.objects.count() - before))
    assert seen == [seen[0]] * len(TYPED)
    assert (seen[0][0], seen[0][3]) == (302, 1)
    assert mail.outbox == []
    assert not [sql for sql in seen[0][2] if "people_user" in sql], "nobody is looked up"


def test_the_task_holds_no_personal_text_and_the_request_is_gone_after_it(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        Client().post(URL, {"email": "bay@example.vn"})
    row = ResetRequest.objects.get()
    task = OxTask.objects.get()
    assert (task.task_path, task.args, task.kwargs) == ("lms.people.tasks.answer_reset", [row.pk], {})
    assert [recovery.answer_reset(row.pk) for _time in range(2)] == [True, False]
    assert not ResetRequest.objects.exists()
    assert [message.to for message in mail.outbox] == [["bay@example.vn"]]
    assert AuditEntry.objects.get().action == "people.reset_sent"


def test_only_open_accounts_with_a_password_get_a_message():
    for typed in TYPED:
        recovery.ask_for_reset(typed=typed, address="10.0.0.1", enqueue=lambda _pk: None)
    assert [recovery.answer_reset(pk) for pk in ResetRequest.objects.order_by("pk").values_list("pk", flat=True)] == [
        True, True, False, False, False,
    ]  # fmt: skip
    assert [message.to for message in mail.outbox] == [["bay@example.vn"]] * 2


def test_the_message_is_written_in_the_language_of_the_page():
    client = Client()
    client.post("/ngon-ngu/", {"language": "en", "next": "/"})
    client.post(URL, {"email": "bay@example.vn"})
    Client().post(URL, {"email": "bay@example.vn"})
    for pk in ResetRequest.objects.order_by("pk").values_list("pk", flat=True):
        recovery.answer_reset(pk)
    assert ["asked for a new password" in message.body for message in mail.outbox] == [True, False]


def test_one_address_cannot_fill_the_queue():
    for number in range(120):
        assert Client().post(URL, {"email": f"a{number}@example.vn"}).status_code == 302
    assert ResetRequest.objects.count() == 100


def test_a_request_that_no_task_took_is_forgotten():
    with time_machine.travel(now(), tick=False) as clock:
        recovery.ask_for_reset(typed="bay@example.vn", address="10.0.0.1", enqueue=lambda _pk: None)
        assert recovery.forget_stale() == 0
        clock.shift(dt.timedelta(days=1, seconds=1))
        assert recovery.forget_stale() == 1


@pytest.mark.parametrize(
    "change",
    [
        lambda person: [set_active(user=person, active=on, actor=None) for on in (False, True)],
        lambda person: change_contact(user=person, email="bay@example.vn", phone="+84912345678", actor=None),
        lambda person: change_password(user=person, password="Cửu-Long-1975", actor=None),
    ],
    ids=["closed and opened again", "contact", "password"],
)
def test_a_link_ends_with_what_ends_all_sessions(change):
    person = User.objects.get(username="bay")
    recovery.ask_for_reset(typed="bay@example.vn", address="10.0.0.1", enqueue=lambda _pk: None)
    row = ResetRequest.objects.get()
    assert recovery.answer_reset(row.pk)
    path = re.search(r"https?://[^/]+(/\S+)", mail.outbox[0].body)[1]
    assert Client().get(path).status_code == 302, "the link opens"
    change(person)
    assert Client().get(path).status_code == 200, "the link says that it no longer holds"
