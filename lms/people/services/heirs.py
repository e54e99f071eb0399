"""Heirs: the unit of today at which the figures of a dissolved unit count (ADR 16).

From a dissolved unit the way goes to its principal successor, and on until a unit in force. If that one holds no
classes (a commune) and a unit in force that does (a centre) serves it, the centre is the heir. Nothing is divided:
a whole unit has one heir or none, so no class is ever counted twice.
"""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from lms.common.clock import today
from lms.people.models import Unit, UnitSuccession
from lms.people.signals import heirs_changed

_BATCH = 500


def settle_heirs(*, on: dt.date | None = None) -> list[int]:
    """Bring every unit's heir in line with successors and service as of a day; returns the units that changed.

    Sends :data:`heirs_changed` in the same transaction. To be called after every change of validity, successions
    or communes served, and once a day: a dissolution may lie in the future when it is entered.
    """
    day = on or today()
    with transaction.atomic():
        changed = _changes(day)
        Unit.objects.bulk_update(changed, ["heir"], batch_size=_BATCH)
        ids = [unit.pk for unit in changed]
        if ids:
            heirs_changed.send(sender=Unit, unit_ids=ids)
    return ids


def _changes(day: dt.date) -> list[Unit]:
    units = Unit.objects.order_by().only("pk", "heir_id")
    ended = {unit.pk: unit for unit in units.filter(valid_to__lte=day)}
    next_of = dict(
        UnitSuccession.objects.filter(principal=True, predecessor__valid_to__lte=day).values_list(
            "predecessor_id", "successor_id"
        )
    )
    centre_of = _centres(set(next_of.values()) - ended.keys(), day)
    changed = []
    for unit in ended.values():
        heir, steps = next_of.get(unit.pk), 0
        while heir is not None and heir in ended and steps <= len(ended):
            heir, steps = next_of.get(heir), steps + 1
        wanted = None if heir is None or heir in ended else centre_of.get(heir, heir)
        if unit.heir_id != wanted:
            unit.heir_id = wanted
            changed.append(unit)
    for unit in units.filter(heir__isnull=False).exclude(valid_to__lte=day):
        unit.heir_id = None
        changed.append(unit)
    return sorted(changed, key=lambda unit: unit.pk)


def _centres(places: set[int], day: dt.date) -> dict[int, int]:
    """The unit that holds classes for each of ``places`` that holds none itself; the first in tree order."""
    through = Unit.serves.through._default_manager
    serving = Unit.objects.current(day).holding_classes().order_by().values("pk")
    rows = (
        through.filter(to_unit_id__in=Unit.objects.filter(kind__holds_classes=False).order_by().values("pk"))
        .filter(from_unit_id__in=serving)
        .order_by("-from_unit__path")
        .values_list("to_unit_id", "from_unit_id")
    )
    return {place: centre for place, centre in rows if place in places}
