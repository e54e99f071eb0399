"""Statements in a table with a column for "đúng" and one for "sai": a true/false group as forms lay it out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lms.common.text import fold
from quizzes.formats.true_false import truth
from quizzes.formats.word.blocks import Table, TableCell, TextLine
from quizzes.formats.word.options import joined
from quizzes.formats.word.rich import PLAIN, Rich

_TICK = re.compile(r"\s*[xX×✓✔√vV*+☑☒]\s*")
_LETTER = re.compile(r"^\s*[(\[]?[A-Ja-j1-9]\s*[.):\-–]\s*(?=\S|$)")


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of statements and verdicts."""

    statement: int
    true: int
    false: int  # -1 when one column says both ("Đ/S")


def columns_of(table: Table) -> Columns | None:
    """Return the columns of a table of statements; ``None`` for any other table."""
    if len(table.rows) < 3 or any(cell.span > 1 for cell in table.rows[0]):
        return None
    heads = [fold(cell.text).strip(" .:()") for cell in table.rows[0]]
    true = next((index for index, head in enumerate(heads) if head in ("dung", "d", "true")), -1)
    false = next((index for index, head in enumerate(heads) if head in ("sai", "s", "false")), -1)
    both = next((index for index, head in enumerate(heads) if re.fullmatch(r"dung\s*[/-]\s*sai|d\s*/\s*s", head)), -1)
    if both >= 0 and (true, false) == (-1, -1):
        true = both
    elif true < 0 or false < 0:
        return None
    others = [index for index in range(len(heads)) if index not in (true, false)]
    widest = max(
        others, key=lambda index: sum(len(row[index].text) for row in table.rows[1:] if index < len(row)), default=-1
    )
    return Columns(widest, true, false) if widest >= 0 else None


def lines(table: Table, columns: Columns) -> Iterator[TextLine]:
    """Yield each statement as a line "a) … (Đ)"."""
    count = 0
    for row in table.rows[1:]:
        if columns.statement >= len(row) or not row[columns.statement].text:
            continue
        said = joined([line.rich for line in row[columns.statement].lines if line.rich]).strip()
        if match := _LETTER.match(said.text):
            said = said[match.end() :]
        rich = Rich()
        rich.add(f"{chr(ord('a') + count)}) ", PLAIN)
        rich = rich + Rich(said.text.replace("\n", " "), said.marks)
        verdict = _verdict(row, columns)
        if verdict is not None:
            rich.add(" (Đ)" if verdict else " (S)", PLAIN)
        yield TextLine(rich, table.paragraph)
        count += 1


def _verdict(row: list[TableCell], columns: Columns) -> bool | None:
    text = row[columns.true].text.strip() if columns.true < len(row) else ""
    if columns.false < 0:
        return truth(text)
    other = row[columns.false].text.strip() if columns.false < len(row) else ""
    if bool(_TICK.fullmatch(text)) == bool(_TICK.fullmatch(other)):
        return None
    return bool(_TICK.fullmatch(text))
