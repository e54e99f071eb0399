"""The matrix and its specification (*ma trận*, *bảng đặc tả*) as Word and Excel files."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import xlsxwriter
from django.utils import translation
from django.utils.translation import gettext as _
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Pt

from lms.common.formats import percent
from lms.common.spreadsheets import harmless
from lms.portals.exams.blueprints.grid import Grid, make_grid
from quizzes.models import Blueprint
from quizzes.printing.word import file_bytes, new_document, repeat_heading, set_widths
from quizzes.queries.papers.stock import RowSpec, row_labels, specs_of

#: The width of the text on a landscape page, in millimetres.
_WIDTH = 260.0
_EPOCH = dt.datetime(2000, 1, 1)  # noqa: DTZ001 (spreadsheets know no zones)


def _tables(blueprint: Blueprint) -> tuple[list[list[str]], list[list[str]]]:
    """Return the matrix and the specification as rows of text, headings first."""
    specs = specs_of(blueprint.current) if blueprint.current else []
    grid = make_grid(blueprint, specs, every_topic=False)
    return _matrix(grid), _specification(specs, row_labels(specs, blueprint.bank_id))


def _matrix(grid: Grid) -> list[list[str]]:
    rows = [[_("No."), _("Topic"), *(label for _level, label in grid.levels), _("Questions"), _("Points"), _("Share")]]
    for number, row in enumerate(grid.rows, start=1):
        cells = ["\n".join(f"{slot.count} {slot.label} ({slot.points} đ)" for slot in cell.used) for cell in row.cells]
        rows.append([str(number), row.name, *cells, *_figures(row.total)])
    rows.append(["", _("Questions"), *(str(total.count) for total in grid.totals), str(grid.total.count), "", ""])
    rows.append(
        ["", _("Points"), *(_points(total.points) for total in grid.totals), "", _points(grid.total.points), ""]
    )
    rows.append(
        ["", _("Share"), *(percent(total.percent) for total in grid.totals), "", "", percent(grid.total.percent)]
    )
    return rows


def _specification(specs: list[RowSpec], labels: dict[int, str]) -> list[list[str]]:
    rows = [[_("No."), _("Topic, level, kind"), _("What is tested"), _("Questions"), _("Points")]]
    for number, spec in enumerate(specs, start=1):
        total = _points(spec.points * spec.count)
        rows.append([str(number), labels[number], spec.specification, str(spec.count), total])
    return rows


def _figures(total: Any) -> list[str]:
    return [str(total.count), _points(total.points), percent(total.percent)]


def _points(value: Any) -> str:
    return f"{value.normalize():f}".replace(".", ",")


def matrix_xlsx(blueprint: Blueprint, *, language: str = "vi") -> bytes:
    """Return a workbook with a sheet for the matrix and one for the specification."""
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with translation.override(language), xlsxwriter.Workbook(buffer, options) as book:
        book.set_properties({"created": _EPOCH})
        style = {"font_name": "Times New Roman", "font_size": 12, "border": 1, "text_wrap": True, "valign": "top"}
        head = book.add_format({**style, "bold": True, "align": "center", "bg_color": "#EEEAE4"})
        cell = book.add_format(style)
        title = book.add_format({"font_name": "Times New Roman", "font_size": 14, "bold": True})
        for name, rows in zip((_("Blueprint"), _("Specification")), _tables(blueprint), strict=True):
            page = book.add_worksheet(name)
            page.write_string(0, 0, harmless(blueprint.name), title)
            for number, row in enumerate(rows, start=2):
                for column, text in enumerate(row):
                    page.write_string(number, column, harmless(text), head if number == 2 else cell)
            page.set_column(0, 0, 5)
            page.set_column(1, 1, 38)
            page.set_column(2, max(2, len(rows[0]) - 1), 22 if name == _("Blueprint") else 16)
            if name == _("Specification"):
                page.set_column(2, 2, 60)
            page.set_paper(9)
            page.set_landscape()
            page.fit_to_pages(1, 0)
            page.repeat_rows(2)
    return buffer.getvalue()


def _matrix_widths(columns: int) -> list[float]:
    """Return the widths in millimetres: numbers narrow, topics broad, the levels share the rest."""
    levels = columns - 5
    return [12, 66, *[(_WIDTH - 12 - 66 - 54) / levels] * levels, 18, 18, 18]


def _rows_widths(_columns: int) -> list[float]:
    return [12, 84, _WIDTH - 12 - 84 - 36, 18, 18]


def matrix_docx(blueprint: Blueprint, *, language: str = "vi") -> bytes:
    """Return a Word file with both tables on landscape pages."""
    with translation.override(language):
        document = new_document(landscape=True)
        matrix, specification = _tables(blueprint)
        parts = ((_("BLUEPRINT"), matrix, _matrix_widths), (_("SPECIFICATION"), specification, _rows_widths))
        for number, (name, rows, widths) in enumerate(parts):
            if number:
                document.add_page_break()
            heading = document.add_paragraph()
            heading.alignment = WD_ALIGN_PARAGRAPH.CENTER
            heading.add_run(f"{name}\n").bold = True
            heading.add_run(blueprint.name).bold = True
            table = document.add_table(len(rows), len(rows[0]))
            table.style = "Table Grid"
            set_widths(table, widths(len(rows[0])))
            repeat_heading(table)
            for index, (cells, row) in enumerate(zip(table.rows, rows, strict=True)):
                for cell, text in zip(cells.cells, row, strict=True):
                    run = cell.paragraphs[0].add_run(text)
                    run.font.size = Pt(11)
                    run.bold = index == 0 or None
        return file_bytes(document)
