"""The very small Markdown of the demo lessons, turned into typed blocks with safe HTML.

One line is one paragraph. The only tags that come out are ``p b i ul ol li``; everything else is escaped.
Known: ``## heading``, ``- item``, ``1. item``, ``> quoted`` closed by ``> -- source | place``, ``!!! title`` over
lines indented by four, ``| a | b |`` tables with a ``|---|`` row, and ``![alt](file.webp "caption")``.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

_TAG = re.compile(r"<[^>]+>")
_BOLD = re.compile(r"\*\*(\S(?:.*?\S)?)\*\*")
_ITALIC = re.compile(r"\*(\S(?:.*?\S)?)\*")
_IMAGE = re.compile(r'!\[(?P<alt>[^\]]*)\]\((?P<file>[\w.-]+)(?: "(?P<caption>[^"]*)")?\)')
_ITEM = re.compile(r"(?P<mark>-|\d+\.) (?P<text>\S.*)")
_RULE = re.compile(r"\|(?:\s*:?-+:?\s*\|)+")

Row = tuple[int, str]


class MarkupError(ValueError):
    """A line that the mark-up does not allow; ``line`` counts from 1 in the file."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(f"{line}: {reason}")
        self.line, self.reason = line, reason


def _words(*parts: str) -> int:
    return sum(len(html.unescape(_TAG.sub(" ", part)).split()) for part in parts)


@dataclass(frozen=True, slots=True)
class HeadingBlock:
    """A section heading, plain text."""

    kind: ClassVar[str] = "heading"
    line: int
    text: str

    @property
    def word_count(self) -> int:
        return _words(html.escape(self.text))


@dataclass(frozen=True, slots=True)
class ParagraphBlock:
    """``<p>…</p>``."""

    kind: ClassVar[str] = "paragraph"
    line: int
    html: str

    @property
    def word_count(self) -> int:
        return _words(self.html)


@dataclass(frozen=True, slots=True)
class ListBlock:
    """``<ul>`` or ``<ol>`` with its ``<li>``."""

    kind: ClassVar[str] = "list"
    line: int
    html: str

    @property
    def word_count(self) -> int:
        return _words(self.html)


@dataclass(frozen=True, slots=True)
class QuoteBlock:
    """A quotation with its document (``source``) and the place in it; both plain text."""

    kind: ClassVar[str] = "quote"
    line: int
    html: str
    source: str
    place: str

    @property
    def word_count(self) -> int:
        return _words(self.html, html.escape(self.source), html.escape(self.place))


@dataclass(frozen=True, slots=True)
class CalloutBlock:
    """A box that stands out, such as “Cần nhớ”."""

    kind: ClassVar[str] = "callout"
    line: int
    title: str
    html: str

    @property
    def word_count(self) -> int:
        return _words(html.escape(self.title), self.html)


@dataclass(frozen=True, slots=True)
class TableBlock:
    """A table; every cell is inline HTML (``b`` and ``i`` only) and every row is as long as the header."""

    kind: ClassVar[str] = "table"
    line: int
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    @property
    def word_count(self) -> int:
        return _words(*self.header, *(cell for row in self.rows for cell in row))


@dataclass(frozen=True, slots=True)
class ImageBlock:
    """A picture inside the text; all three are plain text."""

    kind: ClassVar[str] = "image"
    line: int
    file: str
    alt: str
    caption: str

    @property
    def word_count(self) -> int:
        return _words(html.escape(self.caption))


Block = HeadingBlock | ParagraphBlock | ListBlock | QuoteBlock | CalloutBlock | TableBlock | ImageBlock


def inline(text: str) -> str:
    """Escape the text and turn ``**bold**`` and ``*italic*`` into ``<b>`` and ``<i>``."""
    return _ITALIC.sub(r"<i>\1</i>", _BOLD.sub(r"<b>\1</b>", html.escape(text, quote=False)))


def _checked_inline(number: int, text: str) -> str:
    out = inline(text.strip())
    if "**" in out:
        raise MarkupError(number, "a ** is not closed")
    return out


