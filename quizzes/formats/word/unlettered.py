"""Options without letters: lines or bullets below the question, of which one is marked."""

from __future__ import annotations

import re
from collections.abc import Sequence

from quizzes.formats.word import options
from quizzes.formats.word.blocks import BULLET, TextLine
from quizzes.formats.word.rich import Rich

SIGN = "•"
_BULLET = re.compile(r"^\s*(?:\*{1,2}|[-–+•●○▪◦]|[=-]+>|[☐☑☒✓✔])\s*")
_STAR = re.compile(r"^\s*(?:\*{1,2}|[=-]+>|[☑☒✓✔])\s*")
_ASKS = re.compile(r"[?:…]\s*$|\.{3}\s*$")
_LOOKS = ("underline", "highlight", "colour", "bold")
_MOST = 8
_NUMBER = re.compile(r"^\s*(?P<n>[1-8])\s*[.)]\s*(?=\S)")


def find(body: Sequence[Rich], lines: Sequence[TextLine]) -> options.Found | None:
    """Return the options of a question that has none with letters; ``None`` unless exactly one line is marked."""
    rows = [row for row in body if row]
    bullets = {line.rich.text for line in lines if line.label == BULLET}
    listed = [bool(_BULLET.match(row.text)) or row.text in bullets for row in rows]
    first = len(rows)
    while first > 1 and listed[first - 1]:
        first -= 1
    if first == len(rows):
        first = next((index + 1 for index, row in enumerate(rows) if _ASKS.search(row.text)), len(rows))
    below = rows[first:]
    if not 2 <= len(below) <= _MOST or not rows[:first] or any(len(row.text) > 400 for row in below):
        return None
    starred = [bool(_STAR.match(row.text)) for row in below]
    if sum(starred) != 1:
        starred = [False] * len(below)
        if not any(_marked(below, look) for look in _LOOKS):
            return None
    made = []
    for index, (row, star) in enumerate(zip(below, starred, strict=True)):
        match = _BULLET.match(row.text)
        made.append(
            options.Option(chr(ord("A") + index), row[match.end() if match else 0 :].strip(), frozenset(), star)
        )
    return options.Found(options.joined(rows[:first]).strip(), made, sign=SIGN)


def find_numbered(body: Sequence[Rich], key: str) -> options.Found | None:
    """Return the options "1. … 2. …" of a question whose answer is one of these numbers."""
    rows = [row for row in body if row]
    if not re.fullmatch(r"\s*[1-8]\s*[.)]?\s*", key):
        return None
    first = next((index for index, row in enumerate(rows) if (m := _NUMBER.match(row.text)) and m["n"] == "1"), 0)
    below = rows[first:]
    if not first or len(below) < max(2, int(key.strip(" .)"))):
        return None
    made = []
    for index, row in enumerate(below):
        match = _NUMBER.match(row.text)
        if match is None or int(match["n"]) != index + 1:
            return None
        made.append(options.Option(chr(ord("A") + index), row[match.end() :].strip()))
    return options.Found(options.joined(rows[:first]).strip(), made, sign=SIGN)


def _marked(rows: Sequence[Rich], look: str) -> bool:
    """Whether exactly one of the rows has a look all over."""
    full = [any(row.share(one) >= 0.9 for one in row.features() if one.partition(":")[0] == look) for row in rows]
    return sum(full) == 1
