"""Dissolving units, merging them into others, and taking a mistaken dissolution back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from lms.audit.services import record
from lms.people.models import Membership, Unit, UnitSuccession, User
from lms.people.services.heirs import settle_heirs
from lms.people.services.memberships import put_role, take_role
from lms.people.services.units import UnitError


@dataclass(frozen=True, slots=True)
class DissolvePreview:
    """A preview of a dissolution. Classes, certificates and figures stay where they are."""

    roles: list[Membership]
    children: list[Unit]
    communes: list[Unit]


def preview_dissolve(unit: Unit) -> DissolvePreview:
    """Return the roles at the unit, the units in force directly below, and the communes it serves."""
    children = [child for child in unit.get_children() if child.is_current()]
    roles = Membership.objects.current().filter(unit=unit).select_related("user").order_by("user__sort_key")
    return DissolvePreview(list(roles), children, list(unit.serves.order_by("sort_key")))


def dissolve(
    *,
    unit: Unit,
    on: dt.date,
    successors: Iterable[Unit],
    decision: str = "",
    actor: User | None,
    move_roles: bool = False,
) -> None:
    """End ``unit`` on a day (the first on which it is no more) and name who takes over. History stays where it is.

    The first of ``successors`` is the principal one: reports "as it is now" count the unit's classes there.

    Args:
        move_roles: people with a role at the unit get it at the principal successor from that day, and keep it
            here until then; communes that it serves are served by that successor.

    Raises:
        UnitError: ``already_dissolved``, ``before_founding``, ``own_successor`` (directly or through others), or
            ``ended_successor`` for one that is no more on that day.
    """
    heirs = list(successors)
    with transaction.atomic():
        row = Unit.objects.select_for_update().get(pk=unit.pk)
        if row.valid_to is not None:
            raise UnitError(_("This unit is dissolved already."), code="already_dissolved")
        if row.valid_from is not None and on <= row.valid_from:
            message = _("A unit cannot end before it begins.")
            raise UnitError(message, code="before_founding", fields={"on": [message]})
        _refuse_circle(row, heirs)
        if any(heir.valid_to is not None and heir.valid_to <= on for heir in heirs):
            raise UnitError(_("A successor must be in force on that day."), code="ended_successor")
        Unit.objects.filter(pk=row.pk).update(valid_to=on)
        unit.valid_to = on
        UnitSuccession.objects.bulk_create(
            [
                UnitSuccession(predecessor=row, successor=heir, decision=decision, principal=number == 0)
                for number, heir in enumerate(heirs)
            ]
        )
        if move_roles and heirs:
            _move_roles(row, heirs[0], on, actor)
            heirs[0].serves.add(*row.serves.all())
        settle_heirs()
        record(
            actor=actor,
            action="units.dissolved",
            target=f"unit:{unit.pk}",
            data={
                "on": on,
                "successors": [heir.pk for heir in heirs],
                "decision": decision,
                "move_roles": move_roles,
            },
        )


def _move_roles(unit: Unit, heir: Unit, on: dt.date, actor: User | None) -> None:
    for membership in Membership.objects.current().filter(unit=unit, user__is_active=True).select_related("user"):
        there = Membership.objects.filter(unit=heir, user=membership.user, role=membership.role)
        if not there.exists():
            put_role(user=membership.user, unit=heir, role=membership.role, valid_from=on, actor=actor)
        if membership.valid_from is None or membership.valid_from < on:
            put_role(
                user=membership.user,
                unit=unit,
                role=membership.role,
                valid_from=membership.valid_from,
                valid_to=on,
                actor=actor,
            )


def restore_problem(unit: Unit) -> str:
    """Return the reason why a dissolution cannot be taken back; empty when it can."""
    if unit.valid_to is None:
        return _("This unit is not dissolved.")
    heirs = UnitSuccession.objects.filter(predecessor=unit, successor__valid_to__isnull=False)
    if heirs.exists():
        return _("A successor has been dissolved meanwhile; take that back first.")
    return ""


def restore(*, unit: Unit, actor: User | None) -> None:
    """Take back a mistaken dissolution: the unit is in force again, and roles that moved with it come back.

    Raises:
        UnitError: ``not_restorable``, with the reason.
    """
    with transaction.atomic():
        row = Unit.objects.select_for_update().get(pk=unit.pk)
        if problem := restore_problem(row):
            raise UnitError(problem, code="not_restorable")
        on = row.valid_to
        principal = UnitSuccession.objects.filter(predecessor=row, principal=True).select_related("successor").first()
        Unit.objects.filter(pk=row.pk).update(valid_to=None)
        UnitSuccession.objects.filter(predecessor=row).delete()
        for membership in Membership.objects.filter(unit=row, valid_to=on).select_related("user"):
            if not membership.user.is_active:
                continue
            put_role(
                user=membership.user,
                unit=row,
                role=membership.role,
                valid_from=membership.valid_from,
                actor=actor,
            )
            if principal is not None:
                moved = Membership.objects.filter(
                    unit=principal.successor, user=membership.user, role=membership.role, valid_from=on
                )
                for role in moved:
                    take_role(membership=role, actor=actor)
        settle_heirs()
        record(actor=actor, action="units.restored", target=f"unit:{row.pk}", data={"was_ended_on": on})
    unit.refresh_from_db()


def _refuse_circle(unit: Unit, heirs: list[Unit]) -> None:
    """A unit must not come back as the heir of its heirs: reports follow successors to the end."""
    seen: set[int] = set()
    front = {heir.pk for heir in heirs}
    while front:
        if unit.pk in front:
            raise UnitError(_("A unit cannot succeed itself."), code="own_successor")
        seen |= front
        links = UnitSuccession.objects.filter(predecessor__in=front).values_list("successor_id", flat=True)
        front = set(links) - seen
