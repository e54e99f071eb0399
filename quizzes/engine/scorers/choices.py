"""Kinds whose learner ticks: single choice, multiple response, true/false group."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from quizzes.engine.registry import ALL_OR_NOTHING, ONE, PARTIAL, ZERO, scorer, unknown_mode

PARTIAL_PENALTY = "partial_penalty"
MULTIPLE_MODES = (ALL_OR_NOTHING, PARTIAL, PARTIAL_PENALTY)

# The national format of 2025 for a group of four statements: one right earns a tenth, two a quarter, three a half.
NATIONAL = ("0", "0.1", "0.25", "0.5", "1")


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
    raise unknown_mode(mode)


def national_scale(count: int) -> list[str]:
    """Return the share earned by 0, 1 … ``count`` right statements: the national one for four, else proportional.

    >>> national_scale(4)
    ['0', '0.1', '0.25', '0.5', '1']
    >>> national_scale(2)
    ['0', '0.5', '1']
    """
    if count == len(NATIONAL) - 1:
        return list(NATIONAL)
    shares = (Decimal(right) / count for right in range(count + 1))
    return [format(one.quantize(Decimal("0.0001")).normalize(), "f") for one in shares]


@scorer("true_false_group")
def true_false_group(key: Mapping[str, Any], answer: Mapping[str, Any]) -> Decimal:
    """Key ``{"true": ["1", "3"], "scale": ["0", "0.1", …]}``, answer ``{"statements": {"1": true, "2": false}}``.

    The scale says what each number of rightly judged statements earns; a statement left out is not judged rightly.
    Without a scale (never so in a stored key) the statements named by key and answer are taken to be all there are.
    """
    right = len(judged_rightly(key, answer))
    scale = key.get("scale") or national_scale(len({*key["true"], *answer["statements"]}))
    return Decimal(scale[min(right, len(scale) - 1)])


def judged_rightly(key: Mapping[str, Any], answer: Mapping[str, Any]) -> list[str]:
    """Return the statements that ``answer`` judges rightly."""
    true = frozenset(key["true"])
    return [ident for ident, value in answer["statements"].items() if (ident in true) is value]
