"""From the bytes of a list to rows of cells. Runs only in the limited process (:mod:`lms.common.limited`)."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
import zipfile
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum

from lms.classes.roster.columns import find_header
from lms.common.limited.workbooks import FarCellError, check_extent

type Cell = Any  # text, a number, or {"date": iso}
type Row = list[Cell]

MAX_UNPACKED = 200 * 1024 * 1024
MAX_ROWS = 20_000
MAX_COLUMNS = 100
MAX_SHEETS = 8
MAX_TEXT = 4000  # of one cell
_NUMBERING = re.compile(r"^\s*(?:\d{1,5}\s*[.)\-:]\s*|[-*•+]\s+)")


class RefusedError(Exception):
    """The list cannot be read; ``code`` names the sentence in :mod:`lms.classes.roster.reading`."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


def read(data: bytes, *, pasted: bool = False) -> dict[str, Any]:
    """Return ``{"rows": …}`` of the sheet that holds the list, or ``{"refused": code, "params": …}``.

    Args:
        data: an .xlsx, .xls, .ods or text file, told by content and not by name; or pasted text in UTF-8.
    """
    try:
        return {"rows": _bounded(read_text(data.decode()) if pasted else _read(data))}
    except RefusedError as refusal:
        return {"refused": refusal.code, "params": refusal.params}


def _read(data: bytes) -> list[Row]:
    if not data.strip(b"\x00\r\n\t "):
        raise RefusedError("roster_empty")
    if data.startswith(b"PK\x03\x04"):
        _check_zip(data)
        return _choose(_sheets(data))
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise RefusedError("roster_locked")
        return _choose(_sheets(data))
    return read_text(_decode(data))


def read_text(text: str) -> list[Row]:
    """Return the cells of text: separated by tabs, semicolons or commas, or just a name on each line.

    Raises:
        RefusedError: there is nothing in it.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff")
    if not lines.strip():
        raise RefusedError("roster_nothing")
    for delimiter in ("\t", ";", ","):
        if delimiter not in lines:
            continue
        try:
            rows: list[Row] = [
                _trimmed([cell.strip() for cell in row]) for row in csv.reader(io.StringIO(lines), delimiter=delimiter)
            ]
        except csv.Error:
            continue
        if delimiter == "\t" or find_header(rows) is not None:
            return rows
    plain = [_NUMBERING.sub("", line).strip() for line in lines.split("\n")]
    return [[line] if line else [] for line in plain]


def _trimmed(row: Row) -> Row:
    while row and row[-1] == "":
        row.pop()
    return row


def _bounded(rows: list[Row]) -> list[Row]:
    if sum(1 for row in rows if row) > MAX_ROWS:
        raise RefusedError("roster_too_long")
    widest = max(map(len, rows), default=0)
    if widest > MAX_COLUMNS:
        raise RefusedError("roster_too_wide", count=widest)
    if widest == 0:
        raise RefusedError("roster_empty")
    return [[cell[:MAX_TEXT] if isinstance(cell, str) else cell for cell in row] for row in rows]


def _check_zip(data: bytes) -> None:
    """Refuse what is no spreadsheet, and what would unpack to more than any list needs."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            infos = archive.infolist()
            names = {info.filename for info in infos}
            if "word/document.xml" in names:
                raise RefusedError("roster_word")
            if len(infos) > 2000 or sum(info.file_size for info in infos) > MAX_UNPACKED:
                raise RefusedError("roster_too_large")
            mime = archive.open("mimetype").read(80) if "mimetype" in names else b""
            if not any(name.startswith("xl/workbook") for name in names) and b"spreadsheet" not in mime:
                raise RefusedError("roster_unreadable")
            manifest = "META-INF/manifest.xml"
            if manifest in names and b"encryption-data" in archive.open(manifest).read(100_000):
                raise RefusedError("roster_locked")
            check_extent(archive)
    except FarCellError as far:
        raise RefusedError("roster_far_cell", sheet=far.sheet[:80], cell=far.cell) from far
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError, ValueError) as error:
        raise RefusedError("roster_unreadable") from error


def _sheets(data: bytes) -> list[list[Row]]:
    """Return the rows of every sheet, up to one row more than is read."""
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        metas = [meta for meta in book.sheets_metadata if meta.typ == SheetTypeEnum.WorkSheet]
        return [_rows(book.get_sheet_by_name(meta.name)) for meta in metas[:MAX_SHEETS]]
    except PasswordError as error:
        raise RefusedError("roster_locked") from error
    except (CalamineError, ValueError, OSError) as error:
        raise RefusedError("roster_unreadable") from error


def _rows(sheet: Any) -> list[Row]:
    rows: list[Row] = []
    filled = 0
    for cells in sheet.iter_rows():
        row = _trimmed([plain(value) for value in cells])
        rows.append(row)
        filled += bool(row)
        if filled > MAX_ROWS:
            break
    while rows and not rows[-1]:
        rows.pop()
    return rows


def plain(value: Any) -> Cell:
    """Return a cell as JSON: text, whole number, number, or ``{"date": iso}``."""
    if isinstance(value, bool):
        return "x" if value else ""
    if isinstance(value, float):
        return int(value) if value.is_integer() else value
    if isinstance(value, dt.datetime):
        return {"date": value.date().isoformat()}
    if isinstance(value, dt.date):
        return {"date": value.isoformat()}
    return value if isinstance(value, (int, str)) else str(value)


def _choose(sheets: list[list[Row]]) -> list[Row]:
    """Return the first sheet with a header, else the first that is not empty."""
    filled = [rows for rows in sheets if rows]
    if not filled:
        raise RefusedError("roster_empty")
    return next((rows for rows in filled if find_header(rows) is not None), filled[0])


def _decode(data: bytes) -> str:
    head = data[:2000].lstrip().lower()
    if head.startswith((b"%pdf", b"\x89png", b"\xff\xd8\xff", b"gif8", b"rar!", b"7z\xbc\xaf", b"{\\rtf")):
        raise RefusedError("roster_unreadable")
    if head.startswith((b"<!doctype html", b"<html", b"<?xml", b"<table")):
        raise RefusedError("roster_html")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    else:
        if b"\x00" in data:
            raise RefusedError("roster_unreadable")
        # Latin-1 reads anything: files of before Unicode then show their signs and are refused with a preview.
        encodings = ["utf-8-sig", "latin-1"]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if sum(1 for char in text[:4000] if not char.isprintable() and char not in "\r\n\t") > 5:
            raise RefusedError("roster_unreadable")
        return text
    raise RefusedError("roster_unreadable")
