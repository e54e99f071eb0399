"""Freezing an exam into paper codes (*mã đề*)."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from quizzes.engine.receipt import digest
from quizzes.engine.shuffle import permute
from quizzes.errors import ExamEmptyError
from quizzes.kinds import get_kind
from quizzes.models import Exam, ExamQuestion, Paper

FIRST_CODE = 101
SEED_BITS = 62  # fits a signed 64-bit column


@dataclass(frozen=True, slots=True)
class PaperDraft:
    """A paper worked out but not stored."""

    content: dict[str, Any]
    layout: list[dict[str, Any]]
    max_score: Decimal


def json_number(value: Decimal) -> int | float:
    """Return ``value`` as JSON shows points: 1, not 1.00; 0.25 as it is."""
    return int(value) if value == value.to_integral_value() else float(value)


def build_paper(*, exam: Exam, questions: Sequence[ExamQuestion], seed: int) -> PaperDraft:
    """Work out the paper that ``seed`` gives: pure but for what the arguments carry."""
    ordered = list(questions)
    if exam.shuffle_questions:
        ordered = permute(ordered, seed=seed, stream="questions")
    shown_questions = []
    layout = []
    for slot, question in enumerate(ordered, start=1):
        version = question.version
        shown = get_kind(version.kind).show(
            version.content,
            seed=seed,
            stream=f"options/{question.position}",
            shuffle=exam.shuffle_options,
            key=version.key,
        )
        shown_questions.append(
            {
                "slot": slot,
                "kind": version.kind,
                "points": json_number(question.points),
                "stem_html": version.stem,
                **shown.public,
            }
        )
        layout.append({"slot": slot, "version": version.pk, "points": str(question.points), **shown.entry()})
    total = sum((question.points for question in questions), Decimal(0))
    return PaperDraft({"questions": shown_questions}, layout, total)


@transaction.atomic
def freeze_papers(*, exam: Exam) -> int:
    """Freeze ``exam.variants`` paper codes and return the number of the set.

    When the last set still is what its seeds give today, that set is used again. Seeds are random, so nobody can
    work out a paper's order beforehand; the seed is stored, so that the order can be shown to be right afterwards.

    Raises:
        ExamEmptyError: the exam has no questions.
    """
    locked = Exam.objects.select_for_update().get(pk=exam.pk)
    questions = list(locked.questions.select_related("version").order_by("position"))
    if not questions:
        raise ExamEmptyError(_("The exam “%(title)s” has no questions yet.") % {"title": locked.title})
    last_number = (
        Paper.objects.filter(exam=locked).order_by("-edition_number").values_list("edition_number", flat=True).first()
        or 0
    )
    last = list(Paper.objects.filter(exam=locked, edition_number=last_number))
    if len(last) == locked.variants and all(_unchanged(locked, questions, paper) for paper in last):
        return last_number
    number = last_number + 1
    papers = []
    for index in range(locked.variants):
        seed = secrets.randbits(SEED_BITS)
        draft = build_paper(exam=locked, questions=questions, seed=seed)
        papers.append(
            Paper(
                exam=locked,
                edition_number=number,
                code=str(FIRST_CODE + index),
                seed=seed,
                content=draft.content,
                layout=draft.layout,
                max_score=draft.max_score,
                digest=digest(draft.content),
            )
        )
    Paper.objects.bulk_create(papers)
    return number


def _unchanged(exam: Exam, questions: Sequence[ExamQuestion], paper: Paper) -> bool:
    draft = build_paper(exam=exam, questions=questions, seed=paper.seed)
    return draft.layout == paper.layout and digest(draft.content) == paper.digest
