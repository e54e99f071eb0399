"""Giving and ending roles."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from lms.audit.services import record
from lms.common.clock import today
from lms.common.errors import DomainError
from lms.people.access import may_grant
from lms.people.enums import Role
from lms.people.models import Membership, Unit, User
from lms.people.signals import membership_changed


class MembershipError(DomainError):
    """A role cannot be given or ended like this."""


def grant_role(
    *,
    user: User,
    unit: Unit,
    role: str,
    actor: User | None,
    valid_from: dt.date | None = None,
    valid_to: dt.date | None = None,
) -> Membership:
    """Give ``user`` a role on the subtree of ``unit``; a repeat sets the period of the one that exists.

    Raises:
        MembershipError: ``unknown_role``, ``not_allowed`` (it reaches further than the roles of ``actor``),
            ``invalid_period``, or ``inactive_person``.
    """
    _refuse_higher(actor, role, unit)
    return put_role(user=user, unit=unit, role=role, actor=actor, valid_from=valid_from, valid_to=valid_to)


def put_role(
    *,
    user: User,
    unit: Unit,
    role: str,
    actor: User | None,
    valid_from: dt.date | None = None,
    valid_to: dt.date | None = None,
) -> Membership:
    """Do what :func:`grant_role` does for a service that has settled the right to it otherwise: a reform moves the
    roles of a unit that ends to its successor, wherever that stands.

    Raises:
        MembershipError: as there, without ``not_allowed``.
    """
    if role not in Role.values:
        raise MembershipError(_("There is no such role."), code="unknown_role")
    if valid_from and valid_to and valid_from >= valid_to:
        raise MembershipError(_("The period must end after it begins."), code="invalid_period")
    if not user.is_active:
        raise MembershipError(_("This account is closed."), code="inactive_person")
    with transaction.atomic():
        membership, created = Membership.objects.select_for_update().get_or_create(
            user=user, unit=unit, role=role, defaults={"valid_from": valid_from, "valid_to": valid_to}
        )
        if not created and (membership.valid_from, membership.valid_to) == (valid_from, valid_to):
            return membership
        if not created:
            membership.valid_from, membership.valid_to = valid_from, valid_to
            membership.save(update_fields=["valid_from", "valid_to"])
        _announce(membership, "people.role_granted", actor, {"from": valid_from, "to": valid_to})
    return membership


def end_role(*, membership: Membership, actor: User | None) -> None:
    """End a role today. A role that would not have begun by now is removed; the record keeps it.

    Raises:
        MembershipError: ``not_allowed``: it reaches further than the roles of ``actor``.
    """
    _refuse_higher(actor, membership.role, membership.unit)
    take_role(membership=membership, actor=actor)


def take_role(*, membership: Membership, actor: User | None) -> None:
    """Do what :func:`end_role` does for a service that has settled the right to it otherwise."""
    day = today()
    with transaction.atomic():
        row = Membership.objects.select_for_update().select_related("user", "unit").filter(pk=membership.pk).first()
        if row is None or (row.valid_to is not None and row.valid_to <= day):
            return
        if row.valid_from is not None and row.valid_from >= day:
            row.delete()
        else:
            row.valid_to = membership.valid_to = day
            row.save(update_fields=["valid_to"])
        _announce(row, "people.role_ended", actor, {"to": day})


def _refuse_higher(actor: User | None, role: str, unit: Unit) -> None:
    if actor is not None and not may_grant(actor, role, unit):
        raise MembershipError(_("This role reaches further than yours."), code="not_allowed")


def _announce(membership: Membership, action: str, actor: User | None, dates: dict[str, Any]) -> None:
    user = membership.user
    user.__dict__.pop("_sen_memberships", None)
    data = {"role": str(membership.role), "unit": membership.unit_id, **dates}
    record(actor=actor, action=action, target=f"user:{user.pk}", data=data)
    membership_changed.send(sender=Membership, user=user, unit=membership.unit, role=membership.role)
