"""Adding up past years once and for all, and opening them again when something in them changes."""

from __future__ import annotations

from collections import defaultdict

from django.db import transaction
from django.db.models import Count, F

from lms.classes.models import ClassTally, TrainingClass
from lms.common.clock import now, today
from lms.people.models import Unit
from lms.programmes.access import ancestor_paths
from lms.programmes.models import Edition
from lms.reports.models import ClosedTally, YearClosing
from lms.reports.queries import counted_classes, open_sums
from lms.reports.rollup import Sums

BATCH = 2000


def reopen_year_of(class_id: int) -> None:
    """Note that a tally of the class's year moved; called in the transaction that moves it."""
    years = TrainingClass.objects.filter(pk=class_id).values("year")
    YearClosing.objects.filter(year__in=years).update(revision=F("revision") + 1, closed_at=None)


def close_year(year: int) -> bool:
    """Add up a past year for every unit; returns whether it could be closed.

    ``False`` when the year is not over or something in it changed while it was being added up: the live tallies
    are used until the next try.
    """
    if year >= today().year:
        return False
    closing, _created = YearClosing.objects.get_or_create(year=year)
    with transaction.atomic():
        # Whoever moved a tally before the closing's row was there has not raised its revision: wait for them.
        tallies = ClassTally.objects.select_for_update().filter(training_class__year=year)
        list(tallies.order_by("training_class_id", "slot").values_list("slot"))
        rows = _subtree_sums(year)
        ClosedTally.objects.filter(year=year).delete()
        ClosedTally.objects.bulk_create(rows, batch_size=BATCH)
        closed = YearClosing.objects.filter(year=year, revision=closing.revision).update(closed_at=now())
        if not closed:
            transaction.set_rollback(True)
    return bool(closed)


def close_past_years() -> list[int]:
    """Close every past year that has classes and is not closed; returns the years closed. For a nightly task."""
    done = set(YearClosing.objects.filter(closed_at__isnull=False).values_list("year", flat=True))
    years = counted_classes().filter(year__lt=today().year).order_by("year").values_list("year", flat=True).distinct()
    return [year for year in years if year not in done and close_year(year)]


def _subtree_sums(year: int) -> list[ClosedTally]:
    """Sums of a year for each unit that holds classes and each unit above one, by edition."""
    classes = counted_classes().filter(year=year).order_by()
    leaves: dict[tuple[str, int], Sums] = defaultdict(Sums)
    group = ("training_class__unit__path", "training_class__edition_id")
    for row in open_sums(ClassTally.objects.filter(training_class__in=classes), *group):
        leaves[row.pop(group[0]), row.pop(group[1])].add(row)
    for row in classes.values("unit__path", "edition_id").annotate(count=Count("pk")):
        leaves[row["unit__path"], row["edition_id"]].classes += row["count"]
    subtrees: dict[tuple[str, int], Sums] = defaultdict(Sums)
    for (path, edition_id), sums in leaves.items():
        for ancestor in ancestor_paths(path):
            subtrees[ancestor, edition_id].add(sums)
    units = dict(Unit.objects.filter(path__in={path for path, _edition in subtrees}).values_list("path", "pk"))
    editions = {edition for _path, edition in subtrees}
    programmes = dict(Edition.objects.filter(pk__in=editions).values_list("pk", "programme_id"))
    return [
        ClosedTally(
            unit_id=units[path],
            programme_id=programmes[edition_id],
            edition_id=edition_id,
            year=year,
            **{name: getattr(sums, name) for name in Sums.__slots__},
        )
        for (path, edition_id), sums in subtrees.items()
    ]
