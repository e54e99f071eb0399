"""The uses of a question."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from typing import Any

from quizzes.access import use_open
from quizzes.models import ExamQuestion, ItemUse


def use_counts(item_ids: Collection[int], *, reader: Any) -> dict[int, int]:
    """Return in how many exams each of these items stands, listed or drawn; items without any are left out.

    Exams that ``reader`` may still sit do not count.
    """
    told = use_open(reader)
    listed = ExamQuestion.objects.filter(told, version__item_id__in=item_ids)
    drawn = ItemUse.objects.filter(told, item_id__in=item_ids).values_list("item_id", "exam_id")
    pairs = listed.order_by().values_list("version__item_id", "exam_id")
    # A union keeps each pair once.
    return dict(Counter(item for item, _exam in pairs.union(drawn.order_by()).order_by()))
