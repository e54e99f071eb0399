"""Files of what is on the screen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from lms.classes.enums import Band, EnrolmentStatus
from lms.classes.models import Enrolment
from lms.common.spreadsheets import Column, download, write_csv, write_xlsx
from lms.common.text import fold
from lms.people.models import Unit
from lms.reports.form import FormTable
from lms.reports.queries import Filters
from lms.reports.rollup import Planned, Rollup, Row


def rollup_file(table: Rollup, *, unit: Unit, filters: Filters, file_format: str) -> HttpResponse:
    """The roll-up with its total as CSV or Excel (``file_format``: "csv" or "xlsx")."""
    heading = {
        "unit": _("Unit"),
        "programme": _("Programme"),
        "year": _("Year"),
        "kind": _("Kind of module"),
    }[table.group_by]
    columns = [
        Column(heading, width=44),
        Column(_("Classes"), "number"),
        Column(_("Enrolments"), "number"),
        *(Column(str(EnrolmentStatus(status).label), "number") for status in EnrolmentStatus.values),
        Column(_("Completion %"), "percent"),
        *(Column(str(Band(band).label), "number") for band in reversed(Band.values)),
    ]
    lines = list(table.rows)
    if table.group_by != "kind":
        columns += [
            Column(_("Classes planned"), "number"),
            Column(_("% of planned classes"), "percent"),
            Column(_("Learners planned"), "number"),
            Column(_("% of planned learners"), "percent"),
        ]
        lines.append(Row(key=unit, label=_("Total"), sums=table.total, plan=table.plan))
    rows = [_cells(line)[: len(columns)] for line in lines]
    year = str(filters.year) if filters.year else _("all years")
    title = f"{unit.name}, {year}"
    if filters.tree == "then":
        title = _("%(title)s, units as they were") % {"title": title}
    return _response(file_format, name=f"{unit.label} {year}", title=title, columns=columns, rows=rows)


def _cells(row: Row) -> list[Any]:
    sums, plan = row.sums, row.plan
    return [
        row.label,
        sums.classes,
        sums.enrolled,
        sums.not_started,
        sums.in_progress,
        sums.completed,
        sums.failed,
        sums.withdrawn,
        _percent(sums.completion_percent),
        sums.excellent,
        sums.very_good,
        sums.good,
        sums.average,
        plan.classes if plan else None,
        _percent(row.classes_percent),
        plan.learners if plan else None,
        _percent(row.learners_percent),
    ]


def _percent(value: Decimal | None) -> float | None:
    return None if value is None else float(value)


def form_file(table: FormTable, *, unit: Unit, filters: Filters, file_format: str) -> HttpResponse:
    """The monthly form as CSV or Excel."""
    columns = [
        Column(_("Group of programmes"), width=44),
        Column(_("Classes"), "number"),
        Column(_("Classes planned"), "number"),
        Column(_("% of planned classes"), "percent"),
        Column(_("Learners"), "number"),
        Column(_("Learners planned"), "number"),
        Column(_("% of planned learners"), "percent"),
    ]
    rows = []
    for line in [*table.rows, table.total]:
        plan = line.plan or Planned()
        figures = [line.sums.classes, plan.classes or None, _percent(line.classes_percent)]
        people = [line.sums.studying, plan.learners or None, _percent(line.learners_percent)]
        rows.append([line.label or _("Total"), *figures, *people])
    name = _("Summary form")
    return _response(
        file_format,
        name=f"{name} {unit.label} {filters.year}",
        title=f"{name}, {unit.name}",
        columns=columns,
        rows=rows,
    )


def learners_file(found: Any, *, unit: Unit, file_format: str) -> HttpResponse:
    """Enrolments as CSV or Excel. No sensitive field is among the columns."""
    columns = [
        Column(_("Full name"), width=28),
        Column(_("Unit"), width=36),
        Column(_("Class"), width=16),
        Column(_("Programme"), width=36),
        Column(_("Year")),
        Column(_("Status"), width=16),
        Column(_("Percent done"), "percent"),
        Column(_("Mark"), "score"),
        Column(_("Band"), width=12),
        Column(_("Last activity"), "moment", width=18),
        Column(_("Completed on"), "date", width=14),
    ]
    return _response(
        file_format,
        name=f"{unit.label} {_('learners')}",
        title=_("Learners"),
        columns=columns,
        rows=_learner_rows(found.iterator(chunk_size=2000)),
    )


def _learner_rows(found: Iterable[Enrolment]) -> Iterator[list[Any]]:
    for enrolment in found:
        training_class = enrolment.training_class
        last, completed = enrolment.last_activity_at, enrolment.completed_at
        yield [
            enrolment.learner.get_full_name(),
            training_class.unit.name,
            training_class.name,
            training_class.edition.title,
            str(training_class.year),
            str(enrolment.get_status_display()),
            enrolment.percent,
            None if enrolment.score is None else float(enrolment.score),
            str(enrolment.get_band_display()) if enrolment.band else "",
            last,
            timezone.localtime(completed).date() if completed else None,
        ]


def _response(
    file_format: str, *, name: str, title: str, columns: list[Column], rows: Iterable[list[Any]]
) -> HttpResponse:
    filename = slugify(fold(name)) or "sen"
    if file_format == "csv":
        return download(write_csv(rows, columns), f"{filename}.csv")
    if file_format == "xlsx":
        return download(write_xlsx(rows, columns, title=title), f"{filename}.xlsx")
    raise Http404
