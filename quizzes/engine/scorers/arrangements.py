"""Matching and ordering."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from itertools import pairwise
from typing import Any

from quizzes.engine.registry import ALL_OR_NOTHING, ONE, PARTIAL, ZERO, scorer, unknown_mode

POSITION = "position"
ADJACENT = "adjacent"
MATCHING_MODES = (PARTIAL, ALL_OR_NOTHING)
ORDERING_MODES = (ALL_OR_NOTHING, POSITION, ADJACENT)


@scorer("matching")
def matching(key: Mapping[str, Any], answer: Mapping[str, Any]) -> Decimal:
    """Key ``{"pairs": {"1": "b"}, "scoring": mode}``, answer ``{"pairs": {"1": "b"}}``.

    ``partial`` (the default): the share of the prompts that were given their option. ``all_or_nothing``: all of them.
    """
    right = len(paired_rightly(key, answer))
    mode = key.get("scoring", PARTIAL)
    if mode == PARTIAL:
        return Decimal(right) / len(key["pairs"])
    if mode == ALL_OR_NOTHING:
        return ONE if right == len(key["pairs"]) else ZERO
    raise unknown_mode(mode)


def paired_rightly(key: Mapping[str, Any], answer: Mapping[str, Any]) -> list[str]:
    """Return the prompts that ``answer`` gives their own option."""
    given = answer["pairs"]
    return [prompt for prompt, option in key["pairs"].items() if given.get(prompt) == option]


@scorer("ordering")
def ordering(key: Mapping[str, Any], answer: Mapping[str, Any]) -> Decimal:
    """Key ``{"order": ["c", "a", "b"], "scoring": mode}``, answer ``{"order": ["c", "a", "b"]}``.

    ``all_or_nothing`` (the default): exactly this order. ``position``: the share of the places that hold the right
    line. ``adjacent``: the share of neighbours in the right order that are neighbours in the answer.
    """
    right, given = list(key["order"]), list(answer["order"])
    mode = key.get("scoring", ALL_OR_NOTHING)
    if mode == ALL_OR_NOTHING:
        return ONE if given == right else ZERO
    if mode == POSITION:
        return Decimal(len(placed_rightly(key, answer))) / len(right)
    if mode == ADJACENT:
        pairs = set(pairwise(right))
        if not pairs:
            return ONE if given == right else ZERO
        return Decimal(len(pairs.intersection(pairwise(given)))) / len(pairs)
    raise unknown_mode(mode)


def placed_rightly(key: Mapping[str, Any], answer: Mapping[str, Any]) -> list[str]:
    """Return the lines that stand in their right place."""
    return [one for one, other in zip(key["order"], answer["order"], strict=False) if one == other]
