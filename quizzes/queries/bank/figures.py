"""Figures of questions, for those who draw papers and for the pages of the bank."""

from __future__ import annotations

from collections.abc import Collection

from quizzes.models import Item
from quizzes.queries.bank.item_statistics import ItemFigures
from quizzes.queries.statistics import item_summaries


def figures_of_items(item_ids: Collection[int]) -> dict[int, ItemFigures]:
    """Return the figures of the version that new papers would take; a new text starts without any."""
    versions = dict(
        Item.objects.filter(pk__in=list(item_ids), approved_version__isnull=False).values_list(
            "approved_version_id", "pk"
        )
    )
    return {
        versions[version]: ItemFigures(one.asked, one.difficulty, one.discrimination)
        for version, one in item_summaries(versions).items()
    }
