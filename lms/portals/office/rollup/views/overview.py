"""The manager's overview: the roll-up of a unit's subtree, its monthly form, and their exports."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cms.enums import ModuleKind
from lms.common.clock import today
from lms.people.models import Unit
from lms.portals.office.rollup.charts import status_chart
from lms.portals.office.rollup.forms import RollupQuery, read_rollup
from lms.portals.office.rollup.views.common import find_unit, top_units
from lms.reports import exports
from lms.reports.form import monthly_form
from lms.reports.people import LearnerFilters, enrolments
from lms.reports.queries import rollup
from lms.reports.rollup import Rollup, Row


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The overview of the only unit one oversees, or the choice among several."""
    units = list(top_units(request).select_related("kind"))
    if not units:
        raise Http404
    if len(units) == 1:
        return redirect("office:unit", units[0].pk)
    return render(request, "office/units.html", {"units": units})


@require_safe
def unit_overview(request: HttpRequest, unit_id: int) -> HttpResponse:
    """The roll-up by child unit, programme, year or module kind; every number leads to its rows."""
    unit = find_unit(request, unit_id)
    query = read_rollup(request.GET, unit)
    table = rollup(unit=unit, filters=query.filters, group_by=query.group_by)
    whole = table
    if query.group_by == "kind":
        whole = rollup(unit=unit, filters=query.filters, group_by="year")
    total = Row(key=unit, label=_("Total"), sums=whole.total, can_open=False, plan=whole.plan)
    behind = enrolments(user=request.user, unit=unit, filters=LearnerFilters(base=query.filters, behind=True))
    context = {
        "unit": unit,
        "ancestors": list(Unit.objects.visible_to(request.user).filter(path__in=_above(unit)).order_by("depth")),
        "heir": unit.heir if unit.heir_id else None,
        "form_query": query.address(programme=None, kind=None, group_by=None),
        "then": query.address(tree="then", year=None),
        "query": query,
        "kinds": ModuleKind.choices,
        "groups": [
            (code, label, f"?{query.address(group_by=code)}")
            for code, label in (
                ("unit", _("By unit")),
                ("programme", _("By programme")),
                ("kind", _("By kind of module")),
                ("year", _("By year")),
            )
            if code != "unit" or unit.numchild
        ],
        "up": f"?{query.address(group_by='unit')}",
        "rows": [_line(unit, query, row) for row in table.rows],
        "total": _line(unit, query, total, is_total=True),
        "sums": total.sums,
        "has_plan": whole.plan is not None,
        "behind_count": behind.order_by().count(),
        "chart": None if query.group_by == "kind" else status_chart(table.rows, label=_("Learners by status")),
        "learners_url": f"{reverse('office:learners')}?unit={unit.pk}&{query.address()}",
    }
    return render(request, "office/unit.html", context)


def _above(unit: Unit) -> list[str]:
    return [unit.path[:end] for end in range(Unit.steplen, len(unit.path), Unit.steplen)]


def _line(unit: Unit, query: RollupQuery, row: Row, *, is_total: bool = False) -> dict[str, Any]:
    """A row with the addresses its numbers lead to."""
    target, changes = unit, {}
    opens = own = ""
    if isinstance(row.key, Unit):
        target = row.key
        if row.can_open:
            opens = f"{reverse('office:unit', args=[row.key.pk])}?{query.address(group_by='unit')}"
        elif row.key == unit and not is_total:
            own = "&own=1"  # the classes that the unit holds itself, without those below
    elif query.group_by == "year":
        changes = {"year": row.key}
        opens = f"{reverse('office:unit', args=[unit.pk])}?{query.address(group_by='unit', **changes)}"
    elif query.group_by == "programme":
        changes = {"programme": row.key}
        opens = f"{reverse('office:unit', args=[unit.pk])}?{query.address(group_by='unit', **changes)}"
    elif query.group_by == "kind":
        changes = {"kind": row.key}
        opens = f"{reverse('office:unit', args=[unit.pk])}?{query.address(group_by='unit', **changes)}"
    state = query.address(group_by=None, **changes)
    return {
        "label": row.label,
        "sums": row.sums,
        "plan": row.plan,
        "classes_percent": row.classes_percent,
        "learners_percent": row.learners_percent,
        "opens": opens,
        "key": row.key,
        "learners": f"{reverse('office:learners')}?unit={target.pk}&{state}{own}",
        "classes": f"{reverse('office:class-list')}?unit={target.pk}&{state}{own}&counted=1",
    }


@require_safe
def unit_export(request: HttpRequest, unit_id: int, file_format: str) -> HttpResponse:
    """The table on the screen as CSV or Excel."""
    unit = find_unit(request, unit_id)
    query = read_rollup(request.GET, unit)
    table: Rollup = rollup(unit=unit, filters=query.filters, group_by=query.group_by)
    return exports.rollup_file(table, unit=unit, filters=query.filters, file_format=file_format)


@require_safe
def unit_form(request: HttpRequest, unit_id: int) -> HttpResponse:
    """The monthly form of a unit for a year, ready to print."""
    unit = find_unit(request, unit_id)
    query = read_rollup(request.GET, unit)
    table = monthly_form(unit=unit, filters=query.filters)
    context = {"unit": unit, "query": query, "table": table, "day": today(), "lines": [*table.rows, table.total]}
    return render(request, "office/form.html", context)


@require_safe
def unit_form_export(request: HttpRequest, unit_id: int, file_format: str) -> HttpResponse:
    """The monthly form as CSV or Excel."""
    unit = find_unit(request, unit_id)
    filters = read_rollup(request.GET, unit).filters
    table = monthly_form(unit=unit, filters=filters)
    return exports.form_file(table, unit=unit, filters=filters, file_format=file_format)
