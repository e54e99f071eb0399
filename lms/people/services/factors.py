"""The second factor: asking for it, noting that it changed, taking a lost one away.

django-allauth keeps the factors (``allauth.mfa``: codes of an app, passkeys, recovery codes). Tries are slowed down
here, and a code of the app is spent in the database: allauth notes spent codes in the cache, which may be a process's
own or away.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _

from lms.audit.events import note_bounded
from lms.audit.services import record
from lms.common.clock import now
from lms.common.errors import DomainError
from lms.people.access import must_have_factor
from lms.people.factor_keys import decrypt
from lms.people.known_devices import device_of
from lms.people.models import User
from lms.people.queries import factors_of
from lms.people.services import throttling
from lms.people.services.authority import beyond
from lms.people.services.sessions import end_all
from lms.people.services.sign_in import paused

STEP = 30  # seconds that a code of the app holds (RFC 6238)


class FactorError(DomainError):
    """``wrong_code``, ``no_factor`` or ``not_allowed``."""


def has_factor(user: Any) -> bool:
    """Whether ``user`` shows more than a password when signing in; one query."""
    return factors_of(user).exists()


@contextmanager
def slowed_down(*, user: User, request: HttpRequest | None) -> Iterator[None]:
    """Count a try of the second factor before the block makes it; forget the tries when the block ends without error.

    Whoever gets here knows the password, so tries are counted for the account from wherever they come; only a browser
    that the person has signed in from before has a counter of its own. After five the next waits, longer and longer.

    Raises:
        SignInError: ``paused``.
    """
    device = device_of(request)
    mark = f"{user.pk}|{device.mark}" if device.knows(user.pk) else str(user.pk)
    key = throttling.key_for("factor", mark)
    until = throttling.take_try(key, throttling.FACTOR)
    if until is not None:
        raise paused(until)
    yield
    throttling.forget(key)


def check(*, user: User, code: str, request: HttpRequest | None = None) -> Authenticator:
    """Take a code from the app or a recovery code and return the factor that it belongs to; each code opens once.

    Raises:
        SignInError: ``paused``.
        FactorError: ``wrong_code``, or ``no_factor``.
    """
    if not has_factor(user):
        raise FactorError(_("There is no second factor."), code="no_factor")
    with slowed_down(user=user, request=request):
        found = _use_step(user, code) or _use_recovery(user, code)
        if found is None:
            note_wrong(user)
            raise FactorError(_("This code is not right, or it was used already."), code="wrong_code")
    return found


def note_wrong(user: User) -> None:
    """Record that the second factor of ``user`` was not shown."""
    note_bounded(who=str(user.pk), action="people.factor_failed", target=f"user:{user.pk}", each=20)


def matching_step(secret: str, code: str) -> int | None:
    """Return the step (RFC 6238) around now whose code is ``code``; ``None`` if it is wrong.

    Args:
        secret: as an app is given it, in base32.
    """
    digits = "".join(char for char in code if char.isdigit() and char.isascii())
    present = int(now().timestamp()) // STEP
    for step in range(present - settings.MFA_TOTP_TOLERANCE, present + settings.MFA_TOTP_TOLERANCE + 1):
        if constant_time_compare(format_hotp_value(hotp_value(secret, step)), digits):
            return step
    return None


def spend_first_code(*, user: User, step: int) -> None:
    """Note the step of the code that turned the app on, so that it does not sign in as well."""
    _spend(Authenticator.objects.get(user_id=user.pk, type=Authenticator.Type.TOTP), step)


def note_change(*, user: User, added: bool, kind: str) -> None:
    """Record that ``user`` added or removed a factor, inside the caller's transaction; end all sessions and API tokens.

    A view keeps its own session by :func:`lms.people.services.sessions.keep_session`.

    Args:
        kind: a value of ``Authenticator.Type``.
    """
    end_all(user=user)
    action = "people.factor_on" if added else "people.factor_off"
    record(actor=user, action=action, target=f"user:{user.pk}", data={"factor": kind})


def note_new_codes(*, user: User) -> None:
    """Record that ``user`` has new recovery codes in place of those left."""
    record(actor=user, action="people.recovery_codes", target=f"user:{user.pk}")


def may_remove(factor: Authenticator) -> bool:
    """Whether the person may remove ``factor``: a role that asks for one leaves them the last."""
    last = not factors_of(factor.user).exclude(pk=factor.pk).exists()
    return not (last and must_have_factor(factor.user))


def reset(*, user: User, actor: User, reason: str) -> None:
    """Take lost factors away, so that the person signs in with the password and sets up a new one.

    Raises:
        FactorError: ``not_allowed`` where ``actor`` could not replace the password either, or for oneself;
            ``no_factor``.
    """
    if beyond(actor, [user.pk]):
        raise FactorError(_("You may not do this for people whose roles reach further than yours."), code="not_allowed")
    with transaction.atomic():
        if not has_factor(user):
            raise FactorError(_("There is no second factor."), code="no_factor")
        Authenticator.objects.filter(user_id=user.pk).delete()
        end_all(user=user)
        record(actor=actor, action="people.factor_off", target=f"user:{user.pk}", data={"reason": reason})


def codes_left(user: User) -> int:
    """Return how many recovery codes still open."""
    row = _recovery(user).first()
    return len(row.wrap().get_unused_codes()) if row else 0


def _recovery(user: User) -> QuerySet[Authenticator]:
    return Authenticator.objects.filter(user_id=user.pk, type=Authenticator.Type.RECOVERY_CODES)


def _use_step(user: User, code: str) -> Authenticator | None:
    with transaction.atomic():
        rows = Authenticator.objects.filter(user_id=user.pk, type=Authenticator.Type.TOTP)
        factor = rows.select_for_update().first()
        step = matching_step(decrypt(factor.data["secret"]), code) if factor else None
        if factor is None or step is None or step <= factor.data.get("last_step", 0):
            return None
        _spend(factor, step)
    return factor


def _spend(factor: Authenticator, step: int) -> None:
    """Note the newest step whose code was used: no code works twice, nor one from before."""
    factor.data["last_step"] = step
    factor.save(update_fields=["data"])


def _use_recovery(user: User, code: str) -> Authenticator | None:
    with transaction.atomic():
        row = _recovery(user).first()
        if row is None or not row.wrap().validate_code(code):
            return None
        record(actor=user, action="people.recovery_used", target=f"user:{user.pk}")
    return row
