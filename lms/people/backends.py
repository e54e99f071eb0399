"""Signing in by username, e-mail or phone."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest

from lms.common.clock import today
from lms.common.prepared import prepared
from lms.people.access import note_no_memberships
from lms.people.models import Membership, User
from lms.people.phones import normalise_phone


def find_account(identifier: str) -> User | None:
    """Return the account that ``identifier`` names; one query.

    A username that looks like somebody else's phone or e-mail must not shadow it, nor the other way round: an exact
    username wins.
    """
    identifier = identifier.strip()
    if not identifier or "\x00" in identifier:
        return None
    condition = Q(username__iexact=identifier)
    if "@" in identifier:
        condition |= Q(email__iexact=identifier, email_contested=False)
    phone = normalise_phone(identifier)
    if phone:
        condition |= Q(phone=phone, phone_contested=False)
    candidates = sorted(
        User.objects.filter(condition)[:3], key=lambda user: user.username.lower() != identifier.lower()
    )
    return candidates[0] if candidates else None


@prepared
def _account(user: Any, day: dt.date) -> QuerySet[User]:
    roles = Membership.objects.current(day).filter(user=OuterRef("pk"))
    return User.objects.filter(pk=user).annotate(has_roles=Exists(roles))


class IdentifierBackend(ModelBackend):
    """Finds the account by whatever identifier was typed; takes the same time for a wrong identifier."""

    def get_user(self, user_id: Any) -> User | None:
        """Return the account that a session names, if it is open; most people have no role, which is noted at once."""
        user: Any = _account.first(user=user_id, day=today())
        if user is None or not self.user_can_authenticate(user):
            return None
        if not user.has_roles and not user.is_superuser:
            note_no_memberships(user)
        return user

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **kwargs: Any,
    ) -> User | None:
        identifier = username or kwargs.get(User.USERNAME_FIELD) or ""
        if not identifier or password is None:
            return None
        user = find_account(identifier)
        if user is None:
            User().set_password(password)  # spend the time of a real check, so that accounts cannot be probed
            return None
        if user.check_password(password) and self.user_can_authenticate(user):
            return user
        return None
