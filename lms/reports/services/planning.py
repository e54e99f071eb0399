"""Sums of approved plans over the unit tree."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from django.db import transaction

from lms.classes.models import PlanLine
from lms.people.models import Unit
from lms.programmes.access import ancestor_paths
from lms.reports.models import UnitPlan
from lms.reports.rollup import Planned
from lms.reports.services.settling import lock_settling


def sum_year(year: int) -> None:
    """Write the planned sums of a year anew, in the transaction that changed a plan of it.

    The settlers' lock comes first, so of two approvals at once the second sees the first.
    """
    with transaction.atomic():
        lock_settling(wait=True)
        wanted = _sums(year)
        units = dict(Unit.objects.order_by().filter(path__in={key[0] for key in wanted}).values_list("path", "pk"))
        UnitPlan.objects.filter(year=year).delete()
        UnitPlan.objects.bulk_create(
            [
                UnitPlan(
                    unit_id=units[path],
                    programme_id=programme,
                    year=year,
                    moved=moved,
                    classes=planned.classes,
                    learners=planned.learners,
                )
                for (path, programme, moved), planned in wanted.items()
                if planned != Planned()
            ],
            batch_size=500,
        )


def sum_years_of(unit_ids: Collection[int]) -> None:
    """Write the sums anew for every year in which one of the units has a plan: they count elsewhere now."""
    years = PlanLine.objects.filter(plan__unit__in=list(unit_ids)).order_by()
    for year in sorted(set(years.values_list("plan__year", flat=True))):
        sum_year(year)


def prove_plans(fix: bool = False) -> list[str]:
    """Return which years' planned sums are not what the approved plans add up to; ``fix`` writes them anew."""
    problems = []
    years = {*PlanLine.objects.order_by().values_list("plan__year", flat=True)}
    years |= {*UnitPlan.objects.order_by().values_list("year", flat=True)}
    with transaction.atomic():
        lock_settling(wait=True)
        for year in sorted(years):
            rows = UnitPlan.objects.filter(year=year)
            columns = ("unit__path", "programme_id", "moved", "classes", "learners")
            found = {(path, pk, moved): Planned(*planned) for path, pk, moved, *planned in rows.values_list(*columns)}
            wanted = {key: planned for key, planned in _sums(year).items() if planned != Planned()}
            if found != wanted:
                problems.append(f"plans of {year}: recorded {len(found)} sums, {len(wanted)} wanted, or other figures")
                if fix:
                    sum_year(year)
    return problems


def _sums(year: int) -> dict[tuple[str, int, bool], Planned]:
    lines = PlanLine.objects.filter(plan__year=year, approved_classes__gt=0).values_list(
        "plan__unit__path", "plan__unit__heir__path", "programme_id", "approved_classes", "approved_learners"
    )
    sums: dict[tuple[str, int, bool], Planned] = defaultdict(Planned)
    for path, heir, programme, classes, learners in lines:
        was = set(ancestor_paths(path))
        for above in was:
            sums[above, programme, False].add(Planned(classes, learners))
        if heir is not None:
            becomes = set(ancestor_paths(heir))
            for above in was - becomes:
                sums[above, programme, True].add(Planned(-classes, -learners))
            for above in becomes - was:
                sums[above, programme, True].add(Planned(classes, learners))
    return sums
