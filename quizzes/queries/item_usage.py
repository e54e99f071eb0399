"""Where a question was used."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Count, Max, Q

from quizzes.enums import AttemptState
from quizzes.models import Attempt, ExamQuestion


@dataclass(frozen=True, slots=True)
class Use:
    """One exam that holds a version of the question. ``when`` is the last hand-in."""

    exam_id: int
    exam: str
    unit: str
    version: int
    attempts: int
    when: dt.datetime | None


def item_usage(item_id: int) -> list[Use]:
    """Return the exams that hold a version of the item, the last used first."""
    questions = list(
        ExamQuestion.objects.filter(version__item_id=item_id)
        .values_list("exam_id", "exam__title", "exam__unit__name", "version__number")
        .order_by("exam_id")
    )
    done = {
        exam: (count, last)
        for exam, count, last in Attempt.objects.filter(
            exam_id__in=[row[0] for row in questions], state=AttemptState.SUBMITTED
        )
        .order_by()
        .values("exam_id")
        .annotate(count=Count("pk"), last=Max("submitted_at"))
        .values_list("exam_id", "count", "last")
    }
    uses = [Use(exam, title, unit, number, *done.get(exam, (0, None))) for exam, title, unit, number in questions]
    uses.sort(key=lambda use: (use.when is not None, use.when, use.exam_id), reverse=True)
    return uses


def use_counts(item_ids: Collection[int]) -> dict[int, int]:
    """Return in how many exams each of these items stands; items without any are left out."""
    rows = (
        ExamQuestion.objects.filter(Q(version__item_id__in=item_ids))
        .order_by()
        .values("version__item_id")
        .annotate(count=Count("exam_id", distinct=True))
    )
    return {row["version__item_id"]: row["count"] for row in rows}
