"""Roll-ups over the unit tree: the sums of units, and what marked classes have beyond them (ADR 16)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Count, F, IntegerField, Q, QuerySet, Sum, Value, When
from django.db.models.functions import Coalesce, Substr

from cms.enums import ModuleKind
from cms.models import ProgrammePage
from lms.classes.enums import ClassState
from lms.classes.models import TrainingClass
from lms.people.access import within
from lms.people.models import Unit
from lms.people.names import text_sort_key
from lms.programmes.models import EditionModule
from lms.reports.models import SettledTally, TallyMark, UnitPlan, UnitTally
from lms.reports.rollup import FIELDS, FIGURES, KINDS, Planned, Rollup, Row, Sums, sum_plans

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


# The tree in which classes of dissolved units count: at their heirs of today, or where they were.
TREES = ("now", "then")


@dataclass(frozen=True, slots=True)
class Filters:
    """Filters of a roll-up; ``None`` means all. ``tree``: "as it is now" or "as it was" (:data:`TREES`)."""

    year: int | None = None
    programme_id: int | None = None
    module_kind: str | None = None
    tree: str = "now"


def counted_classes() -> QuerySet[TrainingClass]:
    """Classes that reports count."""
    return TrainingClass.objects.filter(state__in=COUNTED)


def counting_in(unit: Unit, tree: str, field: str = "unit", *, own: bool = False) -> Q:
    """The condition that a class (its unit is at ``field``) counts in the subtree of ``unit``, as the roll-up says.

    Args:
        own: at the unit itself, not below it.
    """
    here = Q(**{field: unit.pk}) if own else within([unit.path], f"{field}__path")
    if tree == "then":
        return here
    under = within([unit.path], "heir__path")
    if own:
        under = Q(heir=unit.pk)
    moved = Unit.objects.filter(heir__isnull=False).order_by()
    taken = list(moved.filter(under).values_list("pk", flat=True))
    given = list(moved.filter(within([unit.path], "path")).exclude(under).values_list("pk", flat=True))
    condition = (here & ~Q(**{f"{field}__in": given})) if given else here
    return (condition | Q(**{f"{field}__in": taken})) if taken else condition


def rollup(*, unit: Unit, filters: Filters = Filters(), group_by: str = "unit") -> Rollup:
    """Sum the classes of ``unit``'s subtree by child unit, programme, year or module kind.

    The caller has fetched ``unit`` from ``Unit.objects.visible_to(user)``. Rows by unit are the children, and the
    unit itself for classes it holds directly; every class counts in exactly one row, so rows add up to the total.
    In the tree of today a class of a dissolved unit counts at the unit's heir, if it has one.

    Raises:
        ValueError: ``group_by`` is not one of :data:`GROUPS`.
    """
    if group_by not in GROUPS:
        raise ValueError(f"group_by must be one of {GROUPS}, not {group_by!r}")
    if group_by == "kind":
        return _by_kind(unit, filters)
    children: list[Unit] = []
    if group_by == "unit":
        below = Unit.objects.filter(depth=unit.depth + 1).filter(within([unit.path], "path"))
        # A handful of kinds for many units: fetched once instead of built again for each.
        children = list(below.prefetch_related("kind").order_by("sort_key", "path"))
    plans = _plans(unit, filters, group_by, children)
    sums = _sums(unit, filters, group_by, children)
    return Rollup(group_by=group_by, rows=_rows(sums, plans, unit, group_by, children))


def _plans(unit: Unit, filters: Filters, group_by: str, children: list[Unit]) -> dict[Any, Planned]:
    """What is planned by group. Plans know no kinds of modules, so a filter by kind leaves them out."""
    if filters.module_kind is not None:
        return {}
    rows = UnitPlan.objects.order_by()
    if filters.year is not None:
        rows = rows.filter(year=filters.year)
    if filters.programme_id is not None:
        rows = rows.filter(programme_id=filters.programme_id)
    if filters.tree == "then":
        rows = rows.filter(moved=False)
    paths = {child.pk: child.path for child in [unit, *children]}
    rows = rows.filter(unit__in=list(paths))
    key = {"unit": "unit_id", "programme": "programme_id", "year": "year"}[group_by]
    totals = rows.values_list(key).annotate(Sum("classes"), Sum("learners"))
    found = {paths[group] if group_by == "unit" else group: Planned(*planned) for group, *planned in totals}
    if group_by == "unit" and unit.path in found:
        below = sum_plans(planned for path, planned in found.items() if path != unit.path)
        found[unit.path].add(Planned(-below.classes, -below.learners))
    return {group: planned for group, planned in found.items() if planned != Planned()}


def _sums(unit: Unit, filters: Filters, group_by: str, children: list[Unit]) -> dict[Any, Sums]:
    """Sums by group, in one statement: whatever is settled meanwhile, it sees one state of the tables."""
    parts = _settled_sums(unit, filters, group_by, children)
    # Without a mark, whatever was committed until now is settled, and the sums alone say it all.
    if TallyMark.objects.exists():
        marked = TallyMark.objects.order_by().values("class_id")
        parts = parts.union(
            _marked_now(unit, filters, group_by, marked), _marked_settled(unit, filters, group_by, marked), all=True
        )
    found: dict[Any, Sums] = defaultdict(Sums)
    below = Sums()
    for group, sign, *figures in parts:
        sums = Sums(*(figure or 0 for figure in figures))
        if group_by == "unit" and sign == 0:  # the settled sum of a whole subtree
            if group != unit.path:
                below.add(sums)
            found[group].add(sums)
        else:
            found[group].add_times(sums, sign or 1)
    if group_by == "unit" and unit.path in found:
        found[unit.path].add_times(below, -1)  # what the unit holds itself is the whole less the children
    return {group: sums for group, sums in found.items() if sums != Sums()}


def _settled_sums(unit: Unit, filters: Filters, group_by: str, children: list[Unit]) -> Any:
    rows = _narrow(UnitTally.objects.order_by(), filters, "programme_id")
    if filters.tree == "then":
        rows = rows.filter(moved=False)
    if group_by == "unit":
        rows = rows.filter(unit__in=[unit.pk, *(child.pk for child in children)])
        group: Any = F("unit__path")
    else:
        rows = rows.filter(unit=unit)
        group = F("programme_id") if group_by == "programme" else F("year")
    totals = {f"sum_{name}": Sum(name) for name in FIELDS}
    return _line(rows.annotate(group=group, sign=Value(0)).values("group", "sign").annotate(**totals))


def _marked_settled(unit: Unit, filters: Filters, group_by: str, marked: Any) -> Any:
    """What is settled of marked classes: to be taken away."""
    rows = _narrow(SettledTally.objects.filter(class_id__in=marked), filters, "edition__programme_id")
    rows = _under(rows, unit, filters, "unit__path", "heir__path").order_by()
    totals = {"sum_classes": Count("pk")} | {f"sum_{name}": Sum(name) for name in FIGURES}
    grouped = rows.annotate(group=_group("edition__programme_id", unit, group_by), sign=Value(-1))
    return _line(grouped.values("group", "sign").annotate(**totals))


def _marked_now(unit: Unit, filters: Filters, group_by: str, marked: Any) -> Any:
    """What marked classes have now."""
    rows = _narrow(counted_classes().filter(pk__in=marked), filters, "edition__programme_id")
    rows = _under(rows, unit, filters, "unit__path", "unit__heir__path").order_by()
    own = {"not_started": "tallies__enrolled"} | {name: f"tallies__{name}" for name in TALLY_FIELDS}
    everyone = F("tallies__enrolled") + F("tallies__in_progress") + F("tallies__completed") + F("tallies__failed")
    totals: dict[str, Any] = {"sum_classes": Count("pk", distinct=True)}
    for name in FIGURES:
        kind = name.removesuffix("_learners")
        if kind in KINDS:
            teaching = When(edition__in=editions_teaching(kind), then=everyone)
            totals[f"sum_{name}"] = Sum(Case(teaching, default=Value(0), output_field=IntegerField()))
        else:
            totals[f"sum_{name}"] = Sum(own[name])
    grouped = rows.annotate(group=_group("edition__programme_id", unit, group_by), sign=Value(1))
    return _line(grouped.values("group", "sign").annotate(**totals))


def _line(rows: Any) -> Any:
    """The columns of one part of the union, in one order for all parts."""
    return rows.values_list("group", "sign", *(f"sum_{name}" for name in FIELDS))


def _narrow(rows: Any, filters: Filters, programme: str) -> Any:
    if filters.year is not None:
        rows = rows.filter(year=filters.year)
    if filters.programme_id is not None:
        rows = rows.filter(**{programme: filters.programme_id})
    if filters.module_kind is not None:
        rows = rows.filter(edition__in=editions_teaching(filters.module_kind))
    return rows


def _under(rows: Any, unit: Unit, filters: Filters, was: str, heir: str) -> Any:
    """Rows that count under ``unit`` in the tree that ``filters`` ask for, with the path where they count."""
    at = Coalesce(F(heir), F(was)) if filters.tree == "now" else F(was)
    return rows.annotate(at=at).filter(within([unit.path], "at"))


def _group(programme: str, unit: Unit, group_by: str) -> Any:
    """The expression to group by: the path of the child unit, the programme or the year."""
    if group_by == "unit":
        return Substr("at", 1, len(unit.path) + STEP)
    return F(programme) if group_by == "programme" else F("year")


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


def held_by(*, unit: Unit, year: int) -> dict[int, tuple[str, tuple[int, int]]]:
    """Return what the unit itself holds in a year: title, classes and learners (not the withdrawn), by programme."""
    classes = counted_classes().filter(counting_in(unit, "now", own=True), year=year).order_by()
    learners = sum((F(f"tallies__{name}") for name in ("in_progress", "completed", "failed")), F("tallies__enrolled"))
    rows = classes.values_list("edition__programme_id", "edition__programme__title").annotate(
        count=Count("pk", distinct=True), people=Sum(learners)
    )
    return {programme: (title, (count, people or 0)) for programme, title, count, people in rows}


def spans(*, unit: Unit, tree: str = "now") -> tuple[list[int], list[tuple[int, str]]]:
    """The years and the programmes (id, title) in which ``unit``'s subtree has classes, in reading order."""
    found = _spans(unit, tree)
    titles = ProgrammePage.objects.filter(pk__in={programme for _year, programme in found}).values_list("pk", "title")
    return sorted({year for year, _programme in found}, reverse=True), sorted(
        titles, key=lambda row: text_sort_key(row[1])
    )


