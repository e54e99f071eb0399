"""Roll-ups over the unit tree: open years from the classes' tallies, closed years from their sums."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Count, F, IntegerField, QuerySet, Sum, Value, When
from django.db.models.functions import Substr

from cms.enums import ModuleKind
from cms.models import ProgrammePage
from lms.classes.enums import ClassState
from lms.classes.models import ClassTally, TrainingClass
from lms.people.access import within
from lms.people.models import Unit
from lms.people.names import text_sort_key
from lms.programmes.models import EditionModule
from lms.reports.models import ClosedTally, YearClosing
from lms.reports.rollup import FIELDS, KINDS, Rollup, Row, Sums

GROUPS = ("unit", "programme", "year", "kind")
# A planned or cancelled class has taught nobody.
COUNTED = (ClassState.OPEN, ClassState.CLOSED, ClassState.RECOGNISED)
STEP = Unit.steplen
TALLY_FIELDS = (
    "in_progress",
    "completed",
    "failed",
    "withdrawn",
    "average",
    "good",
    "very_good",
    "excellent",
    "theory_done",
    "professional_done",
)


@dataclass(frozen=True, slots=True)
class Filters:
    """What a roll-up is narrowed to; ``None`` means all."""

    year: int | None = None
    programme_id: int | None = None
    module_kind: str | None = None


def counted_classes() -> QuerySet[TrainingClass]:
    """Classes that reports count."""
    return TrainingClass.objects.filter(state__in=COUNTED)


def closed_years() -> set[int]:
    """Years whose sums may be read from :class:`ClosedTally`."""
    return set(YearClosing.objects.filter(closed_at__isnull=False).values_list("year", flat=True))


def rollup(*, unit: Unit, filters: Filters = Filters(), group_by: str = "unit") -> Rollup:
    """Sum the classes of ``unit``'s subtree by child unit, programme, year or module kind.

    The caller has fetched ``unit`` from ``Unit.objects.visible_to(user)``. Rows by unit are the children, and the
    unit itself for classes it holds directly; every class counts in exactly one row, so rows add up to the total.

    Raises:
        ValueError: ``group_by`` is not one of :data:`GROUPS`.
    """
    if group_by not in GROUPS:
        raise ValueError(f"group_by must be one of {GROUPS}, not {group_by!r}")
    if group_by == "kind":
        return _by_kind(unit, filters)
    closed = closed_years()
    sums: dict[Any, Sums] = defaultdict(Sums)
    _add_open(sums, unit, filters, group_by, closed)
    if closed and (filters.year is None or filters.year in closed):
        _add_closed(sums, unit, filters, group_by, closed)
    return Rollup(group_by=group_by, rows=_rows(sums, unit, group_by))


def _add_open(sums: dict[Any, Sums], unit: Unit, filters: Filters, group_by: str, closed: set[int]) -> None:
    """Add the years that are still moving: one query over tallies, one over classes."""
    if filters.year is not None and filters.year in closed:
        return
    classes = counted_classes().filter(within([unit.path], "unit__path"))
    if filters.year is not None:
        classes = classes.filter(year=filters.year)
    elif closed:
        classes = classes.exclude(year__in=closed)
    if filters.programme_id is not None:
        classes = classes.filter(edition__programme_id=filters.programme_id)
    if filters.module_kind is not None:
        classes = classes.filter(edition__in=editions_teaching(filters.module_kind))
    tallies = ClassTally.objects.filter(training_class__in=classes.order_by())
    counted = classes.order_by().annotate(group=_group("", unit, group_by)).values("group")
    for row in counted.annotate(classes=Count("pk")):
        sums[row["group"]].classes += row["classes"]
    for row in open_sums(tallies.annotate(group=_group("training_class__", unit, group_by)), "group"):
        sums[row.pop("group")].add(row)


def open_sums(tallies: Any, *group: str) -> Any:
    """Aggregate tallies by ``group`` (annotations made before) into the fields of :class:`Sums` but ``classes``."""
    aggregates = {"not_started": Sum("enrolled")} | {f"sum_{name}": Sum(name) for name in TALLY_FIELDS}
    everyone = F("enrolled") + F("in_progress") + F("completed") + F("failed")
    for kind in KINDS:
        teaching = When(training_class__edition__in=editions_teaching(kind), then=everyone)
        aggregates[f"{kind}_learners"] = Sum(Case(teaching, default=Value(0), output_field=IntegerField()))
    for row in tallies.values(*group).annotate(**aggregates).order_by():
        yield {name.removeprefix("sum_"): value for name, value in row.items()}


def editions_teaching(kind: str) -> Any:
    """The ids of the editions that have a module of ``kind``."""
    return EditionModule.objects.filter(kind=kind).order_by().values("edition_id")


def _group(prefix: str, unit: Unit, group_by: str) -> Any:
    """The expression to group by: the path of the child unit, the programme or the year."""
    if group_by == "unit":
        return Substr(f"{prefix}unit__path", 1, len(unit.path) + STEP)
    return F(f"{prefix}edition__programme_id") if group_by == "programme" else F(f"{prefix}year")


def _add_closed(sums: dict[Any, Sums], unit: Unit, filters: Filters, group_by: str, closed: set[int]) -> None:
    """Add the closed years. Sums are kept for every unit with its subtree, so no tree is walked."""
    rows = ClosedTally.objects.filter(year__in=closed if filters.year is None else [filters.year])
    if filters.programme_id is not None:
        rows = rows.filter(programme_id=filters.programme_id)
    if filters.module_kind is not None:
        rows = rows.filter(edition__in=editions_teaching(filters.module_kind))
    totals = {f"sum_{name}": Sum(name) for name in FIELDS}
    if group_by != "unit":
        field = "programme_id" if group_by == "programme" else "year"
        for row in rows.filter(unit=unit).values(field).annotate(**totals).order_by():
            sums[row[field]].add(_summed(row))
        return
    below = Sums()
    children = Unit.objects.filter(depth=unit.depth + 1).filter(within([unit.path], "path")).order_by()
    for row in rows.filter(unit__in=children.values("pk")).values("unit__path").annotate(**totals).order_by():
        found = Sums().add(_summed(row))
        sums[row["unit__path"]].add(found)
        below.add(found)
    whole = Sums()
    for row in rows.filter(unit=unit).order_by().values("unit_id").annotate(**totals):
        whole.add(_summed(row))
    for name in FIELDS:  # what the unit holds itself is the whole less the children
        setattr(below, name, getattr(whole, name) - getattr(below, name))
    if below != Sums():
        sums[unit.path].add(below)


def _summed(row: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of :class:`Sums` from a row of closed tallies summed under ``sum_…``."""
    return {name: row[f"sum_{name}"] for name in FIELDS}


