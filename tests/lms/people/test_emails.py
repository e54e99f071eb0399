"""Confirming the own e-mail."""

from __future__ import annotations

import datetime as dt
import re

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.contrib.auth import SESSION_KEY
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django_ox.models import OxTask

from lms.audit.models import AuditEntry
from lms.common.clock import now
from lms.people.models import User
from lms.people.services import emails
from lms.people.services.accounts import change_contact
from lms.people.tasks import send_email_confirmation
from tests.factories.people import make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_passwords")]
ASK, CONTACT = "/ho-so/lien-he/xac-nhan/", "/ho-so/lien-he/"


@pytest.fixture
def person():
    return make_user("Lê Thị Bảy", username="bay", email="Bay@example.vn")


def send(person):
    """Send the link and return its path."""
    assert send_email_confirmation.call(person.pk, "vi")
    (path,) = re.findall(r"https?://[^/]+(/xac-nhan-email/\S+)", mail.outbox[-1].body)
    return path


def test_confirming(person, client_as, django_capture_on_commit_callbacks):
    client = client_as(person)
    assert client.get(CONTACT).context["confirmed"] is False
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(ASK)["Location"] == CONTACT
    task = OxTask.objects.get()
    assert (task.task_path, task.args) == ("lms.people.tasks.send_email_confirmation", [person.pk, "vi"])
    path = send(person)
    assert mail.outbox[-1].to == ["bay@example.vn"]
    stranger = Client()
    assert stranger.get(path).context["can_confirm"]
    assert not EmailAddress.objects.get().verified, "looking is not confirming: mail programs open links"
    assert stranger.post(path)["Location"] == "/dang-nhap/"
    assert SESSION_KEY not in stranger.session, "a link in a mailbox signs nobody in"
    assert client.get(CONTACT).context["confirmed"] is True
    assert AuditEntry.objects.get(action="people.email_confirmed").target == f"user:{person.pk}"
    assert stranger.get(path).context["can_confirm"] is None, "it works once"
    assert send_email_confirmation.call(person.pk, "vi") is False


def test_a_link_signs_nobody_out(person, client_as):
    path = send(person)
    other = client_as(make_user(username="tam"))
    other.get(path)
    other.post(path)
    assert other.get("/ho-so/").status_code == 200


def test_another_address_needs_another_link(person):
    path = send(person)
    change_contact(user=person, email="khac@example.vn", phone=None, actor=None)
    assert Client().get(path).context["can_confirm"] is None
    assert Client().post(path).status_code == 404
    path = send(person)
    User.objects.filter(pk=person.pk).update(email="moi@example.vn")  # written by the office, not by the service
    assert Client().post(path).status_code == 422
    assert emails.is_confirmed(User.objects.get(pk=person.pk)) is False


def test_a_link_is_over_after_a_day_and_false_ones_open_nothing(person):
    with time_machine.travel(now(), tick=False) as clock:
        path = send(person)
        clock.shift(dt.timedelta(days=1, seconds=1))
        assert Client().get(path).context["can_confirm"] is None
    assert Client().get(f"{path[:-3]}x/").context["can_confirm"] is None


def test_who_reads_the_mailbox_is_its_holder(person):
    owner = make_user(username="chu", email="bay@example.vn", email_contested=True)
    assert Client().post(send(owner)).status_code == 302
    states = dict(User.objects.filter(email__iexact="bay@example.vn").values_list("username", "email_contested"))
    assert states == {"bay": True, "chu": False}
    EmailAddress.objects.filter(user=owner).update(verified=True)
    assert Client().post(send(person)).status_code == 422, "two do not confirm one address"


def test_three_messages_an_hour(person, client_as, django_capture_on_commit_callbacks):
    client = client_as(person)
    with django_capture_on_commit_callbacks(execute=True):
        for _try in range(5):
            client.post(ASK)
    assert OxTask.objects.count() == 3
    assert "Đã gửi nhiều thư" in client.post(ASK, follow=True).content.decode()


def test_without_mail_nothing_is_promised(person, client_as, settings):
    settings.SEN_MAIL = False
    client = client_as(person)
    assert client.post(ASK).status_code == 404
    assert ASK not in client.get(CONTACT).content.decode()


def test_the_contact_page_takes_one_statement_more(person, client_as):
    client = client_as(person)
    client.get(CONTACT)
    with CaptureQueriesContext(connection) as queries:
        client.get(CONTACT)
    assert len(queries) == 4  # session, person, confirmed or not, notices