def _spans(unit: Unit, tree: str) -> set[tuple[int, int]]:
    settled = UnitTally.objects.filter(unit=unit, classes__gt=0).order_by()
    if tree == "then":
        settled = settled.filter(moved=False)
    marked = counted_classes().filter(pk__in=TallyMark.objects.order_by().values("class_id"))
    marked = _under(marked, unit, Filters(tree=tree), "unit__path", "unit__heir__path").order_by()
    return set(settled.values_list("year", "programme_id").union(marked.values_list("year", "edition__programme_id")))


def _rows(
    sums: dict[Any, Sums], plans: dict[Any, Planned], unit: Unit, group_by: str, children: list[Unit]
) -> list[Row]:
    """Turn sums by key into labelled rows in reading order; a child unit without classes has a row of zeros."""
    keys = sums.keys() | plans.keys()

    def row(group: Any, key: Any, label: str, *, can_open: bool = True) -> Row:
        return Row(key=key, label=label, sums=sums.get(group) or Sums(), can_open=can_open, plan=plans.get(group))

    if group_by == "year":
        return [row(year, year, str(year)) for year in sorted(keys, reverse=True)]
    if group_by == "programme":
        titles = dict(ProgrammePage.objects.filter(pk__in=list(keys)).values_list("pk", "title"))
        ordered = sorted(keys, key=lambda key: text_sort_key(titles.get(key, "")))
        return [row(key, key, titles.get(key, str(key))) for key in ordered]
    rows = [
        row(child.path, child, child.name)
        for child in children
        # Communes hold no classes; they are listed only where one did.
        if child.path in keys or (child.is_current() and (child.kind.holds_classes or child.numchild))
    ]
    if unit.path in keys:
        rows.insert(0, row(unit.path, unit, unit.name, can_open=False))
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
