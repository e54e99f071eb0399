"""Settling: moving what marked classes have now into the sums of their units (ADR 16).

Why it is exact, whatever happens at once:

- A transaction that changes what a class counts as adds a mark of its own. So a class whose figures differ from what
  is settled has a mark that everybody sees who sees the change.
- Settling reads marks first, then the classes, so what it reads holds the change of every mark that it read. It puts
  the same figures into the sums and into ``SettledTally`` and removes exactly the marks it read, in one transaction.
  A later change has a mark of its own, which stays.
- One settler works at a time (the lock of :class:`Settling`); nobody else writes these tables, and nobody waits for
  them: a mark is an insert, and readers see the state before or after.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from itertools import batched
from typing import Any

from django.db import transaction

from lms.classes.models import ClassTally
from lms.common.clock import today
from lms.people.models import Unit
from lms.people.services.heirs import settle_heirs
from lms.programmes.access import ancestor_paths
from lms.programmes.models import Edition
from lms.reports.models import SettledTally, Settling, TallyMark, UnitTally
from lms.reports.queries import counted_classes, open_sums
from lms.reports.rollup import FIELDS, FIGURES, Sums

BATCH = 1000
_WRITE = 500


@dataclass(frozen=True, slots=True)
class ClassPlacement:
    """The place of a class: its unit as it was, the heir of today if there is another one, edition and year."""

    unit_id: int
    heir_id: int | None
    edition_id: int
    year: int


Key = tuple[str, int, int, bool]  # unit path, edition, year, moved


def mark_class(class_id: int) -> None:
    """Note that a class may count differently now; called in the transaction that changes it."""
    TallyMark.objects.bulk_create([TallyMark(class_id=class_id)])


def mark_units(unit_ids: Collection[int]) -> None:
    """Mark every class of some units: they count elsewhere now."""
    for ids in batched(unit_ids, _WRITE):
        classes = counted_classes().filter(unit__in=ids).values_list("pk", flat=True)
        TallyMark.objects.bulk_create([TallyMark(class_id=pk) for pk in classes], batch_size=BATCH)


def mark_all() -> None:
    """Mark every class, also those that are settled but no longer counted. For bulk loads and repairs."""
    TallyMark.objects.bulk_create([TallyMark(class_id=pk) for pk in all_class_ids()], batch_size=BATCH)


def settle() -> int:
    """Settle every mark there is; returns how many classes were looked at. For a task that runs every minute.

    When somebody else is settling, or nothing is marked, nothing is done.
    """
    done = 0
    _settle_day()
    while TallyMark.objects.exists():
        with transaction.atomic():
            if not lock_settling(wait=False):
                break
            done += _settle_batch()
    return done


def lock_settling(*, wait: bool) -> bool:
    """Take the settlers' lock until the transaction ends; returns whether it was free (waiting for it: always)."""
    Settling.objects.get_or_create(pk=1)
    return bool(Settling.objects.select_for_update(skip_locked=not wait).filter(pk=1))


def _settle_day() -> None:
    """On a new day, units whose last day has passed get their heirs."""
    day = today()
    if not Settling.objects.filter(day=day).exists():
        with transaction.atomic():
            settle_heirs(on=day)
            Settling.objects.update_or_create(pk=1, defaults={"day": day})


def _settle_batch() -> int:
    marks = list(TallyMark.objects.order_by("pk").values_list("pk", "class_id")[:BATCH])
    ids = sorted({class_id for _pk, class_id in marks})
    before, after = settled_figures(ids), present_figures(ids)
    changed = [pk for pk in ids if before.get(pk) != after.get(pk)]
    _apply_to_sums([before[pk] for pk in changed if pk in before], [after[pk] for pk in changed if pk in after])
    _remember(changed, before, after)
    for part in batched((pk for pk, _class_id in marks), _WRITE):
        TallyMark.objects.filter(pk__in=part).delete()
    return len(ids)


def settled_figures(class_ids: Iterable[int]) -> dict[int, tuple[ClassPlacement, Sums]]:
    """Return the settled figures of some classes."""
    found = {}
    for ids in batched(class_ids, _WRITE):
        rows = SettledTally.objects.filter(pk__in=ids).values(
            "class_id", "unit_id", "heir_id", "edition_id", "year", *FIGURES
        )
        for row in rows:
            place = ClassPlacement(row["unit_id"], row["heir_id"], row["edition_id"], row["year"])
            found[row["class_id"]] = place, Sums(1, *(row[name] for name in FIGURES))
    return found


def present_figures(class_ids: Iterable[int]) -> dict[int, tuple[ClassPlacement, Sums]]:
    """Return the present figures of some classes; a class that reports do not count is left out."""
    found = {}
    for ids in batched(class_ids, _WRITE):
        classes = counted_classes().filter(pk__in=ids).order_by()
        for pk, *place in classes.values_list("pk", "unit_id", "unit__heir_id", "edition_id", "year"):
            found[pk] = ClassPlacement(*place), Sums(classes=1)
        for row in open_sums(ClassTally.objects.filter(training_class__in=list(found.keys() & ids)), "training_class"):
            found[row.pop("training_class")][1].add(row)
    return found


