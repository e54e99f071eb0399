"""Reading the statistics that the task left."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from lms.common.text import fold
from quizzes.models import ExamStatistics, ItemStatistics


def exam_list(user: Any, *, text: str = "") -> QuerySet[ExamStatistics]:
    """Return the statistics that ``user`` may see, the last counted first, with ``questions`` and ``flagged``.

    ``text`` finds titles without regard to accents; titles are few (one exam serves many classes).
    """
    found = ExamStatistics.objects.visible_to(user)
    if wanted := fold(text):
        titles = found.values_list("exam_id", "exam__title")
        found = found.filter(exam_id__in=[pk for pk, title in titles if wanted in fold(title)])
    rows = ItemStatistics.objects.filter(exam_id=OuterRef("exam_id")).order_by().values("exam_id")
    return (
        found.select_related("exam__unit")
        .annotate(questions=_count(rows), flagged=_count(rows.exclude(flags=[])))
        .order_by("-computed_at", "-exam_id")
    )


def _count(rows: QuerySet[Any]) -> Any:
    return Coalesce(Subquery(rows.annotate(n=Count("pk")).values("n"), output_field=IntegerField()), 0)


def item_rows(statistics: ExamStatistics) -> list[ItemStatistics]:
    """Return the questions of one exam with their versions, those with the gravest findings first, then the hardest."""
    rows = list(
        ItemStatistics.objects.filter(exam_id=statistics.exam_id).select_related("version__item").order_by("pk")
    )
    return sorted(rows, key=lambda row: (-len(row.flags), 1.0 if row.difficulty is None else row.difficulty, row.pk))
