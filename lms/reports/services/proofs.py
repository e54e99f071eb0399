"""Proves the sums of units against the tallies of classes."""

from __future__ import annotations

from collections import defaultdict
from itertools import batched

from django.db import transaction

from lms.people.models import Unit
from lms.reports.models import SettledTally, TallyMark, UnitTally
from lms.reports.rollup import FIELDS, Sums
from lms.reports.services.settling import (
    Key,
    all_class_ids,
    lock_settling,
    paths_of,
    places_of,
    present_figures,
    rebuild,
    settled_figures,
)

_BATCH = 2000


def prove_sums(fix: bool = False) -> list[str]:
    """Return what is wrong with the sums, a line each; none proves them. ``fix`` builds them anew if any is.

    Settlers wait meanwhile; nobody else does. Marks are read after the classes and the settled figures, so a class
    that moves during the proof is marked and no difference.
    """
    with transaction.atomic():
        lock_settling(wait=True)
        problems = [*_unsettled(), *_wrong_sums()]
        if problems and fix:
            rebuild()
    return problems


def _unsettled() -> list[str]:
    """Classes whose settled figures are not what they have, though no mark says so."""
    problems = []
    for ids in batched(all_class_ids(), _BATCH):
        settled, present = settled_figures(ids), present_figures(ids)
        differing = {pk for pk in ids if settled.get(pk) != present.get(pk)}
        marked = set(TallyMark.objects.filter(class_id__in=list(differing)[:_BATCH]).values_list("class_id", flat=True))
        problems += [
            f"class {pk}: settled {settled.get(pk)}, has {present.get(pk)}" for pk in sorted(differing - marked)
        ]
    return problems


def _wrong_sums() -> list[str]:
    """Sums of units that are not the sum of what is settled."""
    wanted: dict[Key, Sums] = defaultdict(Sums)
    for ids in batched(SettledTally.objects.order_by("pk").values_list("pk", flat=True), _BATCH):
        figures = list(settled_figures(ids).values())
        places_of(figures, paths_of(figures), wanted)
    paths = dict(Unit.objects.order_by().values_list("pk", "path"))
    found: dict[Key, Sums] = {}
    for row in UnitTally.objects.values("unit_id", "edition_id", "year", "moved", *FIELDS).iterator(chunk_size=_BATCH):
        key = (paths[row["unit_id"]], row["edition_id"], row["year"], row["moved"])
        found[key] = Sums(*(row[name] for name in FIELDS))
    nothing = Sums()
    return [
        f"unit {path} edition {edition} year {year}{' moved' if moved else ''}: "
        f"recorded {found.get((path, edition, year, moved))}, settled {wanted.get((path, edition, year, moved))}"
        for path, edition, year, moved in sorted(wanted.keys() | found.keys())
        if found.get((path, edition, year, moved), nothing) != wanted.get((path, edition, year, moved), nothing)
    ]
