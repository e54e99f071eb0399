"""Without a mail server nobody is promised a message, and no link ends in the log."""

from __future__ import annotations

import pytest
from django.core import mail
from django.core.mail import mailers
from django.test import Client

from tests.factories.people import make_user

pytestmark = pytest.mark.django_db
FORGOTTEN = "/quen-mat-khau/"


def test_the_page_offers_a_link_only_where_mail_leaves(client: Client, settings: object) -> None:
    assert "Gửi liên kết" in client.get(FORGOTTEN).text
    settings.SEN_MAIL = False
    text = client.get(FORGOTTEN).text
    assert ("Gửi liên kết" in text, "Hỏi trung tâm" in text) == (False, True)


def test_an_old_page_sends_nothing(client: Client, settings: object) -> None:
    make_user(email="a@example.vn", password="mat-khau-cu-1")
    settings.SEN_MAIL = False
    answer = client.post(FORGOTTEN, {"email": "a@example.vn"})
    assert (answer.status_code, answer.headers["Location"], mail.outbox) == (302, FORGOTTEN, [])


def test_a_message_that_is_not_sent_does_not_end_in_the_log(
    settings: object, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.MAILERS = {"default": {"BACKEND": "lms.common.no_mail.NoMailBackend"}}
    message = mail.EmailMessage("Đặt lại mật khẩu", "https://hoc.example.vn/bi-mat", to=["a@example.vn"])
    assert mailers.default.send_messages([message]) == 0
    said = caplog.text + "".join(capsys.readouterr())
    assert "1 messages were not sent" in said
    assert "bi-mat" not in said
