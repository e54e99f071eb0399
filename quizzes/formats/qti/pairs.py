"""Pairs in QTI declarations: which are right, and how they are scored."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from quizzes.formats.markup import decimal

if TYPE_CHECKING:
    from quizzes.formats.qti.items import AssessmentItem


def all_or_nothing(item: AssessmentItem, interaction: Any) -> bool:
    """Whether one wrong pair among right ones loses everything."""
    right = item.correct(interaction)
    if len(right) < 2:
        return "match_correct" in item.processing.template
    full, part = item.score(interaction, right), item.score(interaction, right[1:])
    return bool(full) and part is not None and part <= 0


def mapped_pairs(item: AssessmentItem, interaction: Any) -> list[tuple[str, ...]]:
    declared = item.processing.declared.get(item.name(interaction))
    if declared is None:
        return []
    return [
        tuple((entry.get("mapKey") or "").split())
        for entry in declared.iterfind("mapping/mapEntry")
        if (decimal(entry.get("mappedValue") or "0") or 0) > 0
    ]


def uneven(item: AssessmentItem, interaction: Any) -> bool:
    declared = item.processing.declared.get(item.name(interaction))
    if declared is None:
        return False
    values = {decimal(entry.get("mappedValue") or "0") for entry in declared.iterfind("mapping/mapEntry")} - {
        Decimal(0)
    }
    mapping = declared.find("mapping")
    penalty = mapping is not None and (decimal(mapping.get("defaultValue") or "0") or 0) < 0
    return len(values) > 1 or penalty
