"""Scoring of one answer: pure, deterministic, in decimal arithmetic.

A scorer gives the share (0 to 1) of a question's points that an answer earns. Scorers register under the name of
their kind; keys and answers speak the same option ids (a paper's own letters when grading an attempt).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

type Scorer = Callable[[Mapping[str, Any], Mapping[str, Any]], Decimal]

ZERO = Decimal(0)
ONE = Decimal(1)
CENT = Decimal("0.01")

ALL_OR_NOTHING = "all_or_nothing"
PARTIAL = "partial"
PARTIAL_PENALTY = "partial_penalty"
MULTIPLE_MODES = (ALL_OR_NOTHING, PARTIAL, PARTIAL_PENALTY)

_scorers: dict[str, Scorer] = {}


class UnknownKindError(LookupError):
    """No scorer is registered for this kind of question."""


def scorer(kind: str) -> Callable[[Scorer], Scorer]:
    """Register the decorated function as the scorer of ``kind``; a name may be taken once."""

    def register(function: Scorer) -> Scorer:
        if kind in _scorers:
            raise ValueError(f"A scorer for {kind!r} is registered already")
        _scorers[kind] = function
        return function

    return register


def share(kind: str, key: Mapping[str, Any], answer: Mapping[str, Any] | None) -> Decimal:
    """Return the share of the points, 0 to 1, that ``answer`` earns; no answer earns nothing.

    Raises:
        UnknownKindError: when the kind has no scorer.
    """
    try:
        function = _scorers[kind]
    except KeyError:
        raise UnknownKindError(kind) from None
    if answer is None:
        return ZERO
    return min(ONE, max(ZERO, function(key, answer)))


def grade(kind: str, key: Mapping[str, Any], answer: Mapping[str, Any] | None, points: Decimal) -> Decimal:
    """Return the points earned, rounded half up to hundredths, never below 0 or above ``points``."""
    return (share(kind, key, answer) * points).quantize(CENT, rounding=ROUND_HALF_UP)


@scorer("single_choice")
def single_choice(key: Mapping[str, Any], answer: Mapping[str, Any]) -> Decimal:
    """All for the one right option. Key ``{"correct": "b"}``, answer ``{"choice": "b"}``."""
    return ONE if answer["choice"] == key["correct"] else ZERO


@scorer("multiple_response")
def multiple_response(key: Mapping[str, Any], answer: Mapping[str, Any]) -> Decimal:
    """Key ``{"correct": ["a", "c"], "scoring": mode}``, answer ``{"choices": ["a", "c"]}``.

    ``all_or_nothing`` (the default): exactly the right options. ``partial``: the share of right options that were
    chosen. ``partial_penalty``: each wrong choice takes away as much as a right one gives, never below zero.
    """
    correct = frozenset(key["correct"])
    chosen = frozenset(answer["choices"])
    mode = key.get("scoring", ALL_OR_NOTHING)
    if mode == ALL_OR_NOTHING:
        return ONE if chosen == correct else ZERO
    hits = len(chosen & correct)
    if mode == PARTIAL:
        return Decimal(hits) / len(correct)
    if mode == PARTIAL_PENALTY:
        return Decimal(max(0, hits - len(chosen - correct))) / len(correct)
    raise ValueError(f"Unknown way of scoring: {mode!r}")
