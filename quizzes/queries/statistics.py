"""Reading the statistics that the task left."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from quizzes.models import ExamStatistics, ItemStatistics


@dataclass(frozen=True, slots=True)
class ItemSummary:
    """A question version over all exams: people asked, and their mean difficulty and discrimination (by people)."""

    asked: int
    difficulty: float
    discrimination: float | None
    flags: tuple[str, ...]


def item_summaries(version_ids: Collection[int]) -> dict[int, ItemSummary]:
    """Return what is known of each version, weighted by people over exams; versions nobody was asked are left out."""
    rows: dict[int, list[ItemStatistics]] = {}
    for row in ItemStatistics.objects.filter(version_id__in=list(version_ids), asked__gt=0).order_by("pk"):
        rows.setdefault(row.version_id, []).append(row)
    return {version: _summary(found) for version, found in rows.items()}


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


def item_rows(statistics: ExamStatistics) -> list[ItemStatistics]:
    """Return the questions of one exam with their versions, those with the gravest findings first, then the hardest."""
    rows = list(
        ItemStatistics.objects.filter(exam_id=statistics.exam_id).select_related("version__item").order_by("pk")
    )
    return sorted(rows, key=lambda row: (-len(row.flags), 1.0 if row.difficulty is None else row.difficulty, row.pk))
