"""The rules of an exam and its fixed list of questions."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from quizzes.enums import QuestionSource
from quizzes.errors import PaperCodesError
from quizzes.models import Exam, ExamQuestion, ItemVersion
from quizzes.services.papers.freezing import codes_of


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


def exam_problems(exam: Exam) -> dict[str, list[str]]:
    """Return what is wrong with the rules of an exam that its fields alone do not show, by field."""
    problems: dict[str, list[str]] = {}
    if exam.source == QuestionSource.BLUEPRINT and exam.blueprint_id is None:
        problems["blueprint"] = [_("Choose the blueprint that the exam is drawn from.")]
    if not 1 <= exam.forms <= exam.variants:
        problems["forms"] = [_("From 1 to %(number)d, the number of paper codes.") % {"number": exam.variants}]
    try:
        codes_of(exam)
    except PaperCodesError as error:
        problems["codes"] = [str(error)]
    return problems