def parse_blocks(lines: Sequence[str], *, first_line: int = 1) -> list[Block]:
    """Turn the lines of a body into blocks.

    ``first_line`` is the number of the first of them in its file, for the errors. Raises MarkupError.
    """
    blocks: list[Block] = []
    for group in _groups(list(enumerate(lines, start=first_line))):
        number, first = group[0]
        if first.startswith("## "):
            blocks.append(HeadingBlock(number, first[3:].strip()))
        elif first.startswith(">"):
            blocks.append(_quote(group))
        elif first.startswith("!!!"):
            blocks.append(_callout(group))
        elif first.startswith("!["):
            blocks.append(_image(group[0]))
        elif first.startswith("|"):
            blocks.append(_table(group))
        elif first.startswith(("#", " ", "+++", "```")):
            raise MarkupError(number, f"“{first[:20]}” is no known block")
        else:
            blocks.extend(_prose(group))
    return blocks


def _sort_of(line: str) -> str:
    """What a line belongs to; neighbouring lines of one sort form a group."""
    for mark in (">", "|"):
        if line.startswith(mark):
            return mark
    return "item" if _ITEM.fullmatch(line) else "prose"


def _groups(rows: list[Row]) -> list[list[Row]]:
    """Split numbered lines into blocks: a heading, an image and a paragraph are one line each."""
    groups: list[list[Row]] = []
    previous = ""
    for number, line in rows:
        if not line.strip():
            previous = ""
            continue
        in_callout = bool(groups) and groups[-1][0][1].startswith("!!!") and line.startswith("    ")
        sort = "callout" if in_callout else _sort_of(line)
        if in_callout or (sort == previous and sort != "prose"):
            groups[-1].append((number, line))
        else:
            groups.append([(number, line)])
        previous = sort
    return groups


def _prose(rows: list[Row]) -> list[ParagraphBlock | ListBlock]:
    """Paragraphs and lists, in order; items of one kind that follow each other share a list."""
    out: list[ParagraphBlock | ListBlock] = []
    items: list[str] = []
    start, tag = 0, ""

    def close() -> None:
        if items:
            out.append(ListBlock(start, f"<{tag}>{''.join(items)}</{tag}>"))
            items.clear()

    for number, line in rows:
        item = _ITEM.fullmatch(line)
        if item is None:
            close()
            out.append(ParagraphBlock(number, f"<p>{_checked_inline(number, line)}</p>"))
            continue
        wanted = "ul" if item["mark"] == "-" else "ol"
        if wanted != tag:
            close()
        if not items:
            start, tag = number, wanted
        items.append(f"<li>{_checked_inline(number, item['text'])}</li>")
    close()
    return out


def _quote(rows: list[Row]) -> QuoteBlock:
    stripped = [(number, line[1:].strip()) for number, line in rows]
    number, last = stripped[-1]
    if not last.startswith("-- "):
        raise MarkupError(number, "a quotation must end with “> -- source | place”")
    if len(stripped) == 1:
        raise MarkupError(number, "the quotation is empty")
    source, _, place = last[3:].partition("|")
    body = "".join(block.html for block in _prose(stripped[:-1]))
    return QuoteBlock(rows[0][0], body, source.strip(), place.strip())


def _callout(rows: list[Row]) -> CalloutBlock:
    number, first = rows[0]
    title = first[3:].strip()
    if not title or len(rows) == 1:
        raise MarkupError(number, "a callout needs a title and text indented by four")
    body = "".join(block.html for block in _prose([(n, line.strip()) for n, line in rows[1:]]))
    return CalloutBlock(number, title, body)


def _image(row: Row) -> ImageBlock:
    match = _IMAGE.fullmatch(row[1].strip())
    if match is None:
        raise MarkupError(row[0], 'an image is written ![alt](file.webp "caption")')
    return ImageBlock(row[0], match["file"], match["alt"], match["caption"] or "")


def _table(rows: list[Row]) -> TableBlock:
    if len(rows) < 3 or not _RULE.fullmatch(rows[1][1].strip()):
        raise MarkupError(rows[0][0], "a table needs a header, a |---| row and at least one row")
    cells = [
        (number, tuple(_checked_inline(number, cell) for cell in line.strip().strip("|").split("|")))
        for number, line in (rows[0], *rows[2:])
    ]
    header = cells[0][1]
    for number, row in cells:
        if len(row) != len(header):
            raise MarkupError(number, f"this row has {len(row)} cells, the header {len(header)}")
    return TableBlock(rows[0][0], header, tuple(row for _, row in cells[1:]))
