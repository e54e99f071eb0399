"""The fixed list of questions of an exam."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from django.db import transaction

from quizzes.models import Exam, ExamQuestion, ItemVersion


@transaction.atomic
def set_questions(*, exam: Exam, questions: Iterable[tuple[ItemVersion, Decimal]]) -> int:
    """Replace the exam's questions by these versions with their points, in this order; return how many.

    Papers frozen before keep what they had; the next freeze makes a new set.
    """
    locked = Exam.objects.select_for_update().get(pk=exam.pk)
    locked.questions.all().delete()
    rows = [
        ExamQuestion(exam=locked, position=position, version=version, points=points)
        for position, (version, points) in enumerate(questions, start=1)
    ]
    return len(ExamQuestion.objects.bulk_create(rows))
