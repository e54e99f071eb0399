"""Brackets beside the number of a question: "Câu 1 (NB)", "Câu 2. (3 điểm)", "Câu 3 [Ghép đôi]"."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

from quizzes.formats.markup import decimal, level_of
from quizzes.formats.word import patterns
from quizzes.formats.word.rich import Rich

if TYPE_CHECKING:
    from quizzes.formats.word.drafts import RawQuestion


def note(draft: RawQuestion, text: str) -> None:
    """Take level, kind and code out of the brackets after the number; points only tell what is asked."""
    for inner in re.findall(r"[(\[]\s*([^()\[\]]+?)\s*[)\]]", text):
        if level := level_of(inner):
            draft.level = level
        elif kind := patterns.hint_of(inner):
            draft.tag = kind
        elif match := _POINTS.match(inner):
            draft.points = decimal(match["points"]) or Decimal(0)


_LEADING = re.compile(r"\s*+(?:\((?P<a>[^()\n]{1,40})\)|\[(?P<b>[^\[\]\n]{1,40})\])\s*[:.]?\s*")
_POINTS = re.compile(r"^(?P<points>\d+(?:[.,]\d+)?)\s*(?:điểm|đ|pts?|points?)$", re.IGNORECASE)


def leading(draft: RawQuestion, rest: Rich) -> Rich:
    """Take a level or points in brackets off the beginning of the text: "Câu 1: (NB) …"."""
    text, start = rest.text, 0
    while match := _LEADING.match(text, start):
        inner = (match["a"] or match["b"]).strip()
        if level := level_of(inner):
            draft.level = level
        elif points := _POINTS.match(inner):
            draft.points = decimal(points["points"]) or Decimal(0)
        else:
            break
        start = match.end()
    return rest[start:]
