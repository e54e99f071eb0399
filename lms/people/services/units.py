"""Making units, giving them other names and other communes to serve."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from lms.audit.services import record
from lms.common.clock import today
from lms.common.errors import DomainError
from lms.common.text import normalise
from lms.people.models import Unit, UnitKind, UnitName, User
from lms.people.services.heirs import settle_heirs


class UnitError(DomainError):
    """The tree of units cannot be changed like this."""


def record_edit(*, unit: Unit, changed: Iterable[str], actor: User) -> None:
    """Record which facts of a unit were corrected, in the transaction that saved them."""
    record(actor=actor, action="units.edited", target=f"unit:{unit.pk}", data={"fields": list(changed)})


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


def rename_unit(
    *, unit: Unit, name: str, short_name: str = "", on: dt.date, decision: str = "", actor: User | None
) -> None:
    """Give a unit another name from a day on; the name until then is kept with it.

    Raises:
        UnitError: ``no_name``, ``same_name``, ``in_future`` (names change on their day), or ``name_period`` for a day
            that is not after the last change.
    """
    name, short_name = normalise(name), normalise(short_name)
    if not name:
        raise UnitError(_("A unit needs a name."), code="no_name", fields={"name": [_("A unit needs a name.")]})
    if on > today():
        message = _("A new name can be entered from its first day on.")
        raise UnitError(message, code="in_future", fields={"on": [message]})
    with transaction.atomic():
        row = Unit.objects.select_for_update().get(pk=unit.pk)
        if (row.name, row.short_name) == (name, short_name):
            message = _("This is the name already.")
            raise UnitError(message, code="same_name", fields={"name": [message]})
        last = row.former_names.order_by("-valid_to").values_list("valid_to", flat=True).first() or row.valid_from
        if last is not None and on <= last:
            message = _("The day must be after the last change of the name and after the founding.")
            raise UnitError(message, code="name_period", fields={"on": [message]})
        former = UnitName(unit=row, name=row.name, short_name=row.short_name, valid_to=on, decision=normalise(decision))
        former.save()
        row.name, row.short_name = name, short_name
        row.save(update_fields=["name", "short_name", "sort_key", "search_text"])
        record(
            actor=actor,
            action="units.renamed",
            target=f"unit:{row.pk}",
            data={"from": former.name, "to": name, "on": on, "decision": decision},
        )
    unit.refresh_from_db()


def set_serves(*, unit: Unit, communes: Iterable[Unit], actor: User | None) -> None:
    """Say for which communes a centre works; nothing is recorded when nothing changes.

    Raises:
        UnitError: ``serves_itself``, or ``holds_classes`` for one that is no place but holds classes of its own.
    """
    wanted = {commune.pk: commune for commune in communes}
    if unit.pk in wanted:
        raise UnitError(_("A unit does not serve itself."), code="serves_itself")
    if Unit.objects.filter(pk__in=wanted, kind__holds_classes=True).exists():
        raise UnitError(_("Only places that hold no classes of their own are served."), code="holds_classes")
    with transaction.atomic():
        row = Unit.objects.select_for_update().get(pk=unit.pk)
        before = set(row.serves.values_list("pk", flat=True))
        if before == set(wanted):
            return
        row.serves.set(wanted.values())
        settle_heirs()
        data = {"added": sorted(set(wanted) - before), "removed": sorted(before - set(wanted))}
        record(actor=actor, action="units.serves_changed", target=f"unit:{row.pk}", data=data)
