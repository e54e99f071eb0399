"""Files of what is on the screen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.http import HttpResponse
from django.utils.text import slugify
from django.utils.translation import gettext as _

from lms.classes.models import Enrolment
from lms.common.spreadsheets import csv_response, xlsx_response
from lms.common.text import fold
from lms.people.models import Unit
from lms.reports.queries import Filters
from lms.reports.rollup import Rollup, Row, Sums


def rollup_file(table: Rollup, *, unit: Unit, filters: Filters, file_format: str) -> HttpResponse:
    """The roll-up with its total as CSV or Excel (``file_format``: "csv" or "xlsx")."""
    heading = {
        "unit": _("Unit"),
        "programme": _("Programme"),
        "year": _("Year"),
        "kind": _("Kind of module"),
    }[table.group_by]
    header = [
        heading,
        _("Classes"),
        _("Enrolled"),
        _("Not started"),
        _("In progress"),
        _("Completed"),
        _("Not completed"),
        _("Withdrawn"),
        _("Completion %"),
        _("Excellent"),
        _("Very good"),
        _("Good"),
        _("Average"),
    ]
    rows = [_cells(row.label, row.sums) for row in table.rows]
    if table.group_by != "kind":
        rows.append(_cells(_("Total"), table.total))
    year = str(filters.year) if filters.year else _("all years")
    return _response(file_format, name=f"{unit.label} {year}", title=unit.label, header=header, rows=rows)


def _cells(label: str, sums: Sums) -> list[Any]:
    percent = sums.completion_percent
    return [
        label,
        sums.classes,
        sums.enrolled,
        sums.not_started,
        sums.in_progress,
        sums.completed,
        sums.failed,
        sums.withdrawn,
        None if percent is None else float(percent),
        sums.excellent,
        sums.very_good,
        sums.good,
        sums.average,
    ]


def learners_file(found: Any, *, unit: Unit, file_format: str) -> HttpResponse:
    """Enrolments as CSV or Excel. No sensitive field is among the columns."""
    header = [
        _("Full name"),
        _("Unit"),
        _("Class"),
        _("Programme"),
        _("Year"),
        _("Status"),
        _("Percent done"),
        _("Mark"),
        _("Band"),
        _("Last activity"),
        _("Completed on"),
    ]
    return _response(
        file_format,
        name=f"{unit.label} {_('learners')}",
        title=_("Learners"),
        header=header,
        rows=_learner_rows(found.iterator(chunk_size=2000)),
    )


def _learner_rows(found: Iterable[Enrolment]) -> Iterator[list[Any]]:
    from django.utils import timezone

    for enrolment in found:
        training_class = enrolment.training_class
        last, completed = enrolment.last_activity_at, enrolment.completed_at
        yield [
            enrolment.learner.get_full_name(),
            training_class.unit.name,
            training_class.name,
            training_class.edition.title,
            training_class.year,
            str(enrolment.get_status_display()),
            enrolment.percent,
            None if enrolment.score is None else float(enrolment.score),
            str(enrolment.get_band_display()) if enrolment.band else "",
            timezone.localtime(last).replace(tzinfo=None) if last else None,
            timezone.localtime(completed).date() if completed else None,
        ]


def _response(file_format: str, *, name: str, title: str, header: list[str], rows: Iterable[list[Any]]) -> HttpResponse:
    filename = slugify(fold(name)) or "sen"
    if file_format == "csv":
        return csv_response(filename=f"{filename}.csv", header=header, rows=rows)
    return xlsx_response(filename=f"{filename}.xlsx", title=title, header=header, rows=rows)
