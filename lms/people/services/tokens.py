"""API tokens: made, read at every request, ended."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from lms.audit.events import note_bounded, note_event
from lms.common.clock import now, today
from lms.common.errors import DomainError
from lms.common.prepared import prepared
from lms.people.access import must_have_factor, note_no_memberships
from lms.people.enums import TokenScope
from lms.people.models import ApiToken, Membership, User
from lms.people.queries import FACTOR_TYPES

MOST: Final = 20  # tokens of one person: programs that make one at every start must not pile them up
NOTE_USE_EVERY: Final = dt.timedelta(minutes=15)
_PREFIX: Final = 8


class TokenError(DomainError):
    """``unknown_scope`` or ``no_name``."""


def make_token(
    *,
    user: User,
    name: str = "API",
    scopes: Collection[str] = tuple(TokenScope.values),
    days: int | None = None,
) -> tuple[ApiToken, str]:
    """Make a token for a program of ``user`` and return it with its text, readable this once.

    The oldest token goes where the person would have more than :data:`MOST`.

    Args:
        name: what the person recognises the program by.
        scopes: values of :class:`~lms.people.enums.TokenScope`.
        days: how long it holds, at most ``SEN_TOKEN_DAYS``, which is the default.

    Raises:
        TokenError: a scope that does not exist, or none; a name of blanks.
    """
    wanted = sorted(set(scopes))
    if not wanted or not set(wanted) <= set(TokenScope.values):
        raise TokenError(
            _("These permissions do not exist: %(scopes)s.") % {"scopes": ", ".join(wanted)},
            code="unknown_scope",
            fields={"scopes": [", ".join(TokenScope.values)]},
        )
    if not name.strip():
        raise TokenError(_("Give the token a name."), code="no_name", fields={"name": [_("Give the token a name.")]})
    lifetime = min(days or settings.SEN_TOKEN_DAYS, settings.SEN_TOKEN_DAYS)
    text, moment = secrets.token_hex(30), now()
    with transaction.atomic():
        row = ApiToken.objects.create(
            user=user,
            name=name.strip()[:80],
            digest=digest_of(text),
            prefix=text[:_PREFIX],
            scopes=" ".join(wanted),
            created_at=moment,
            expires_at=moment + dt.timedelta(days=lifetime),
        )
        beyond = ApiToken.objects.filter(user=user).order_by("-created_at", "-pk").values_list("pk", flat=True)[MOST:]
        ApiToken.objects.filter(pk__in=list(beyond)).delete()
        note_event(
            action="people.token_made",
            actor=user,
            target=f"user:{user.pk}",
            data={"name": row.name, "begins_with": row.prefix, "scopes": wanted, "until": row.expires_at},
        )
    return row, text


def revoke_token(*, token: ApiToken, actor: User) -> bool:
    """End one token; whether it was still there."""
    with transaction.atomic():
        deleted, _rows = ApiToken.objects.filter(pk=token.pk).delete()
        if deleted:
            note_event(
                action="people.token_revoked",
                actor=actor,
                target=f"user:{token.user_id}",
                data={"name": token.name, "begins_with": token.prefix},
            )
    return bool(deleted)


def revoke_all(*, user: User, actor: User) -> int:
    """End every token of ``user`` because somebody asked for it; return how many there were."""
    with transaction.atomic():
        deleted = revoke_tokens(user=user)
        if deleted:
            note_event(action="people.tokens_revoked", actor=actor, target=f"user:{user.pk}", data={"count": deleted})
    return deleted


def revoke_tokens(*, user: User) -> int:
    """Delete every token of ``user`` inside the caller's transaction, which records why."""
    deleted, _rows = ApiToken.objects.filter(user=user).delete()
    return deleted


def forget_expired() -> int:
    """Delete tokens that have been over for thirty days: until then their use is recorded as such."""
    deleted, _rows = ApiToken.objects.filter(expires_at__lt=now() - dt.timedelta(days=30)).delete()
    return deleted


def digest_of(text: str) -> str:
    """Return what the database keeps of a token."""
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Holder:
    """A valid token at work: whose it is, what it may do, and what stands against it."""

    user: User
    token_id: int
    scopes: frozenset[str]
    expired: bool
    must_change_password: bool
    must_set_up_factor: bool


def holder_of(text: str, *, lean: bool = False) -> Holder | None:
    """Return who holds the token ``text``; ``None`` for an unknown token and a closed account. One query.

    Where a role asks for a second factor (``SEN_SECOND_FACTOR_ROLES``) and the person has a role, one more. The use is
    noted at most every quarter of an hour.

    Args:
        lean: give a person without the columns that only pages need; whatever else is asked of it is loaded then.
    """
    query, columns = (_lean_holder, _LEAN) if lean else (_full_holder, _FULL)
    row = query.first(digest=digest_of(text), day=today())
    if row is None:
        return None
    (token_id, scopes, expires_at, last_used_at, has_factor, has_roles), person = row[:6], row[6:]
    user = User.from_db(DEFAULT_DB_ALIAS, columns, list(person))
    if not user.is_active:
        return None
    if not has_roles and not user.is_superuser:
        note_no_memberships(user)
    moment = now()
    expired = expires_at <= moment
    if not expired:
        _note_use(token_id, last_used_at, moment)
    return Holder(
        user=user,
        token_id=token_id,
        scopes=frozenset(scopes.split()),
        expired=expired,
        must_change_password=user.must_change_password,
        must_set_up_factor=not has_factor and must_have_factor(user),
    )


def note_expired_use(holder: Holder) -> None:
    """Record that somebody still uses a token that is over."""
    note_bounded(
        who=str(holder.token_id),
        action="people.token_expired_used",
        actor=holder.user,
        target=f"user:{holder.user.pk}",
        data={"token": holder.token_id},
    )


def _note_use(token_id: int, before: dt.datetime | None, moment: dt.datetime) -> None:
    limit = moment - NOTE_USE_EVERY
    if before is None or before < limit:
        unnoted = Q(last_used_at__isnull=True) | Q(last_used_at__lt=limit)
        ApiToken.objects.filter(unnoted, pk=token_id).update(last_used_at=moment)


_FULL: Final = [field.attname for field in User._meta.concrete_fields]
_LEAN: Final = [name for name in _FULL if name in {"id", "is_active", "is_superuser", "must_change_password"}]


def _holders(digest: str, day: dt.date, columns: list[str]) -> QuerySet[ApiToken, tuple[Any, ...]]:
    factor = Authenticator.objects.filter(user=OuterRef("user_id"), type__in=FACTOR_TYPES)
    roles = Membership.objects.current(day).filter(user=OuterRef("user_id"))
    return (
        ApiToken.objects.filter(digest=digest)
        .order_by()
        .annotate(has_factor=Exists(factor), has_roles=Exists(roles))
        .values_list(
            "pk",
            "scopes",
            "expires_at",
            "last_used_at",
            "has_factor",
            "has_roles",
            *(f"user__{column}" for column in columns),
        )
    )


@prepared
def _lean_holder(digest: str, day: dt.date) -> QuerySet[ApiToken, tuple[Any, ...]]:
    return _holders(digest, day, _LEAN)


@prepared
def _full_holder(digest: str, day: dt.date) -> QuerySet[ApiToken, tuple[Any, ...]]:
    return _holders(digest, day, _FULL)
