"""The uses of a question."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection

from quizzes.models import ExamQuestion, ItemUse


def use_counts(item_ids: Collection[int]) -> dict[int, int]:
    """Return in how many exams each of these items stands, listed or drawn; items without any are left out."""
    listed = ExamQuestion.objects.filter(version__item_id__in=item_ids).values_list("version__item_id", "exam_id")
    drawn = ItemUse.objects.filter(item_id__in=item_ids).values_list("item_id", "exam_id")
    # A union keeps each pair once.
    return dict(Counter(item for item, _exam in listed.order_by().union(drawn.order_by()).order_by()))
