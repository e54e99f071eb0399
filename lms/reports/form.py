"""The province's monthly form (*biểu tổng hợp*): classes and learners by group of programmes, with % of the plan."""

from __future__ import annotations

from dataclasses import dataclass

from cms.enums import ProgrammeCategory
from cms.models import ProgrammePage
from lms.people.models import Unit
from lms.reports.queries import Filters, rollup
from lms.reports.rollup import Planned, Row, Sums


@dataclass(frozen=True, slots=True)
class FormTable:
    """One line for each group of programmes (each programme says in Wagtail to which it belongs), and the total."""

    rows: list[Row]
    total: Row


def monthly_form(*, unit: Unit, filters: Filters) -> FormTable:
    """Add up the roll-up by programme into the columns of the form; every group has a line, in the form's order."""
    table = rollup(unit=unit, filters=filters, group_by="programme")
    keys = [row.key for row in table.rows]
    category_of = dict(ProgrammePage.objects.filter(pk__in=keys).values_list("pk", "category"))
    rows = {
        category: Row(key=category, label=str(ProgrammeCategory(category).label), plan=Planned())
        for category in ProgrammeCategory.values
    }
    for row in table.rows:
        line = rows[category_of.get(row.key, ProgrammeCategory.OTHER)]
        line.sums.add(row.sums)
        if row.plan is not None and line.plan is not None:
            line.plan.add(row.plan)
    sums, plan = Sums(), Planned()
    for line in rows.values():
        sums.add(line.sums)
        if line.plan is not None:
            plan.add(line.plan)
    return FormTable(list(rows.values()), Row(key="total", label="", sums=sums, plan=plan))
