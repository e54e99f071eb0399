"""The second factor: setting it up, asking for it, losing it."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from typing import Any

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from lms.audit.events import note_bounded
from lms.audit.services import record
from lms.common.clock import now
from lms.common.errors import DomainError
from lms.people.access import must_have_factor
from lms.people.codes import ALPHABET, LENGTH, hash_code, possible_hashes, readable
from lms.people.known_devices import device_of
from lms.people.models import RecoveryCode, SecondFactor, User
from lms.people.services import throttling
from lms.people.services.authority import beyond
from lms.people.services.sessions import end_all
from lms.people.services.sign_in import paused
from lms.people.totp import matching_step

RECOVERY_CODES = 10


class FactorError(DomainError):
    """``wrong_code``, ``no_factor``, ``already_set_up``, ``compulsory`` or ``not_allowed``."""


def has_factor(user: Any) -> bool:
    """Whether ``user`` gives a code from the phone when signing in; one query."""
    return SecondFactor.objects.filter(user=user, confirmed_at__isnull=False).exists()


def begin(*, user: User) -> bytes:
    """Return the secret that the person puts into the phone, the same until it is confirmed.

    Raises:
        FactorError: ``already_set_up``.
    """
    factor, _created = SecondFactor.objects.get_or_create(user=user, defaults={"nonce": secrets.token_hex(32)})
    if factor.confirmed_at is not None:
        raise FactorError(_("The second factor is set up already."), code="already_set_up")
    return _secrets(factor)[0]


def confirm(*, user: User, code: str) -> list[str]:
    """Turn the second factor on with a first code from the phone; return the recovery codes, readable this once.

    Sessions and API tokens that were made with the password alone end; a view keeps its own by
    :func:`lms.people.services.sessions.keep_session`.

    Raises:
        FactorError: ``no_factor``, ``already_set_up`` or ``wrong_code``.
    """
    with transaction.atomic():
        factor = SecondFactor.objects.select_for_update().filter(user=user).first()
        if factor is None:
            raise FactorError(_("Begin again: there is nothing to confirm."), code="no_factor")
        if factor.confirmed_at is not None:
            raise FactorError(_("The second factor is set up already."), code="already_set_up")
        step = _step(factor, code)
        if step is None:
            raise FactorError(_("This code is not right. Is the clock of the phone right?"), code="wrong_code")
        factor.confirmed_at, factor.last_step = now(), step
        factor.save(update_fields=["confirmed_at", "last_step"])
        end_all(user=user)
        codes = _new_codes(user)
        record(actor=user, action="people.factor_on", target=f"user:{user.pk}")
    return codes


def check(*, user: User, code: str, request: HttpRequest | None = None) -> None:
    """Take a code from the phone or a recovery code; each opens once. After five wrong ones the next waits.

    Whoever gets here knows the password, so wrong codes are counted for the account from wherever they come; only a
    browser that the person has signed in from before has a counter of its own.

    Raises:
        SignInError: ``paused``.
        FactorError: ``wrong_code``, or ``no_factor``.
    """
    device = device_of(request)
    known = device.knows(user.pk)
    key = throttling.key_for("factor", f"{user.pk}|{device.mark}" if known else str(user.pk))
    factor = SecondFactor.objects.filter(user=user, confirmed_at__isnull=False).first()
    if factor is None:
        raise FactorError(_("There is no second factor."), code="no_factor")
    until = throttling.take_try(key, throttling.FACTOR)
    if until is not None:
        raise paused(until)
    if _use_step(factor, code) or _use_recovery(user, code):
        throttling.forget(key)
        return
    note_bounded(who=str(user.pk), action="people.factor_failed", target=f"user:{user.pk}", each=20)
    raise FactorError(_("This code is not right, or it was used already."), code="wrong_code")


def renew_codes(*, user: User, code: str, request: HttpRequest | None = None) -> list[str]:
    """Make new recovery codes in place of those left, after a code from the phone; readable this once."""
    check(user=user, code=code, request=request)
    with transaction.atomic():
        codes = _new_codes(user)
        record(actor=user, action="people.recovery_codes", target=f"user:{user.pk}")
    return codes


def turn_off(*, user: User, code: str, request: HttpRequest | None = None) -> None:
    """Give the own second factor up, after a code.

    Raises:
        FactorError: ``compulsory``; or as :func:`check` says.
    """
    if must_have_factor(user):
        raise FactorError(_("Your role asks for a second factor."), code="compulsory")
    check(user=user, code=code, request=request)
    _remove(user, actor=user, reason="")


def reset(*, user: User, actor: User, reason: str) -> None:
    """Take a lost second factor away, so that the person signs in with the password and sets up a new one.

    Raises:
        FactorError: ``not_allowed`` where ``actor`` could not replace the password either, or for oneself;
            ``no_factor``.
    """
    if beyond(actor, [user.pk]):
        raise FactorError(_("You may not do this for people whose roles reach further than yours."), code="not_allowed")
    _remove(user, actor=actor, reason=reason)


def codes_left(user: User) -> int:
    """Return how many recovery codes still open."""
    return RecoveryCode.objects.filter(user=user, used_at__isnull=True).count()


def _remove(user: User, *, actor: User, reason: str) -> None:
    with transaction.atomic():
        removed, _rows = SecondFactor.objects.filter(user=user).delete()
        if not removed:
            raise FactorError(_("There is no second factor."), code="no_factor")
        RecoveryCode.objects.filter(user=user).delete()
        end_all(user=user)
        record(actor=actor, action="people.factor_off", target=f"user:{user.pk}", data={"reason": reason})


def _new_codes(user: User) -> list[str]:
    RecoveryCode.objects.filter(user=user).delete()
    codes = [readable("".join(secrets.choice(ALPHABET) for _place in range(LENGTH))) for _code in range(RECOVERY_CODES)]
    RecoveryCode.objects.bulk_create(RecoveryCode(user=user, code_hash=hash_code(code)) for code in codes)
    return codes


def _use_step(factor: SecondFactor, code: str) -> bool:
    step = _step(factor, code)
    return step is not None and bool(
        SecondFactor.objects.filter(pk=factor.pk, last_step__lt=step).update(last_step=step)
    )


def _use_recovery(user: User, code: str) -> bool:
    rows = RecoveryCode.objects.filter(user=user, code_hash__in=possible_hashes(code), used_at__isnull=True)
    with transaction.atomic():
        used = bool(rows.update(used_at=now()))
        if used:
            record(actor=user, action="people.recovery_used", target=f"user:{user.pk}")
    return used


def _step(factor: SecondFactor, code: str) -> int | None:
    digits = "".join(char for char in code if char.isdigit() and char.isascii())
    moment = now().timestamp()
    for secret in _secrets(factor):
        step = matching_step(secret, digits, moment)
        if step is not None:
            return step
    return None


def _secrets(factor: SecondFactor) -> list[bytes]:
    """The secret under the key of today, then under those of before: a phone keeps what it was given."""
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    text = f"lms.people.factor:{factor.user_id}:{factor.nonce}".encode()
    return [hmac.new(key.encode(), text, hashlib.sha256).digest()[:20] for key in keys]
