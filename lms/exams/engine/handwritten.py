"""Answers as people and scanners write them into a grid, read into the answers of each kind. Pure Python.

Letters may be of either case, with or without separators; ``-``, ``.`` and ``_`` stand for nothing given; ``*`` is a
scanner's word for more than one mark, which counts as nothing given.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

#: Nothing given.
BLANK = frozenset("-._*·")
_TRUE = frozenset("ĐDT1✓X")
_FALSE = frozenset("SF0")
_SEPARATORS = re.compile(r"[\s,;/|()]+")
_PAIR = re.compile(r"(?<!\d)(\d++)\s*+[-–:.=]\s*+([A-Za-z])")
#: Kinds whose answer is the text itself, and what it is called; all others are essays.
_PLAIN = {"numeric": "number", "short_text": "text"}
_CELLS = re.compile(r"[;|]")


class UnreadableError(ValueError):
    """The text is no answer to a question of this kind; ``reason`` names why."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def read_written(question: Mapping[str, Any], text: str) -> dict[str, Any] | None:
    """Return the answer that ``text`` stands for, ``None`` for none.

    Args:
        question: as the paper shows it.
        text: what stands in the grid.

    Raises:
        UnreadableError: ``letters`` (not letters of this question), ``one`` (one letter is wanted), ``length`` (a mark
            for each part is wanted), ``number`` or ``place``.
    """
    bare = text.strip()
    if not bare or set(bare) <= BLANK:
        return None
    match question["kind"]:
        case "single_choice":
            letters = _letters(bare, [one["id"] for one in question["options"]])
            if len(letters) != 1:
                raise UnreadableError("one")
            return {"choice": letters[0]}
        case "multiple_response":
            return {"choices": sorted(set(_letters(bare, [one["id"] for one in question["options"]])))}
        case "true_false_group":
            return _true_false(bare, [one["id"] for one in question["statements"]])
        case "matching":
            return _pairs(bare, question)
        case "ordering":
            known = [one["id"] for one in question["options"]]
            letters = _letters(bare, known)
            if sorted(letters) != sorted(known):
                raise UnreadableError("length")
            return {"order": letters}
        case "gap_text":
            return _gaps(bare, question["gaps"])
        case "hotspot":
            return _place(bare)
        case kind:
            return {_PLAIN.get(kind, "html"): bare}


def tidy(question: Mapping[str, Any], text: str) -> str:
    """Return ``text`` in the one spelling by which two entries are compared."""
    bare = text.strip()
    if not bare or set(bare) <= BLANK:
        return ""
    match question["kind"]:
        case "single_choice" | "ordering":
            return _SEPARATORS.sub("", bare.replace("-", "").replace("–", "")).upper()
        case "multiple_response":
            return "".join(sorted(set(_SEPARATORS.sub("", bare).upper())))
        case "true_false_group":
            marks = _SEPARATORS.sub("", bare).upper()
            return "".join("Đ" if mark in _TRUE else "S" if mark in _FALSE else "-" for mark in marks)
        case "matching":
            return " ".join(bare.upper().split())
        case _:
            return " ".join(bare.split())


def _letters(text: str, known: list[str]) -> list[str]:
    letters = [char.lower() for char in _SEPARATORS.sub("", text.replace("-", "").replace("–", ""))]
    if not letters or any(letter not in known for letter in letters):
        raise UnreadableError("letters")
    return letters


def _true_false(text: str, statements: list[str]) -> dict[str, Any] | None:
    marks = _SEPARATORS.sub("", text).upper()
    if len(marks) != len(statements):
        raise UnreadableError("length")
    given: dict[str, bool] = {}
    for statement, mark in zip(statements, marks, strict=True):
        if mark in _TRUE:
            given[statement] = True
        elif mark in _FALSE:
            given[statement] = False
        elif mark not in BLANK:
            raise UnreadableError("letters")
    return {"statements": given} if given else None


def _pairs(text: str, question: Mapping[str, Any]) -> dict[str, Any] | None:
    prompts = [one["id"] for one in question["prompts"]]
    known = [one["id"] for one in question["options"]]
    found = _PAIR.findall(text)
    if found:
        pairs = {prompt: letter.lower() for prompt, letter in found}
    else:
        letters = list(_SEPARATORS.sub("", text).lower())
        if len(letters) != len(prompts):
            raise UnreadableError("length")
        pairs = {prompt: letter for prompt, letter in zip(prompts, letters, strict=True) if letter not in BLANK}
    if any(prompt not in prompts or letter not in known for prompt, letter in pairs.items()):
        raise UnreadableError("letters")
    return {"pairs": pairs} if pairs else None


def _gaps(text: str, gaps: list[Mapping[str, Any]]) -> dict[str, Any] | None:
    cells = [cell.strip() for cell in _CELLS.split(text)]
    if len(cells) != len(gaps):
        raise UnreadableError("length")
    given = {}
    for gap, cell in zip(gaps, cells, strict=True):
        if not cell or set(cell) <= BLANK:
            continue
        if gap.get("choices"):
            letter = cell.lower()
            if letter not in [one["id"] for one in gap["choices"]]:
                raise UnreadableError("letters")
            given[str(gap["id"])] = letter
        else:
            given[str(gap["id"])] = cell
    return {"gaps": given} if given else None


def _place(text: str) -> dict[str, Any]:
    """Read a place on a picture in per cent of its width and height: ``31;77``."""
    cells = [cell.strip().replace(",", ".") for cell in _CELLS.split(text)]
    try:
        x, y = (float(cell) / 100 for cell in cells)
    except ValueError:
        raise UnreadableError("place") from None
    if not (0 <= x <= 1 and 0 <= y <= 1):
        raise UnreadableError("place")
    return {"x": x, "y": y}
