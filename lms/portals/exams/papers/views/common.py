"""Fetching with the check of access, for the pages of exams."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from quizzes.access import BANK_MANAGERS, PAPER_MAKERS
from quizzes.models import Exam, Paper

PAPER_ROLES = PAPER_MAKERS | BANK_MANAGERS


def find_exam_to_edit(request: HttpRequest, exam_id: int) -> Exam:
    """Return an exam whose papers the person makes: papers are secret to everybody else."""
    exams = Exam.objects.editable_by(request.user).select_related("unit", "blueprint__current")
    return get_object_or_404(exams, pk=exam_id)


def find_set(exam: Exam, number: int) -> list[Paper]:
    """Return the papers of a set in the order of their codes, or raise 404."""
    papers = list(exam.papers.filter(set_number=number).order_by("pk"))
    if not papers:
        raise Http404
    return papers


def exam_context(exam: Exam, tab: str, **more: Any) -> dict[str, Any]:
    """Return what every page of an exam needs."""
    return {"exam": exam, "tab": tab, **more}
