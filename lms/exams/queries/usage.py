"""Exams that ask a question, with the attempts at them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Max

from lms.exams.enums import AttemptState
from lms.exams.models import Attempt
from quizzes.access import use_open
from quizzes.models import ExamQuestion, ItemUse


@dataclass(frozen=True, slots=True)
class Use:
    """One exam that asks the question: ``version`` on its fixed list, ``None`` when it was drawn.

    ``when`` is the last hand-in.
    """

    exam_id: int
    exam: str
    unit: str
    version: int | None
    attempts: int
    when: dt.datetime | None


def item_usage(item_id: int, *, reader: Any) -> list[Use]:
    """Return the exams with a version of the item, the last used first, without those ``reader`` may still sit."""
    told = use_open(reader)
    questions: list[tuple[int, str, str, int | None]] = list(
        ExamQuestion.objects.filter(told, version__item_id=item_id)
        .values_list("exam_id", "exam__title", "exam__unit__name", "version__number")
        .order_by("exam_id")
    )
    listed = {row[0] for row in questions}
    drawn = ItemUse.objects.filter(told, item_id=item_id).exclude(exam_id__in=listed).order_by("exam_id")
    questions += [(*row, None) for row in drawn.values_list("exam_id", "exam__title", "exam__unit__name").distinct()]
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
