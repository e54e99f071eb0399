"""A forgotten password: the request writes one row whatever was typed; everything else is done by a task."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation

from lms.audit.events import note_event
from lms.common.clock import now
from lms.people.models import ResetRequest, User
from lms.people.reset_links import reset_links
from lms.people.services import throttling

KEPT: Final = dt.timedelta(days=1)  # a request that no task took


def ask_for_reset(*, typed: str, address: str, enqueue: Any) -> None:
    """Take down what was typed and let a task look at it: the same work whoever it belongs to.

    Somebody who asks without end from one address is no longer listened to, which does not show either.

    Args:
        enqueue: called after the transaction with the id of the request.
    """
    key = throttling.key_for("asked", address)
    if throttling.paused_until([key]) is not None:
        return
    throttling.fail(key, throttling.ASKED)
    with transaction.atomic():
        row = ResetRequest.objects.create(
            typed=typed.strip()[:254], language=translation.get_language() or settings.LANGUAGE_CODE, asked_at=now()
        )
        transaction.on_commit(lambda: enqueue(row.pk))


def answer_reset(request_id: int) -> bool:
    """Send the link if what was typed is the e-mail of one open account that has a password; whether it was sent.

    The request is deleted first, so that a task that runs twice sends one message. At most three messages an hour go
    to one mailbox.
    """
    with transaction.atomic():
        row = ResetRequest.objects.select_for_update().filter(pk=request_id).first()
        if row is None:
            return False
        row.delete()
    user = User.objects.active().filter(email__iexact=row.typed, email_contested=False).first() if row.typed else None
    if user is None or not user.has_usable_password():
        return False
    key = throttling.key_for("mail", str(user.email).lower())
    if throttling.paused_until([key]) is not None:
        return False
    throttling.fail(key, throttling.MAILS)
    with translation.override(row.language):
        _send(user)
    note_event(action="people.reset_sent", target=f"user:{user.pk}")
    return True


def forget_stale() -> int:
    """Delete requests that no task took, and return how many there were."""
    deleted, _rows = ResetRequest.objects.filter(asked_at__lt=now() - KEPT).delete()
    return deleted


def _send(user: User) -> None:
    protocol, _mark, domain = settings.SEN_BASE_URL.rstrip("/").partition("://")
    context = {
        "user": user,
        "protocol": protocol,
        "domain": domain,
        "uid": user_pk_to_url_str(user),
        "token": reset_links.make_token(user),
    }
    subject = " ".join(render_to_string("people/mail/reset_subject.txt", context).split())
    send_mail(subject, render_to_string("people/mail/reset.txt", context), None, [str(user.email)])
