"""Signing in, the same for pages and API."""

from __future__ import annotations

import datetime as dt

from django.contrib.auth import authenticate
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from lms.common.errors import DomainError
from lms.common.formats import clock
from lms.common.text import fold
from lms.people.backends import find_account
from lms.people.models import User
from lms.people.services import throttling


class SignInError(DomainError):
    """``wrong_credentials``, or ``paused`` with ``until``."""

    def __init__(self, message: str, *, code: str, until: dt.datetime | None = None) -> None:
        super().__init__(message, code=code)
        self.until = until


def sign_in(*, identifier: str, password: str, address: str, request: HttpRequest | None = None) -> User:
    """Return the person to whom ``identifier`` (username, e-mail or phone) and ``password`` belong.

    Ten wrong tries pause the account for 15 minutes, whichever of its identifiers was typed. The answer does not
    tell whether the account exists.

    Raises:
        SignInError: wrong, or too many tries.
    """
    account = find_account(identifier)
    who = str(account.pk) if account else f"?{fold(identifier)}"
    own, shared = throttling.key_for("account", who), throttling.key_for("address", address)
    refuse_while_paused([own, shared])
    user = authenticate(request, username=identifier, password=password)
    if user is None:
        throttling.fail(own, throttling.ACCOUNT)
        throttling.fail(shared, throttling.ADDRESS)
        raise SignInError(
            _("The name or the password is not right. Check both, or ask your centre for a new code."),
            code="wrong_credentials",
        )
    assert isinstance(user, User)
    throttling.forget(own)
    return user


def refuse_while_paused(keys: list[str]) -> None:
    """Raise if one of ``keys`` has failed too often."""
    until = throttling.paused_until(keys)
    if until is not None:
        raise SignInError(
            _("Too many wrong tries. Try again at %(time)s, or ask your centre for a new code.")
            % {"time": clock(timezone.localtime(until) + dt.timedelta(minutes=1))},
            code="paused",
            until=until,
        )
