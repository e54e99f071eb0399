"""Shared parts of the pages of answer sheets."""

from __future__ import annotations

from django.http import Http404, HttpRequest

from lms.exams.queries import sheets
from lms.exams.queries.sheets import ClassExam


def find_class_exam(request: HttpRequest, class_id: int, item_id: int) -> ClassExam:
    """Return an exam of a class for which the person enters answers; else 404."""
    found = sheets.find_class_exam(request.user, class_id, item_id)
    if found is None:
        raise Http404
    return found
