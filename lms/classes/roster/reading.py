"""From an uploaded file or pasted text to rows of cells."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any, Protocol

from django.utils.translation import gettext as _

from lms.classes.errors import RosterError
from lms.classes.roster.columns import find_header

type Cell = Any  # text, a number, or {"date": iso}
type Row = list[Cell]

MAX_BYTES = 10 * 1024 * 1024
MAX_UNPACKED = 200 * 1024 * 1024
MAX_ROWS = 20_000
MAX_COLUMNS = 100
_SECONDS = 40
_WORKER = Path(__file__).with_name("worker.py")
_NUMBERING = re.compile(r"^\s*(?:\d{1,5}\s*[.)\-:]\s*|[-*•+]\s+)")


class Upload(Protocol):
    """What an uploaded file offers."""

    @property
    def name(self) -> str | None: ...

    @property
    def size(self) -> int | None: ...

    def read(self, num_bytes: int = ..., /) -> bytes: ...


def read_file(file: Upload) -> list[Row]:
    """Return the cells of the sheet that holds the list: .xlsx, .xls, .ods or text, told by content and not by name.

    Raises:
        RosterError: the file is empty, locked, too large or something else; the sentence says what to do.
    """
    if file.size is not None and file.size > MAX_BYTES:
        raise _too_large()
    data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise _too_large()
    if not data.strip(b"\x00\r\n\t "):
        raise RosterError(_("The file is empty."), code="roster_empty")
    if data.startswith(b"PK\x03\x04"):
        _check_zip(data)
        return _limited(_choose(_sheets(data)))
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise _locked()
        return _limited(_choose(_sheets(data)))
    return read_text(_decode(data))


def read_text(text: str) -> list[Row]:
    """Return the cells of pasted text: separated by tabs, semicolons or commas, or just a name on each line.

    Raises:
        RosterError: there is nothing in it, or too much.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff")
    if not lines.strip():
        raise RosterError(_("There is nothing in the list."), code="roster_empty")
    if len(lines) > MAX_BYTES:
        raise _too_large()
    for delimiter in ("\t", ";", ","):
        if delimiter not in lines:
            continue
        try:
            rows: list[Row] = [
                [cell.strip() for cell in row] for row in csv.reader(io.StringIO(lines), delimiter=delimiter)
            ]
        except csv.Error:
            continue
        rows = [_trimmed(row) for row in rows]
        if delimiter == "\t" or find_header(rows) is not None:
            return _limited(rows)
    plain = [_NUMBERING.sub("", line).strip() for line in lines.split("\n")]
    return _limited([[line] if line else [] for line in plain])


def _trimmed(row: Row) -> Row:
    while row and row[-1] == "":
        row.pop()
    return row


def _limited(rows: list[Row]) -> list[Row]:
    if sum(1 for row in rows if row) > MAX_ROWS:
        raise RosterError(
            _("The list has more than %(count)s rows. Divide it into several files.") % {"count": f"{MAX_ROWS:,}"},
            code="roster_too_long",
        )
    widest = max(map(len, rows), default=0)
    if widest > MAX_COLUMNS:
        raise RosterError(
            _("The list has %(count)s columns. Keep only the columns of the template.") % {"count": widest},
            code="roster_too_wide",
        )
    if widest == 0:
        raise RosterError(_("The file is empty."), code="roster_empty")
    return rows


def _check_zip(data: bytes) -> None:
    """Refuse what is no spreadsheet, and what would unpack to more than any list needs."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            infos = archive.infolist()
            names = {info.filename for info in infos}
            mime = archive.read("mimetype")[:80] if "mimetype" in names else b""
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, ValueError) as error:
        raise _unreadable() from error
    if "word/document.xml" in names:
        raise RosterError(
            _("This is a Word file. Copy its table and paste it below, or save it as an Excel file."),
            code="roster_word",
        )
    if not any(name.startswith("xl/workbook") for name in names) and b"spreadsheet" not in mime:
        raise _unreadable()
    if len(infos) > 2000 or sum(info.file_size for info in infos) > MAX_UNPACKED:
        raise _too_large()
    if "META-INF/manifest.xml" in names and b"encryption-data" in _head(data, "META-INF/manifest.xml"):
        raise _locked()


def _head(data: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive, archive.open(name) as member:
        return member.read(100_000)


def _sheets(data: bytes) -> list[list[Row]]:
    """Return every sheet's rows, read under limits in a process of its own (:mod:`lms.classes.roster.worker`)."""
    try:
        done = subprocess.run(  # noqa: S603 (our own interpreter and file; the upload is its standard input)
            [sys.executable, "-I", str(_WORKER), str(MAX_ROWS)],
            input=data,
            capture_output=True,
            timeout=_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise _too_large() from error
    if done.returncode == 2:
        raise _locked()
    if done.returncode == 3:
        raise _unreadable()
    if done.returncode != 0:
        raise _too_large()  # killed by one of its limits
    sheets: list[list[Row]] = json.loads(done.stdout)
    return sheets


def _choose(sheets: list[list[Row]]) -> list[Row]:
    """Return the first sheet with a header, else the first that is not empty."""
    filled = [rows for rows in sheets if rows]
    if not filled:
        raise RosterError(_("The file is empty."), code="roster_empty")
    return next((rows for rows in filled if find_header(rows) is not None), filled[0])


def _decode(data: bytes) -> str:
    head = data[:2000].lstrip().lower()
    if head.startswith((b"%pdf", b"\x89png", b"\xff\xd8\xff", b"gif8", b"rar!", b"7z\xbc\xaf", b"{\\rtf")):
        raise _unreadable()
    if head.startswith((b"<!doctype html", b"<html", b"<?xml", b"<table")):
        raise RosterError(
            _("Inside, this file is a web page and not a spreadsheet. Open it in Excel and save it as .xlsx."),
            code="roster_html",
        )
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    else:
        if b"\x00" in data:
            raise _unreadable()
        # Latin-1 reads anything: files of before Unicode then show their signs and are refused with a preview.
        encodings = ["utf-8-sig", "latin-1"]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if sum(1 for char in text[:4000] if not char.isprintable() and char not in "\r\n\t") > 5:
            raise _unreadable()
        return text
    raise _unreadable()


def _too_large() -> RosterError:
    return RosterError(
        _("The file is too large for a list of learners. Keep one sheet with the list alone and try again."),
        code="roster_too_large",
    )


def _locked() -> RosterError:
    return RosterError(
        _("The file is locked by a password. Remove the password in Excel, save it and try again."),
        code="roster_locked",
    )


def _unreadable() -> RosterError:
    return RosterError(
        _("This is not a spreadsheet that can be read. Save the list as .xlsx in Excel and try again."),
        code="roster_unreadable",
    )
