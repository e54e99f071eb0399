"""Lines and tables of a Word file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from quizzes.formats.word.rich import Rich

BULLET = "•"  # the label of an automatic bullet, which is no part of the text


@dataclass(slots=True)
class TextLine:
    """One line of text: a paragraph, or what stands between two forced breaks of it."""

    rich: Rich
    paragraph: int
    label: str = ""  # the automatic number, which is part of ``rich`` too
    outline: int | None = None
    continued: bool = False  # not the first line of its paragraph

    @property
    def text(self) -> str:
        return self.rich.text


@dataclass(slots=True)
class TableCell:
    lines: list[TextLine]
    span: int = 1
    merged: bool = False  # continues the cell above

    @property
    def text(self) -> str:
        return "\n".join(line.text for line in self.lines if line.text.strip()).strip()


@dataclass(slots=True)
class Table:
    rows: list[list[TableCell]]
    paragraph: int


def flat(block: TextLine | Table) -> Iterator[TextLine]:
    """Yield the lines of a block, those of a table cell by cell."""
    if isinstance(block, TextLine):
        yield block
    else:
        for row in block.rows:
            for cell in row:
                yield from cell.lines
