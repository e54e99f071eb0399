"""The grade book as a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from lms.classes.enums import Band, EnrolmentStatus
from lms.classes.models import TrainingClass
from lms.common.spreadsheets import Column, write_xlsx
from lms.gradebook.queries import GradeTable, gradebook_table


def grades_xlsx(training_class: TrainingClass) -> bytes:
    """One line a learner, by name: marks of what counts, attendance, final mark, band, status."""
    table = gradebook_table(training_class)
    marked = [index for index, item in enumerate(table.items) if item.counts]
    columns = [
        Column(_("No."), "number", 6),
        Column(_("Full name"), width=28),
        Column(_("Position"), width=24),
        Column(_("Unit / Party cell"), width=32),
        *[Column(table.items[index].title, "score") for index in marked],
        Column(_("Periods attended"), "number"),
        Column(_("Percent done"), "percent"),
        Column(_("Final mark"), "score"),
        Column(_("Band"), width=14),
        Column(_("Status"), width=18),
    ]
    title = _("Class: %(class)s") % {"class": training_class.name}
    return write_xlsx(_lines(table, marked), columns, title=title, sheet=_("Grades"))


def _lines(table: GradeTable, marked: list[int]) -> Iterator[list[Any]]:
    bands = {band.value: str(band.label) for band in Band}
    statuses = {status.value: str(status.label) for status in EnrolmentStatus}
    for number, row in enumerate(table.rows, start=1):
        yield [
            number,
            row.full_name,
            row.position,
            row.organisation,
            *[row.cells[index].mark for index in marked],
            row.attended,
            row.percent,
            row.score,
            bands.get(row.band, ""),
            statuses[row.status],
        ]
