"""Gap text: some gaps are chosen, some are typed."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from quizzes.engine.registry import ALL_OR_NOTHING, ONE, PARTIAL, ZERO, scorer, unknown_mode
from quizzes.engine.scorers.numbers import number_share
from quizzes.engine.scorers.written import text_share

GAP_MODES = (PARTIAL, ALL_OR_NOTHING)


@scorer("gap_text")
def gap_text(key: Mapping[str, Any], answer: Mapping[str, Any]) -> Decimal:
    """Key ``{"gaps": {"1": …}, "scoring": mode}``, answer ``{"gaps": {"1": "a", "2": "1930"}}``.

    ``partial`` (the default): the shares of the gaps, by their weights. ``all_or_nothing``: every gap in full.
    """
    shares = gap_shares(key, answer)
    mode = key.get("scoring", PARTIAL)
    if mode == ALL_OR_NOTHING:
        return ONE if all(earned == ONE for earned in shares.values()) else ZERO
    if mode == PARTIAL:
        weights = {ident: Decimal(gap.get("weight", 1)) for ident, gap in key["gaps"].items()}
        return sum((weights[ident] * earned for ident, earned in shares.items()), ZERO) / sum(weights.values())
    raise unknown_mode(mode)


def gap_shares(key: Mapping[str, Any], answer: Mapping[str, Any]) -> dict[str, Decimal]:
    """Return what each gap earns, 0 to 1."""
    given = answer["gaps"]
    return {ident: _share(gap, given.get(ident)) for ident, gap in key["gaps"].items()}


def _share(gap: Mapping[str, Any], given: str | None) -> Decimal:
    if given is None:
        return ZERO
    if "correct" in gap:
        return ONE if given == gap["correct"] else ZERO
    return number_share(gap, given) if gap.get("numeric", False) else text_share(gap, given)
