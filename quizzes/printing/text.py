"""Rich text as plain data for print: paragraphs of runs, pictures and tables, nothing else.

Both the PDF and the Word form are set from this data, never from markup, so no text can be code.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

from quizzes.printing.formulas import Formula

type Run = dict[str, Any]
type Block = dict[str, Any]

_MARKS = {
    "b": "b",
    "strong": "b",
    "h3": "b",
    "h4": "b",
    "th": "b",
    "i": "i",
    "em": "i",
    "u": "u",
    "s": "x",
    "sub": "sub",
    "sup": "sup",
    "code": "m",
    "pre": "m",
}
# Spaces and points around a marked text are no text of their own.
_POINTS = " \n.,;:!?"
_BREAKING = frozenset({"p", "h3", "h4", "li", "blockquote", "pre", "figure", "figcaption", "caption"})


class _Reader(HTMLParser):
    """Reads what :func:`lms.common.html.clean_html` lets through."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.stack: list[list[Block]] = [[]]
        self.runs: list[Run] = []
        self.marks: list[str] = []
        self.lists: list[list[Any]] = []
        self.marker = ""
        self.tables: list[list[list[list[Block]]]] = []
        self.formula: Formula | None = None

    def flush(self) -> None:
        """End the paragraph."""
        runs = _trimmed(self.runs)
        self.runs = []
        if runs:
            self.stack[-1].append({"t": "p", "runs": runs, "marker": self.marker})
            self.marker = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if self.formula is not None:
            self.formula.start(tag)
            return
        if tag in _BREAKING:
            self.flush()
        if tag in _MARKS:
            self.marks.append(_MARKS[tag])
        match tag:
            case "math":
                self.formula = Formula(given.get("alttext") or "")
            case "br":
                self.runs.append({"s": "\n"})
            case "img":
                self.flush()
                picture = {"t": "img", "src": given.get("src") or "", "alt": given.get("alt") or ""}
                self.stack[-1].append({**picture, "width": _number(given.get("width"))})
            case "ul" | "ol":
                self.flush()
                self.lists.append([tag, int(_number(given.get("start")) or 1)])
            case "li" if self.lists:
                kind, number = self.lists[-1]
                self.marker = f"{number}." if kind == "ol" else "–"
                self.lists[-1][1] = number + 1
            case "table":
                self.flush()
                self.tables.append([])
            case "tr" if self.tables:
                self.tables[-1].append([])
            case "td" | "th" if self.tables and self.tables[-1]:
                self.stack.append([])
            case _:
                pass

    def handle_endtag(self, tag: str) -> None:
        if self.formula is not None:
            if tag == "math":
                self.runs.append({**self.formula.run(), **dict.fromkeys(self.marks, True)})
                self.formula = None
            else:
                self.formula.end(tag)
            return
        if tag in _BREAKING:
            self.flush()
        if tag in ("td", "th") and self.tables and self.tables[-1] and len(self.stack) > 1:
            self.flush()
            self.tables[-1][-1].append(self.stack.pop())
        if tag in _MARKS and _MARKS[tag] in self.marks:
            self.marks.remove(_MARKS[tag])
        if tag in ("ul", "ol") and self.lists:
            self.flush()
            self.lists.pop()
        if tag == "table" and self.tables:
            rows = [row for row in self.tables.pop() if row]
            if rows:
                width = max(len(row) for row in rows)
                self.stack[-1].append({"t": "table", "rows": [row + [[]] * (width - len(row)) for row in rows]})

    def handle_data(self, data: str) -> None:
        if self.formula is not None:
            self.formula.text(data)
            return
        text = data if "m" in self.marks else re.sub(r"\s+", " ", data)
        if text:
            self.runs.append({"s": text, **dict.fromkeys(self.marks, True)})


def _number(text: str | None) -> float:
    return float(text) if text and text.replace(".", "", 1).isdigit() else 0.0


def _trimmed(runs: list[Run]) -> list[Run]:
    runs = [dict(run) for run in runs]
    while runs and not runs[0]["s"].strip(" ") and runs[0]["s"] != "\n":
        runs.pop(0)
    while runs and not runs[-1]["s"].strip():
        runs.pop()
    if runs:
        runs[0]["s"] = runs[0]["s"].lstrip(" ")
        runs[-1]["s"] = runs[-1]["s"].rstrip(" ")
    return runs


def blocks_of(html: str) -> list[Block]:
    """Return ``html`` as blocks: ``{"t": "p", "runs": [{"s", "b"…}], "marker"}``, pictures and tables."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    reader.flush()
    while len(reader.stack) > 1:
        reader.stack[-2].extend(reader.stack.pop())
    return reader.stack[0]


def words_of(blocks: list[Block]) -> str:
    """Return the plain words of blocks."""
    parts = []
    for block in blocks:
        if block["t"] == "p":
            parts.append("".join(run["s"] for run in block["runs"]))
        elif block["t"] == "table":
            parts += [words_of(cell) for row in block["rows"] for cell in row]
    return " ".join(parts)


def unmarked(blocks: list[Block]) -> list[Block]:
    """Return the blocks of an option without a mark that covers all its words: bold or underlined tells a key."""
    runs = [run for block in blocks if block["t"] == "p" for run in block["runs"] if run["s"].strip(_POINTS)]
    whole = {mark for mark in ("b", "i", "u", "x", "m") if runs and all(run.get(mark) for run in runs)}
    if not whole:
        return blocks
    return [
        {**block, "runs": [{name: value for name, value in run.items() if name not in whole} for run in block["runs"]]}
        if block["t"] == "p"
        else block
        for block in blocks
    ]


def pictures_of(blocks: list[Block]) -> list[str]:
    """Return the addresses of all pictures in blocks."""
    found = []
    for block in blocks:
        if block["t"] == "img":
            found.append(block["src"])
        elif block["t"] == "table":
            found += [src for row in block["rows"] for cell in row for src in pictures_of(cell)]
    return found


_NARROW, _BROAD = frozenset("iìíỉĩịjltfrI ,.;:!|'’()[]-/"), frozenset("mwMWƯỨỪỬỮỰ%…—")


def width_of(text: str) -> float:
    """Return about how wide ``text`` stands in the typeface of the papers, in em: enough to choose a layout by.

    >>> width_of("mi"), width_of("A")
    (1.08, 0.72)
    """
    wide = 0.0
    for char in text:
        if char in _NARROW:
            wide += 0.3
        elif char in _BROAD:
            wide += 0.78
        else:
            wide += 0.72 if char.isupper() else 0.5
    return round(wide, 2)
