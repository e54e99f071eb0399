"""Figures of questions over all exams, for drawing papers and for the pages of the bank."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from quizzes.models import Item, ItemStatistics


@dataclass(frozen=True, slots=True)
class ItemSummary:
    """A question version over all exams: people asked, and their mean difficulty and discrimination (by people).

    Difficulty is the mean share of the points (near 1 is easy), discrimination the corrected point-biserial.
    """

    asked: int
    difficulty: float
    discrimination: float | None
    flags: tuple[str, ...]


def item_summaries(version_ids: Collection[int]) -> dict[int, ItemSummary]:
    """Return what is known of each version, weighted by people over exams.

    Versions are left out that nobody was asked, or of which a correction gave or took the points.
    """
    rows: dict[int, list[ItemStatistics]] = {}
    known = ItemStatistics.objects.filter(version_id__in=list(version_ids), difficulty__isnull=False)
    for row in known.order_by("pk"):
        rows.setdefault(row.version_id, []).append(row)
    return {version: _summary(found) for version, found in rows.items()}


def figures_of_items(item_ids: Collection[int]) -> dict[int, ItemSummary]:
    """Return the figures of the version that new papers would take; a new text starts without any."""
    versions = dict(
        Item.objects.filter(pk__in=list(item_ids), approved_version__isnull=False).values_list(
            "approved_version_id", "pk"
        )
    )
    return {versions[version]: summary for version, summary in item_summaries(versions).items()}


def _summary(rows: list[ItemStatistics]) -> ItemSummary:
    asked = sum(row.asked for row in rows)
    known = [row for row in rows if row.discrimination is not None]
    weight = sum(row.asked for row in known)
    return ItemSummary(
        asked=asked,
        difficulty=sum((row.difficulty or 0) * row.asked for row in rows) / asked,
        discrimination=sum((row.discrimination or 0) * row.asked for row in known) / weight if weight else None,
        flags=tuple(dict.fromkeys(flag["code"] for row in rows for flag in row.flags)),
    )
