"""From an uploaded file or pasted text to rows of cells; the file itself is read in the limited process."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from django.utils.translation import gettext as _

from lms.classes.errors import RosterError
from lms.common.limited import JobLimits, LimitedError, run

type Cell = Any  # text, a number, or {"date": iso}
type Row = list[Cell]

MAX_BYTES = 10 * 1024 * 1024
MAX_ROWS = 20_000
_JOB = "lms.classes.roster.cells.read"
_LIMITS = JobLimits(seconds=20, wall=30, output=32 * 1024 * 1024)


class Upload(Protocol):
    """The content of an uploaded file."""

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
        raise _refusal("roster_too_large")
    return _read(file.read(MAX_BYTES + 1))


def read_text(text: str) -> list[Row]:
    """Return the cells of pasted text: separated by tabs, semicolons or commas, or just a name on each line.

    Raises:
        RosterError: there is nothing in it, or too much.
    """
    return _read(text.encode(errors="replace"), pasted=True)


def _read(data: bytes, *, pasted: bool = False) -> list[Row]:
    if len(data) > MAX_BYTES:
        raise _refusal("roster_too_large")
    try:
        answer = run(_JOB, data, limits=_LIMITS, pasted=pasted).value
    except LimitedError as error:
        raise RosterError(str(error), code=error.code) from error
    if "refused" in answer:
        raise _refusal(str(answer["refused"]), answer.get("params") or {})
    rows: list[Row] = answer["rows"]
    return rows


def _refusal(code: str, params: Mapping[str, Any] | None = None) -> RosterError:
    """Return what the reader refused, in words."""
    values = {"count": f"{MAX_ROWS:,}"} | dict(params or {})
    match code:
        case "roster_empty":
            text = _("The file is empty.")
        case "roster_nothing":
            text, code = _("There is nothing in the list."), "roster_empty"
        case "roster_locked":
            text = _("The file is locked by a password. Remove the password in Excel, save it and try again.")
        case "roster_word":
            text = _("This is a Word file. Copy its table and paste it below, or save it as an Excel file.")
        case "roster_html":
            text = _("Inside, this file is a web page and not a spreadsheet. Open it in Excel and save it as .xlsx.")
        case "roster_too_long":
            text = _("The list has more than %(count)s rows. Divide it into several files.")
        case "roster_too_wide":
            text = _("The list has %(count)s columns. Keep only the columns of the template.")
        case "roster_too_large":
            text = _("The file is too large for a list of learners. Keep one sheet with the list alone and try again.")
        case "roster_far_cell":
            text = _(
                "The sheet “%(sheet)s” has something in cell %(cell)s, far away from the list. Delete it, or copy the "
                "list into a new file, and try again."
            )
        case _:
            text = _("This is not a spreadsheet that can be read. Save the list as .xlsx in Excel and try again.")
            code = "roster_unreadable"
    return RosterError(text % values, code=code)
