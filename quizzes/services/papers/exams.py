"""Making an exam, its rules and its fixed list of questions; the record of files taken along."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from lms.audit.services import record
from quizzes.enums import QuestionSource
from quizzes.errors import PaperCodesError
from quizzes.models import Exam, ExamQuestion, ItemVersion
from quizzes.services.papers.freezing import codes_of


@transaction.atomic
def create_exam(*, exam: Exam, actor: Any) -> Exam:
    """Store a new exam, whose rules were checked (:func:`exam_problems`), and record it."""
    exam.save(force_insert=True)
    record(actor=actor, action="exam.create", target=f"exam:{exam.pk}", data={"title": exam.title})
    return exam


@transaction.atomic
def edit_exam(*, exam: Exam, changes: Mapping[str, Any], actor: Any) -> bool:
    """Change the named rules of an exam, which were checked before; return whether any of them is another now.

    Only what differs is written: a correction of keys may have raised the revision meanwhile. ``exam`` gets the new
    values too. Papers frozen before keep what they had.
    """
    locked = Exam.objects.select_for_update(of=("self",)).get(pk=exam.pk)
    changed = [name for name, value in changes.items() if getattr(locked, name) != value]
    for name, value in changes.items():
        setattr(exam, name, value)
        setattr(locked, name, value)
    if changed:
        locked.save(update_fields=[*changed, "updated_at"])
        record(actor=actor, action="exam.edit", target=f"exam:{exam.pk}", data={"fields": sorted(changed)})
    return bool(changed)


def record_file(*, exam: Exam, number: int, file: str, actor: Any) -> None:
    """Record who took a paper or the keys of a set along: they are secret."""
    record(actor=actor, action="exam.file", target=f"exam:{exam.pk}", data={"set": number, "file": file})


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
