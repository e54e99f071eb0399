"""Fetching with the check of access, for the pages of exams."""

from __future__ import annotations

from typing import Any, cast

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from lms.people.access import has_role
from lms.people.models import User
from quizzes.access import BANK_MANAGERS, PAPER_MAKERS
from quizzes.models import Exam, Paper

PAPER_ROLES = PAPER_MAKERS | BANK_MANAGERS


def check_makes_papers(request: HttpRequest) -> None:
    """Raise ``Http404`` for people who make no papers anywhere."""
    if not has_role(request.user, PAPER_ROLES):
        raise Http404


def edited_exam(request: HttpRequest, exam_id: int) -> Exam:
    """Return an exam whose papers the person makes: papers are secret to everybody else."""
    exams = Exam.objects.editable_by(request.user).select_related("unit", "blueprint__current")
    return get_object_or_404(exams, pk=exam_id)


def actor_of(request: HttpRequest) -> User:
    """Return the signed-in person."""
    return cast("User", request.user)


def set_of(exam: Exam, number: int) -> list[Paper]:
    """Return the papers of a set in the order of their codes, or raise 404."""
    papers = list(exam.papers.filter(edition_number=number).order_by("pk"))
    if not papers:
        raise Http404
    return papers


def exam_context(exam: Exam, tab: str, **more: Any) -> dict[str, Any]:
    """Return what every page of an exam needs."""
    return {"exam": exam, "tab": tab, **more}
