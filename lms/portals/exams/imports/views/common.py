"""Fetching with the check of access, for the pages of question files."""

from __future__ import annotations

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from quizzes.models import ImportedQuestion, QuestionImport


def find_import(request: HttpRequest, import_id: int) -> QuestionImport:
    """Return a file that the person may decide about."""
    found = QuestionImport.objects.visible_to(request.user).select_related("bank__unit", "created_by")
    return get_object_or_404(found, pk=import_id)


def find_question(request: HttpRequest, import_id: int, row_id: int) -> ImportedQuestion:
    """Return one question of such a file."""
    batch = find_import(request, import_id)
    return get_object_or_404(batch.questions.select_related("batch__bank"), pk=row_id)