def places_of(
    figures: Iterable[tuple[ClassPlacement, Sums]], paths: Mapping[int, str], into: dict[Key, Sums], sign: int = 1
) -> None:
    """Add figures to every sum in which they count: the unit and all above it, and the correction to its heir."""
    for place, sums in figures:
        was = set(ancestor_paths(paths[place.unit_id]))
        for path in was:
            into[path, place.edition_id, place.year, False].add_times(sums, sign)
        if place.heir_id is not None:
            becomes = set(ancestor_paths(paths[place.heir_id]))
            for path in was - becomes:
                into[path, place.edition_id, place.year, True].add_times(sums, -sign)
            for path in becomes - was:
                into[path, place.edition_id, place.year, True].add_times(sums, sign)


def paths_of(figures: Iterable[tuple[ClassPlacement, Sums]]) -> dict[int, str]:
    """The paths of all units and heirs among the figures."""
    ids = {pk for place, _sums in figures for pk in (place.unit_id, place.heir_id) if pk is not None}
    paths: dict[int, str] = {}
    for part in batched(ids, _WRITE):
        paths |= dict(Unit.objects.order_by().filter(pk__in=part).values_list("pk", "path"))
    return paths


def _apply_to_sums(before: list[tuple[ClassPlacement, Sums]], after: list[tuple[ClassPlacement, Sums]]) -> None:
    moves: dict[Key, Sums] = defaultdict(Sums)
    paths = paths_of([*before, *after])
    places_of(before, paths, moves, -1)
    places_of(after, paths, moves)
    moves = {key: sums for key, sums in moves.items() if sums != Sums()}
    if not moves:
        return
    units = _units_at({path for path, *_rest in moves})
    programmes = dict(Edition.objects.filter(pk__in={key[1] for key in moves}).values_list("pk", "programme_id"))
    rows = _rows_for(moves, units)
    fresh = []
    for (path, edition_id, year, moved), sums in moves.items():
        row = rows.get((units[path], edition_id, year, moved))
        if row is None:
            row = UnitTally(
                unit_id=units[path],
                programme_id=programmes[edition_id],
                edition_id=edition_id,
                year=year,
                moved=moved,
            )
            fresh.append(row)
        for name in FIELDS:
            setattr(row, name, getattr(row, name) + getattr(sums, name))
    UnitTally.objects.bulk_create(fresh, batch_size=_WRITE)
    known = list(rows.values())
    if known:
        UnitTally.objects.bulk_create(
            known, batch_size=_WRITE, update_conflicts=True, unique_fields=["id"], update_fields=list(FIELDS)
        )


def _units_at(paths: Collection[str]) -> dict[str, int]:
    units: dict[str, int] = {}
    for part in batched(paths, _WRITE):
        units |= dict(Unit.objects.order_by().filter(path__in=part).values_list("path", "pk"))
    return units


def _rows_for(moves: Mapping[Key, Any], units: Mapping[str, int]) -> dict[tuple[int, int, int, bool], UnitTally]:
    """The rows of the sums that ``moves`` touches, by unit, edition, year and moved."""
    wanted = {(units[path], edition, year, moved) for path, edition, year, moved in moves}
    years = {key[2] for key in wanted}
    rows = {}
    for part in batched(sorted({key[0] for key in wanted}), _WRITE):
        for row in UnitTally.objects.filter(unit__in=part, year__in=years):
            key = (row.unit_id, row.edition_id, row.year, row.moved)
            if key in wanted:
                rows[key] = row
    return rows


def _remember(
    ids: list[int], before: Mapping[int, tuple[ClassPlacement, Sums]], after: Mapping[int, tuple[ClassPlacement, Sums]]
) -> None:
    gone = [pk for pk in ids if pk in before and pk not in after]
    for part in batched(gone, _WRITE):
        SettledTally.objects.filter(pk__in=part).delete()
    rows = []
    for pk in ids:
        if pk in after:
            place, sums = after[pk]
            rows.append(
                SettledTally(
                    class_id=pk,
                    unit_id=place.unit_id,
                    heir_id=place.heir_id,
                    edition_id=place.edition_id,
                    year=place.year,
                    **{name: getattr(sums, name) for name in FIGURES},
                )
            )
    SettledTally.objects.bulk_create(
        rows,
        batch_size=50,
        update_conflicts=True,
        unique_fields=["class_id"],
        update_fields=["unit", "heir", "edition", "year", *FIGURES],
    )


def rebuild() -> None:
    """Forget every sum and settle all classes anew, in one transaction. Readers see the old sums until the end."""
    with transaction.atomic():
        lock_settling(wait=True)
        UnitTally.objects.all().delete()
        SettledTally.objects.all().delete()
        mark_all()
        while TallyMark.objects.exists():
            _settle_batch()


def all_class_ids() -> list[int]:
    """Every class that is counted or settled."""
    counted = counted_classes().order_by().values_list("pk", flat=True)
    return sorted({*counted, *SettledTally.objects.values_list("pk", flat=True)})
