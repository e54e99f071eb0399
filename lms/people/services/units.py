"""Making and dissolving units."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from lms.audit.services import record
from lms.common.errors import DomainError
from lms.common.text import normalise
from lms.people.models import Unit, UnitKind, UnitSuccession, User
from lms.people.services.heirs import settle_heirs


class UnitError(DomainError):
    """The tree of units cannot be changed like this."""


def create_unit(
    *,
    parent: Unit | None,
    name: str,
    kind: UnitKind | str,
    short_name: str = "",
    code: str = "",
    valid_from: dt.date | None = None,
    serves: Iterable[Unit] = (),
    actor: User | None = None,
) -> Unit:
    """Add a unit under ``parent`` (``None``: a root of its own).

    Args:
        kind: the kind or its code.
        serves: the communes that a centre works for.

    Raises:
        UnitError: ``no_name``, ``unknown_kind``, ``code_taken``.
    """
    name, short_name = normalise(name), normalise(short_name)
    if not name:
        raise UnitError(_("A unit needs a name."), code="no_name")
    with transaction.atomic():
        found = kind if isinstance(kind, UnitKind) else UnitKind.objects.filter(pk=kind).first()
        if found is None:
            raise UnitError(_("There is no such kind of unit."), code="unknown_kind")
        if code and Unit.objects.filter(kind=found, code=code).exists():
            raise UnitError(_("A unit of this kind has this code already."), code="code_taken")
        unit = Unit(name=name, short_name=short_name, kind=found, code=code, valid_from=valid_from)
        if parent is None:
            Unit.add_root(instance=unit)
        else:
            parent.add_child(instance=unit)  # treebeard locks the parent's row
        if served := list(serves):
            unit.serves.set(served)
            settle_heirs()
        record(actor=actor, action="units.created", target=f"unit:{unit.pk}", data={"name": name})
    return unit


def dissolve(*, unit: Unit, on: dt.date, successors: Iterable[Unit], decision: str = "", actor: User | None) -> None:
    """End ``unit`` on a day (the first on which it is no more) and name who takes over. History stays where it is.

    The first of ``successors`` is the principal one: reports "as it is now" count the unit's classes there.

    Raises:
        UnitError: ``already_dissolved``, ``before_founding``, ``own_successor`` (directly or through others).
    """
    heirs = list(successors)
    with transaction.atomic():
        row = Unit.objects.select_for_update().get(pk=unit.pk)
        if row.valid_to is not None:
            raise UnitError(_("This unit is dissolved already."), code="already_dissolved")
        if row.valid_from is not None and on <= row.valid_from:
            raise UnitError(_("A unit cannot end before it begins."), code="before_founding")
        _refuse_circle(row, heirs)
        Unit.objects.filter(pk=row.pk).update(valid_to=on)
        unit.valid_to = on
        UnitSuccession.objects.bulk_create(
            [
                UnitSuccession(predecessor=row, successor=heir, decision=decision, principal=number == 0)
                for number, heir in enumerate(heirs)
            ]
        )
        settle_heirs()
        record(
            actor=actor,
            action="units.dissolved",
            target=f"unit:{unit.pk}",
            data={"on": on, "successors": [heir.pk for heir in heirs], "decision": decision},
        )


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
