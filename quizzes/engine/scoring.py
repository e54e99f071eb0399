"""Scoring of one answer: pure, deterministic, in exact arithmetic.

A scorer gives the share (0 to 1) of a question's points that an answer earns; the scorers stand in
:mod:`quizzes.engine.scorers`. Keys and answers speak the same ids (a paper's own letters when grading an attempt).
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from quizzes.engine.registry import (
    ALL_OR_NOTHING,
    ONE,
    PARTIAL,
    ZERO,
    UnknownKindError,
    has_scorer,
    marked_by_people,
    needs_marking,
    scorer,
    scorer_of,
)
from quizzes.engine.scorers.arrangements import MATCHING_MODES, ORDERING_MODES
from quizzes.engine.scorers.choices import MULTIPLE_MODES, multiple_response, national_scale, single_choice
from quizzes.engine.scorers.gaps import GAP_MODES
from quizzes.engine.scorers.numbers import TOLERANCE_KINDS
from quizzes.engine.scorers.pictures import SHAPES

__all__ = [
    "ALL_OR_NOTHING",
    "CENT",
    "GAP_MODES",
    "MATCHING_MODES",
    "MULTIPLE_MODES",
    "ONE",
    "ORDERING_MODES",
    "PARTIAL",
    "SHAPES",
    "TOLERANCE_KINDS",
    "ZERO",
    "UnknownKindError",
    "grade",
    "has_scorer",
    "multiple_response",
    "national_scale",
    "needs_marking",
    "scorer",
    "share",
    "single_choice",
]

CENT = Decimal("0.01")

marked_by_people("essay")


def share(kind: str, key: Mapping[str, Any], answer: Mapping[str, Any] | None) -> Decimal:
    """Return the share of the points, 0 to 1, that ``answer`` earns; no answer earns nothing.

    Raises:
        UnknownKindError: when the kind has no scorer (an essay is marked by a person).
    """
    function = scorer_of(kind)
    if answer is None:
        return ZERO
    return min(ONE, max(ZERO, function(key, answer)))


def grade(kind: str, key: Mapping[str, Any], answer: Mapping[str, Any] | None, points: Decimal) -> Decimal:
    """Return the points earned, rounded half up to hundredths, never below 0 or above ``points``."""
    return (share(kind, key, answer) * points).quantize(CENT, rounding=ROUND_HALF_UP)
