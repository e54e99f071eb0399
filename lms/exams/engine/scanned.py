"""Rows of a scanning tool's spreadsheet, read as answer sheets. Pure Python.

A heading row names a column for the candidate number (SBD) and one for the paper code (mã đề). The answers stand in
one column as a string (``ABCDA`` or, with separators, ``A;BD;ĐSĐS``), or in a column for each question number.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

_NUMBER = {"sbd", "so bao danh", "candidate", "candidate number", "student id", "id", "ma sinh vien", "tai khoan"}
_CODE = {"ma de", "made", "paper code", "code", "de", "test code", "exam code"}
_ANSWERS = {"dap an", "bai lam", "tra loi", "answers", "answer", "responses", "cau tra loi", "ket qua quet"}
_QUESTION = re.compile(r"^(?:cau|question|q|c)?\s*+(?:[.\-]\s*+)?(\d{1,3})$")
_SEPARATED = re.compile(r"[;,|\t/]")
_LOOKED_AT = 20


@dataclass(slots=True)
class Scanned:
    """One sheet: the row of the file, whose it is, its code and the text at each question number."""

    line: int
    number: str
    code: str
    answers: dict[int, str] = field(default_factory=dict)
    marks: int | None = None  # how many there are where the answers stand in one string


@dataclass(frozen=True, slots=True)
class ScannerColumns:
    """Columns of a scanner's file; ``questions`` maps columns to numbers, ``answers`` is the one column of a string."""

    row: int
    number: int
    code: int
    answers: int | None
    questions: dict[int, int]


def _folded(cell: Any) -> str:
    text = unicodedata.normalize("NFD", str(cell).replace("đ", "d").replace("Đ", "D")).lower()
    return " ".join("".join(char for char in text if not unicodedata.combining(char)).split()).strip(" .:")


def _text(cell: Any) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None or isinstance(cell, dict) else str(cell).strip()


def find_columns(rows: Sequence[Sequence[Any]]) -> ScannerColumns | None:
    """Return where the columns stand, from the first row that names number, code and answers; ``None`` for none."""
    for index, row in enumerate(rows[:_LOOKED_AT]):
        names = [_folded(cell) for cell in row]
        number = next((column for column, name in enumerate(names) if name in _NUMBER), None)
        code = next((column for column, name in enumerate(names) if name in _CODE), None)
        if number is None or code is None:
            continue
        answers = next((column for column, name in enumerate(names) if name in _ANSWERS), None)
        questions = {
            column: int(found[1])
            for column, name in enumerate(names)
            if column not in (number, code, answers) and (found := _QUESTION.match(name))
        }
        if answers is not None or questions:
            return ScannerColumns(index, number, code, None if questions else answers, questions)
    return None


def read_sheets(
    rows: Sequence[Sequence[Any]], columns: ScannerColumns, *, questions: Mapping[str, int] | None = None
) -> list[Scanned]:
    """Return a sheet for every row below the heading that says anything; lines count from 1 as spreadsheets do.

    ``questions`` tells how many marks the papers have, by code: with it spaces in a string are told apart.
    """
    counts = questions or {}
    sheets = []
    for line, row in enumerate(rows[columns.row + 1 :], start=columns.row + 2):
        cells = [_text(cell) for cell in row]
        if not any(cells):
            continue

        def at(column: int, cells: list[str] = cells) -> str:
            return cells[column] if column < len(cells) else ""

        sheet = Scanned(line, at(columns.number), at(columns.code))
        if columns.answers is None:
            sheet.answers = {number: at(column) for column, number in columns.questions.items()}
        else:
            cell = row[columns.answers] if columns.answers < len(row) else ""
            raw = cell.strip("\r\n") if isinstance(cell, str) else _text(cell)
            parts = split_marks(raw, counts.get(sheet.code))
            sheet.answers = {number: part.strip() for number, part in enumerate(parts, start=1)}
            sheet.marks = len(parts)
        sheets.append(sheet)
    return sheets


def split_marks(text: str, count: int | None) -> list[str]:
    """Return the marks of a string; ``count`` says how many there should be.

    Without separators each letter is a mark. A space is a question left out where that gives the right number
    (``" BCDA"``), else it only groups them (``"ABCDA BCDAB"``).

    >>> split_marks(" BCDA", 5), split_marks("AB CD", 4)
    ([' ', 'B', 'C', 'D', 'A'], ['A', 'B', 'C', 'D'])
    """
    if _SEPARATED.search(text):
        return _SEPARATED.split(text)
    bare = "".join(text.split())
    return list(text) if len(bare) != count == len(text) else list(bare)
