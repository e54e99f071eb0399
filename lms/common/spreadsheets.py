"""Writing lists as XLSX and CSV, the same everywhere, with nothing in them that a spreadsheet would execute."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

import xlsxwriter
from django.http import HttpResponse
from django.utils.http import content_disposition_header
from django.utils.timezone import is_aware, localtime

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
# A program that splits at another separator than the file's (Excel takes the one of the country) sees the start of a
# cell behind each of these, also inside quotes; full-width signs are taken for the plain ones in East Asian settings.
_STARTS_FORMULA = re.compile(r"(^|[;,|\t\r\n])([\s\"]*+)(?=[=+\-@＝＋－＠])")
_FORMATS = {
    "date": "dd/mm/yyyy",
    "moment": "hh:mm dd/mm/yyyy",
    "percent": "0.0%",
    "score": "0.00",
    "number": "#,##0",
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column: heading, kind of value, width in letters (from the heading when 0).

    ``percent`` takes 88.4 for 88.4 %.
    """

    title: Any
    kind: Literal["text", "number", "score", "percent", "date", "moment"] = "text"
    width: int = 0


def harmless(text: str) -> str:
    """Return ``text`` so that no spreadsheet takes it, or a part of it, for a formula.

    An apostrophe stands before = + - @ at the start and behind every separator (semicolon, comma, bar, tab, line
    break), and before a tab or return at the start. Source: OWASP, CSV Injection.
    """
    disarmed = _STARTS_FORMULA.sub(r"\1\2'", text)
    return "'" + disarmed if disarmed.startswith(_DANGEROUS) else disarmed


def write_xlsx(
    rows: Iterable[Sequence[Any]],
    columns: Sequence[Column],
    *,
    title: str = "",
    sheet: str = "",
    notes: Sequence[str] = (),
) -> bytes:
    """Return a workbook with one sheet: a title (if any), headings in bold that stay in sight, and the rows.

    Text is always written as text, never as a formula or a link. Notes stand below the title.
    """
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        page = book.add_worksheet(_sheet_name(sheet or title))
        bold = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "vcenter"})
        formats = {kind: book.add_format({"num_format": form}) for kind, form in _FORMATS.items()}
        plain, quoted = book.add_format({"num_format": "@"}), book.add_format({"num_format": "@", "quote_prefix": True})
        top = 0
        if title:
            page.write_string(top, 0, title, book.add_format({"bold": True, "font_size": 14}))
            top += 1
        for note in notes:
            page.write_string(top, 0, note, book.add_format({"italic": True}))
            top += 1
        for index, column in enumerate(columns):
            heading = str(column.title)
            page.write_string(top, index, heading, bold)
            page.set_column(index, index, column.width or min(max(len(heading) + 2, 10), 40))
        for number, row in enumerate(rows, start=top + 1):
            for index, (value, column) in enumerate(zip(row, columns, strict=True)):
                if value is None or value == "":
                    continue
                if column.kind == "text":
                    text = str(value)
                    page.write_string(number, index, text, quoted if text.startswith(_DANGEROUS) else plain)
                elif column.kind in ("date", "moment"):
                    page.write_datetime(number, index, _naive(value), formats[column.kind])
                else:
                    figure = float(value) / 100 if column.kind == "percent" else value
                    page.write_number(number, index, figure, formats[column.kind])
        page.freeze_panes(top + 1, 0)
        page.set_landscape()
        page.set_paper(9)
        page.fit_to_pages(1, 0)
        page.repeat_rows(top)
    return buffer.getvalue()


def write_csv(rows: Iterable[Sequence[Any]], columns: Sequence[Column]) -> bytes:
    """Return UTF-8 with a byte order mark (Excel needs it), dates as dd/mm/yyyy, dangerous text disarmed."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow([harmless(str(column.title)) for column in columns])
    for row in rows:
        writer.writerow([_csv_text(value) for value in row])
    return b"\xef\xbb\xbf" + buffer.getvalue().encode()


def download(content: bytes, filename: str) -> HttpResponse:
    """Return ``content`` as a file to keep; the type follows the name's end (.xlsx or .csv)."""
    kind = XLSX if filename.endswith(".xlsx") else "text/csv; charset=utf-8"
    disposition = content_disposition_header(as_attachment=True, filename=filename)
    headers = {"Content-Disposition": disposition or "attachment", "X-Content-Type-Options": "nosniff"}
    return HttpResponse(content, content_type=kind, headers=headers)


def _csv_text(value: Any) -> str:
    match value:
        case None:
            return ""
        case dt.datetime():
            return _naive(value).strftime("%d/%m/%Y %H:%M")
        case dt.date():
            return value.strftime("%d/%m/%Y")
        case bool():
            return harmless(str(value))
        case int() | float() | Decimal():
            return str(value)  # a negative number is a number
        case _:
            return harmless(str(value))


def _naive(value: dt.date) -> dt.datetime:
    if isinstance(value, dt.datetime):
        return localtime(value).replace(tzinfo=None) if is_aware(value) else value
    return dt.datetime.combine(value, dt.time())  # noqa: DTZ011,RUF100 (spreadsheets know no zones)


def _sheet_name(text: str) -> str:
    """Return a name that Excel takes: at most 31 letters, none of ``[]:*?/\\``."""
    return "".join(" " if char in "[]:*?/\\" else char for char in text).strip(" '")[:31] or "Sen"
