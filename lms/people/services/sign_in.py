"""Proving who one is by a password, the same for pages and API."""

from __future__ import annotations

import datetime as dt
from typing import Final

from allauth.account.internal.flows.reauthentication import reauthenticate_by_password
from django.contrib.auth import authenticate
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lms.audit.events import note_bounded, note_event
from lms.common.clock import now
from lms.common.errors import DomainError
from lms.common.formats import clock
from lms.common.text import fold
from lms.people.backends import find_account
from lms.people.known_devices import device_of
from lms.people.models import User
from lms.people.phones import normalise_phone
from lms.people.services import throttling
from lms.people.signals import sign_in_guessed

TELL_AFTER: Final = 20  # wrong tries of unknown sources until the person is told


class SignInError(DomainError):
    """``wrong_credentials``, ``wrong_password``, or ``paused`` with ``until``."""

    def __init__(
        self, message: str, *, code: str, until: dt.datetime | None = None, fields: dict[str, list[str]] | None = None
    ) -> None:
        super().__init__(message, code=code, fields=fields)
        self.until = until


def sign_in(*, identifier: str, password: str, address: str, request: HttpRequest | None = None) -> User:
    """Return the person to whom ``identifier`` (username, e-mail or phone) and ``password`` belong.

    Tries are counted for what was typed and their source: a browser that the account has signed in from before, else
    the network address. After five the next one waits, longer and longer. So nobody shuts another person out, and
    parallel tries are no more than others. The answer and the waits do not tell whether the account exists, nor which
    identifiers belong to one account (:func:`name_of`).

    Raises:
        SignInError: ``wrong_credentials``, or ``paused``.
    """
    account = find_account(identifier)
    source = _Source(name_of(identifier), account, address, request)
    source.take()
    user = authenticate(request, username=identifier, password=password)
    if user is None:
        source.failed()
        note_bounded(
            who=address,
            action="people.sign_in_failed",
            target=f"user:{account.pk}" if account else "",
            data={"known_device": source.known} if account else {"name_digest": _name_digest(identifier)},
            each=20,
        )
        raise SignInError(
            _("The name or the password is not right. Check both, or ask your centre for a new code."),
            code="wrong_credentials",
        )
    assert isinstance(user, User)
    source.proved()
    return user


def name_of(identifier: str) -> str:
    """Return the name under which tries of ``identifier`` are counted: worked out from the letters alone.

    No table is asked, so the waits tell nothing about accounts: neither whether one exists, nor that a phone and a
    username are one person's. Spellings that :func:`~lms.people.backends.find_account` takes for the same are one name
    (the upper case is what databases compare), so that no spelling begins a new count. A person has three identifiers
    at most; guessing goes at most three times as fast as with one count for the account.
    """
    return normalise_phone(identifier) or fold(identifier.upper())


def prove_password(*, user: User, password: str, address: str, request: HttpRequest) -> None:
    """Take the present password of a person who is signed in; wrong ones are slowed down like at sign-in.

    Raises:
        SignInError: ``wrong_password``, or ``paused``.
    """
    source = _Source(name_of(user.username), user, address, request)
    source.take()
    if not user.check_password(password):
        source.failed()
        note_bounded(who=str(user.pk), action="people.password_wrong", actor=user, target=f"user:{user.pk}", each=20)
        raise SignInError(_("This is not your present password."), code="wrong_password")
    source.proved()
    reauthenticate_by_password(request)


def refuse_while_paused(keys: list[str]) -> None:
    """Raise if one of ``keys`` has failed too often."""
    until = throttling.paused_until(keys)
    if until is not None:
        raise paused(until)


def paused(until: dt.datetime) -> SignInError:
    """Return the refusal of a try that came too early, with the time to wait in words."""
    seconds = max(1, round((until - now()).total_seconds()))
    if seconds <= 60:
        message = ngettext(
            "Too many wrong tries. Wait %(seconds)s second and try again.",
            "Too many wrong tries. Wait %(seconds)s seconds and try again.",
            seconds,
        ) % {"seconds": seconds}
    else:
        message = _("Too many wrong tries. Try again at %(time)s, or ask your centre for a new code.") % {
            "time": clock(timezone.localtime(until) + dt.timedelta(minutes=1))
        }
    return SignInError(message, code="paused", until=until)


class _Source:
    """Where a try for an account comes from, and its counters."""

    def __init__(self, name: str, account: User | None, address: str, request: HttpRequest | None) -> None:
        device = device_of(request)
        self.account = account
        self.account_id = account.pk if account else None
        self.known = device.knows(self.account_id)
        self.shared = throttling.key_for("address", address)
        self.all = throttling.key_for("account", name)
        if self.known:
            self.own = throttling.key_for("device", f"{name}|{device.mark}")
        else:
            self.own = throttling.key_for("source", f"{name}|{address}")

    def take(self) -> None:
        """Count the try before anything is looked at; raise ``paused`` where it comes too early."""
        until = None if self.known else throttling.paused_until([self.shared, self.all])
        until = until or throttling.take_try(self.own, throttling.SOURCE)
        if until is not None:
            note_bounded(
                who=self.own,
                action="people.sign_in_paused",
                target=f"user:{self.account_id}" if self.account_id else "",
                data={"known_device": self.known},
            )
            raise paused(until)

    def failed(self) -> None:
        """Count for what the source shares with others, and tell the person of many."""
        if self.known:
            return
        throttling.fail(self.shared, throttling.ADDRESS)
        throttling.take_try(self.all, throttling.ACCOUNT)
        if self.account is None:
            return
        names = {name_of(typed) for typed in (self.account.username, self.account.email, self.account.phone) if typed}
        tries = throttling.tries_of(throttling.key_for("account", name) for name in names)
        if tries >= TELL_AFTER and throttling.once_a_day(f"told:{self.account_id}"):
            sign_in_guessed.send(sender=User, user_id=self.account_id, tries=tries)

    def proved(self) -> None:
        """Forget the tries of this source."""
        throttling.forget(self.own)


def note_sign_out(user: User) -> None:
    """Record that ``user`` signed out."""
    note_event(action="people.signed_out", actor=user, target=f"user:{user.pk}")


def _name_digest(identifier: str) -> str:
    """Return what the record keeps of a name that nobody has: people type passwords there."""
    return salted_hmac("lms.people.unknown_name", fold(identifier), algorithm="sha256").hexdigest()[:24]
