"""Short text: what was typed is one of the accepted answers."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from quizzes.engine.registry import ZERO, scorer
from quizzes.engine.wording import comparable, matches


@scorer("short_text")
def short_text(key: Mapping[str, Any], answer: Mapping[str, Any]) -> Decimal:
    """Key ``{"accepted": [{"text", "share"}], "case", "accents", "pattern"}``, answer ``{"text": "…"}``.

    The best share among the accepted answers that fit counts.
    """
    return text_share(key, answer["text"])


def text_share(key: Mapping[str, Any], text: str) -> Decimal:
    """Return the best share that the key's accepted answers give ``text``; also for the gaps of a gap text."""
    case, accents = bool(key.get("case", False)), bool(key.get("accents", True))
    given = comparable(text, case=case, accents=accents)
    if not given:
        return ZERO
    fits = (
        (lambda accepted: matches(accepted, text, case=case, accents=accents))
        if key.get("pattern", False)
        else (lambda accepted: comparable(accepted, case=case, accents=accents) == given)
    )
    return max((Decimal(one.get("share", 1)) for one in key["accepted"] if fits(one["text"])), default=ZERO)
