"""One-time codes with which a person opens the account and chooses the first password."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Iterable

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from lms.audit.services import record
from lms.common.clock import now
from lms.common.errors import DomainError
from lms.people.codes import ALPHABET, hash_code, readable
from lms.people.models import ActivationCode, User
from lms.people.queries import find_code
from lms.people.services.authority import beyond
from lms.people.services.sessions import end_all


class ActivationError(DomainError):
    """A code does not open an account: ``code_unknown``, ``code_used``, ``code_expired``, ``weak_password``,
    ``not_allowed``.
    """


def issue_activation_codes(users: Iterable[User], *, actor: User | None) -> dict[int, str]:
    """Make one code for each of ``users`` and return them by user id; a code made before no longer works.

    This is the only moment when the codes can be read: the database keeps a keyed hash. A code also replaces a
    forgotten password, and the one made before stops working: so an actor makes them only for people whom the actor
    administers (:func:`lms.people.access.people_administered_by`).

    Raises:
        ActivationError: ``not_allowed``; ``fields["users"]`` lists the ids.
    """
    people = {user.pk: user for user in users}
    if refused := beyond(actor, people):
        raise ActivationError(
            _("You may make codes only for people of your own units whose roles reach no further than yours."),
            code="not_allowed",
            fields={"users": [str(pk) for pk in refused]},
        )
    codes: dict[int, str] = {}
    moment = now()
    expires = moment + dt.timedelta(days=settings.SEN_ACTIVATION_DAYS)
    with transaction.atomic():
        ActivationCode.objects.filter(user__in=list(people), used_at__isnull=True).delete()
        rows = []
        for user_id in people:
            code = readable("".join(secrets.choice(ALPHABET) for _place in range(10)))
            codes[user_id] = code
            rows.append(
                ActivationCode(
                    user_id=user_id,
                    code_hash=hash_code(code),
                    created_by_id=actor.pk if actor else None,
                    expires_at=expires,
                )
            )
        ActivationCode.objects.bulk_create(rows, batch_size=1000)
        if people:
            record(actor=actor, action="people.codes_issued", data={"users": list(people)})
    return codes


def check_code(code: str) -> User:
    """Return the person whose account ``code`` opens, without using it.

    Raises:
        ActivationError: unknown, used or expired.
    """
    return _open_code(code).user


def _open_code(code: str) -> ActivationCode:
    row = find_code(code)
    if row is None or not row.user.is_active:
        raise ActivationError(_("There is no such code. Check every character."), code="code_unknown")
    if row.used_at is not None:
        raise ActivationError(_("This code has been used. Sign in with your password."), code="code_used")
    if row.expires_at <= now():
        raise ActivationError(_("This code has expired. Ask your centre for a new one."), code="code_expired")
    return row


def end_codes(*, user: User) -> None:
    """End the codes of ``user`` that nobody has used, inside the caller's transaction: a password was chosen elsewhere.

    Typed later they count as used, so that the person reads to sign in with the password.
    """
    ActivationCode.objects.filter(user=user, used_at__isnull=True).update(used_at=now())


def activate(*, code: str, password: str) -> User:
    """Use a code: set the password and return the person; the code works once.

    Raises:
        ActivationError: the code or the password does not do.
    """
    with transaction.atomic():
        row = _open_code(code)
        user = row.user
        try:
            validate_password(password, user)
        except ValidationError as error:
            raise ActivationError(
                _("Choose another password."), code="weak_password", fields={"password": error.messages}
            ) from error
        if not ActivationCode.objects.filter(pk=row.pk, used_at__isnull=True).update(used_at=now()):
            raise ActivationError(_("This code has been used. Sign in with your password."), code="code_used")
        user.set_password(password)
        user.must_change_password = False
        user.save(update_fields=["password", "must_change_password"])
        end_all(user=user)
        record(actor=user, action="people.activated", target=f"user:{user.pk}")
    return user
