"""Weights of answers, as several formats give them in per cent, made into the keys of our kinds; what does not fit is
said."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal

from quizzes.formats.markup import percent_share
from quizzes.formats.model import ERROR, NOTE, ParsedQuestion

_NEAR = Decimal("0.1")
FULL = Decimal(100)


def choose(question: ParsedQuestion, weights: Mapping[str, Decimal], *, single: bool) -> None:
    """Set kind and key of a question with options from the options' weights in per cent."""
    best = max(weights.values(), default=Decimal(0))
    if single:
        question.kind = "single_choice"
        full = [ident for ident, weight in weights.items() if weight == best and best > 0]
        if not full:
            question.key = {}
            question.doubt("no_key", ERROR)
            return
        if len(full) > 1:
            question.kind = "multiple_response"
            question.key = {"correct": full, "scoring": "all_or_nothing"}
            question.doubt("several_right", count=len(full))
            return
        question.key = {"correct": full[0]}
        if best < FULL - _NEAR:
            question.doubt("no_full_answer", ERROR, best=str(best))
        if any(weight for ident, weight in weights.items() if ident != full[0]):
            question.doubt("partial_left")
        return
    question.kind = "multiple_response"
    right = {ident: weight for ident, weight in weights.items() if weight > 0}
    wrong = {ident: weight for ident, weight in weights.items() if weight <= 0}
    if not right:
        question.key = {"correct": [], "scoring": "all_or_nothing"}
        question.doubt("no_key", ERROR)
        return
    scoring = "partial_penalty" if any(wrong.values()) else "partial"
    question.key = {"correct": list(right), "scoring": scoring}
    total = sum(right.values(), Decimal(0))
    if abs(total - FULL) > 1:
        question.doubt("weights_total", total=str(total.normalize()))
    even = FULL / len(right)
    uneven = any(abs(weight - even) > _NEAR for weight in right.values())
    if scoring == "partial_penalty" and not uneven:
        uneven = any(abs(weight + even) > _NEAR for weight in wrong.values())
    if uneven:
        question.doubt("weights_left")


def accepted_answers(question: ParsedQuestion, pairs: Sequence[tuple[str, Decimal]], *, case: bool) -> None:
    """Set the key of a short text from (text, per cent); ``*`` stands for anything, so it makes texts patterns."""
    useful = [(text.strip(), weight) for text, weight in pairs if text.strip() not in ("", "*") and weight > 0]
    if any(text.strip() == "*" and weight > 0 for text, weight in pairs):
        question.doubt("anything_accepted")
    wild = any("*" in text.replace("\\*", "") for text, _weight in useful)
    accepted = [
        {"text": wildcard(text) if wild else text.replace("\\*", "*"), "share": percent_share(weight)}
        for text, weight in useful
    ]
    question.key = {"accepted": accepted, "case": case, "accents": True, "pattern": wild}
    if not accepted:
        question.doubt("no_key", ERROR)
    elif all(weight < FULL for _text, weight in useful):
        question.doubt("no_full_answer", best=str(max(weight for _text, weight in useful)))
    if wild:
        question.doubt("wildcard", NOTE)


def wildcard(text: str) -> str:
    """Return the regular expression of a text where ``*`` stands for anything (``\\*`` for itself)."""
    parts = re.split(r"(?<!\\)\*", text)
    return ".*".join(re.escape(part.replace("\\*", "*")) for part in parts)


def numeric_answers(question: ParsedQuestion, rows: Sequence[tuple[str, str, Decimal]], unit: str = "") -> None:
    """Set kind and key of a number from (value, tolerance, per cent)."""
    question.kind = "numeric"
    question.content = {"unit": unit} if unit else {}
    question.key = {
        "accepted": [
            {"value": value, "tolerance": tolerance, "share": percent_share(weight)}
            for value, tolerance, weight in rows
            if weight > 0
        ],
        "tolerance_kind": "absolute",
    }
    if not question.key["accepted"] and not question.broken:
        question.doubt("no_key", ERROR)
