"""Identities of a provider (OpenID Connect) that people have linked to their accounts."""

from __future__ import annotations

from allauth.socialaccount.models import SocialAccount
from django.db import transaction
from django.utils.translation import gettext as _

from lms.audit.services import record
from lms.common.errors import DomainError
from lms.people.models import User
from lms.people.services.sessions import end_all


class IdentityError(DomainError):
    """``no_password``: the identity is the only way in."""


def note_linked(*, user: User) -> None:
    """Record that ``user`` linked an identity; every other session and every API token ends.

    A view keeps its own session by :func:`lms.people.services.sessions.keep_session`.
    """
    with transaction.atomic():
        end_all(user=user)
        record(actor=user, action="people.identity_linked", target=f"user:{user.pk}")


def unlink(*, user: User, pk: int) -> bool:
    """Take an identity away from the own account; whether there was one. Sessions end as in :func:`note_linked`.

    Raises:
        IdentityError: ``no_password``.
    """
    with transaction.atomic():
        row = SocialAccount.objects.select_for_update().filter(user_id=user.pk, pk=pk).first()
        if row is None:
            return False
        if not user.has_usable_password():
            raise IdentityError(
                _("Choose a password first: without it you could not sign in any more."), code="no_password"
            )
        row.delete()
        end_all(user=user)
        record(actor=user, action="people.identity_unlinked", target=f"user:{user.pk}")
    return True