def _rows(sums: dict[Any, Sums], unit: Unit, group_by: str) -> list[Row]:
    """Turn sums by key into labelled rows in reading order; a child unit without classes has a row of zeros."""
    if group_by == "year":
        return [Row(key=year, label=str(year), sums=sums[year]) for year in sorted(sums, reverse=True)]
    if group_by == "programme":
        titles = dict(ProgrammePage.objects.filter(pk__in=list(sums)).values_list("pk", "title"))
        keys = sorted(sums, key=lambda key: text_sort_key(titles.get(key, "")))
        return [Row(key=key, label=titles.get(key, str(key)), sums=sums[key]) for key in keys]
    children = (
        Unit.objects.filter(depth=unit.depth + 1).filter(within([unit.path], "path")).order_by("sort_key", "path")
    )
    rows = [
        Row(key=child, label=child.name, sums=sums.get(child.path, Sums()))
        for child in children.select_related("kind")
        # Communes hold no classes; they are listed only where one did.
        if child.path in sums or (child.is_current() and (child.kind.holds_classes or child.numchild))
    ]
    if unit.path in sums:
        rows.insert(0, Row(key=unit, label=unit.name, sums=sums[unit.path], can_open=False))
    return rows


def _by_kind(unit: Unit, filters: Filters) -> Rollup:
    """Theory and professional: learners of classes that teach the kind, and those who have done all of it.

    A class that teaches both counts in both rows, so here the total is not the sum of classes; the page says so.
    """
    total = rollup(unit=unit, filters=filters, group_by="year").total
    rows = []
    for kind in ModuleKind:
        if filters.module_kind not in (None, kind.value):
            continue
        learners, done = getattr(total, f"{kind.value}_learners"), getattr(total, f"{kind.value}_done")
        rows.append(Row(key=kind.value, label=str(kind.label), sums=Sums(in_progress=learners - done, completed=done)))
    return Rollup(group_by="kind", rows=rows)
