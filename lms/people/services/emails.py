"""Confirming the own e-mail by a link; the link and the table of confirmed addresses are django-allauth's.

An address need not be confirmed to be used: offices write most of them. Whoever confirms one that another account has
as well is its holder from then on: that person signs in with it and gets links for a new password.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from lms.audit.services import record
from lms.common.errors import DomainError
from lms.people.models import User
from lms.people.services import throttling


class EmailError(DomainError):
    """``no_email`` or ``paused``."""


def ask_to_confirm(*, user: User, enqueue: Callable[[int, str], Any]) -> None:
    """Have a link sent to the own e-mail, at most three times an hour.

    Args:
        enqueue: called after the transaction with the person's id and the language of the message.

    Raises:
        EmailError: there is no address, or three messages went there within the hour.
    """
    if not user.email:
        raise EmailError(_("There is no e-mail to confirm."), code="no_email")
    key = throttling.key_for("mail", user.email.lower())
    if throttling.paused_until([key]) is not None:
        raise EmailError(
            _("Several messages went there already. Look into your mailbox, or try again later."), code="paused"
        )
    throttling.fail(key, throttling.MAILS)
    language = translation.get_language() or "vi"
    transaction.on_commit(lambda: enqueue(user.pk, language))


def send_confirmation(*, user_id: int, language: str) -> bool:
    """Send the link to the address that the open account has now, unless it is confirmed; whether it was sent."""
    user = User.objects.active().filter(pk=user_id).first()
    if user is None or not user.email or is_confirmed(user):
        return False
    address, _created = EmailAddress.objects.update_or_create(
        user=user, email=user.email.lower(), defaults={"verified": False}
    )
    with translation.override(language):
        address.send_confirmation()
    return True


def is_confirmed(user: User) -> bool:
    """Whether the person has shown to read the mailbox of the present e-mail; one query where there is an address."""
    if not user.email:
        return False
    return EmailAddress.objects.filter(user=user, email=user.email.lower(), verified=True).exists()


def confirm(*, address: EmailAddress) -> bool:
    """Note that the person reads this mailbox; whether it is still the account's, and nobody else has confirmed it."""
    try:
        with transaction.atomic():
            user = User.objects.select_for_update().get(pk=address.user_id)
            if not user.is_active or (user.email or "").lower() != address.email or not address.set_verified():
                return False
            if user.email_contested:
                others = User.objects.filter(email__iexact=address.email, email_contested=False)
                others.exclude(pk=user.pk).update(email_contested=True)
                User.objects.filter(pk=user.pk).update(email_contested=False)
            record(actor=user, action="people.email_confirmed", target=f"user:{user.pk}")
    except IntegrityError:  # somebody else confirmed it at the same moment
        return False
    return True
