"""Embedded answers (cloze): ``{1:MULTICHOICE:=right~wrong#note}`` inside a text, as Moodle writes them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from quizzes.formats.markup import decimal, inline, percent_share, shown
from quizzes.formats.model import ERROR, NOTE, ParsedQuestion, letters
from quizzes.formats.shares import wildcard

CHOICE = {"MULTICHOICE", "MC", "MULTICHOICE_V", "MCV", "MULTICHOICE_H", "MCH"}
CHOICE |= {"MULTICHOICE_S", "MCS", "MULTICHOICE_VS", "MCVS", "MULTICHOICE_HS", "MCHS"}
MANY = {"MULTIRESPONSE", "MR", "MULTIRESPONSE_H", "MRH", "MULTIRESPONSE_S", "MRS", "MULTIRESPONSE_HS", "MRHS"}
TEXT, TEXT_CASE = {"SHORTANSWER", "SA", "MW"}, {"SHORTANSWER_C", "SAC", "MWC"}
NUMBER = {"NUMERICAL", "NM"}
_START = re.compile(r"(?<!\\)\{\s*+(\d*+)\s*+:\s*+([A-Za-z_]++)\s*+:")
_ESCAPE = re.compile(r"\\([}#~/\"\\=])")
_MARKS = {char: chr(0xE200 + index) for index, char in enumerate('}#~/"\\=')}
_BACK = str.maketrans({mark: char for char, mark in _MARKS.items()})


@dataclass(slots=True)
class _Part:
    text: str
    weight: Decimal
    feedback: str


def read_gaps(text: str, question: ParsedQuestion) -> str:
    """Make ``question`` a gap text from html with embedded answers; return the html with ``[[n]]`` in their places.

    Every fault is a doubt of the question, naming the gap.
    """
    question.kind = "gap_text"
    gaps: list[dict[str, Any]] = []
    keys: dict[str, Any] = {}
    pieces: list[str] = []
    position = 0
    while match := _START.search(text, position):
        end = _closing(text, match.end())
        if end < 0:
            question.doubt("braces", ERROR)
            break
        ident = str(len(gaps) + 1)
        body = _ESCAPE.sub(lambda found: _MARKS[found[1]], text[match.end() : end])
        gap, key = _gap(ident, match[2].upper(), _parts(body), question)
        if match[1] not in ("", "1"):
            key["weight"] = match[1]
        gaps.append(gap)
        keys[ident] = key
        pieces += [text[position : match.start()], f"[[{ident}]]"]
        position = end + 1
    pieces.append(text[position:])
    question.content["gaps"] = gaps
    question.key = {"gaps": keys, "scoring": "partial"}
    if not gaps:
        question.doubt("no_gaps", ERROR)
    return "".join(pieces)


def _closing(text: str, start: int) -> int:
    """Return where the brace closes; a backslash hides one."""
    index = start
    while index < len(text):
        if text[index] == "\\":
            index += 2
            continue
        if text[index] == "}":
            return index
        index += 1
    return -1


def _parts(body: str) -> list[_Part]:
    found = []
    for raw in body.split("~"):
        piece = raw.strip()
        weight = Decimal(0)
        if match := re.match(r"%\s*([-+]?\d+(?:[.,]\d+)?)\s*%", piece):
            weight = decimal(match[1]) or Decimal(0)
            piece = piece[match.end() :]
        elif piece.startswith("="):
            weight = Decimal(100)
            piece = piece[1:]
            if match := re.match(r"%\s*([-+]?\d+(?:[.,]\d+)?)\s*%", piece):
                weight = decimal(match[1]) or Decimal(0)
                piece = piece[match.end() :]
        text, _, feedback = piece.partition("#")
        found.append(_Part(text.translate(_BACK).strip(), weight, feedback.translate(_BACK).strip()))
    return found


def _gap(ident: str, kind: str, parts: list[_Part], question: ParsedQuestion) -> tuple[dict[str, Any], dict[str, Any]]:
    parts = [part for part in parts if part.text]
    if any(part.feedback for part in parts):
        question.doubt("feedback_left", NOTE)
    if kind in CHOICE:
        return _choice(ident, parts, question)
    if kind in TEXT | TEXT_CASE:
        useful = [part for part in parts if part.weight > 0 and part.text != "*"]
        wild = any("*" in part.text for part in useful)
        accepted = [
            {"text": wildcard(part.text) if wild else part.text, "share": percent_share(part.weight)} for part in useful
        ]
        if wild:
            question.doubt("gap_wildcard", gap=ident)
        if not accepted:
            question.doubt("gap_no_key", ERROR, gap=ident)
        return {"id": ident}, {"accepted": accepted, "case": kind in TEXT_CASE, "accents": True}
    if kind in NUMBER:
        return _number(ident, parts, question)
    question.doubt("gap_kind", ERROR, gap=ident, kind=kind)
    return {"id": ident}, {"accepted": [], "case": False, "accents": True}


def _choice(ident: str, parts: list[_Part], question: ParsedQuestion) -> tuple[dict[str, Any], dict[str, Any]]:
    ids = letters(len(parts))
    choices = [{"id": one, "html": inline(part.text)} for one, part in zip(ids, parts, strict=True)]
    best = max((part.weight for part in parts), default=Decimal(0))
    right = [one for one, part in zip(ids, parts, strict=True) if part.weight == best and best > 0]
    if len(parts) < 2:
        question.doubt("gap_few_choices", ERROR, gap=ident)
    elif best < 100:
        question.doubt("gap_no_key", ERROR, gap=ident)
    elif len(right) > 1 or any(0 < part.weight < 100 for part in parts):
        question.doubt("gap_partial", gap=ident)
    return {"id": ident, "choices": choices}, {"correct": right[0] if right else ""}


def _number(ident: str, parts: list[_Part], question: ParsedQuestion) -> tuple[dict[str, Any], dict[str, Any]]:
    accepted = []
    for part in parts:
        if part.weight <= 0 or part.text == "*":
            continue
        value, _, tolerance = part.text.partition(":")
        number, width = decimal(value), decimal(tolerance or "0")
        if number is None or width is None:
            question.doubt("gap_not_a_number", ERROR, gap=ident, text=part.text[:40])
            continue
        accepted.append({"value": shown(number), "tolerance": shown(abs(width)), "share": percent_share(part.weight)})
    if not accepted and not question.broken:
        question.doubt("gap_no_key", ERROR, gap=ident)
    return {"id": ident}, {"accepted": accepted, "numeric": True}
