"""Fetching with the check of access, for the pages of question files."""

from __future__ import annotations

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from lms.people.access import has_role
from quizzes.access import BANK_ROLES
from quizzes.models import ImportedQuestion, ItemBank, QuestionImport


def check_writes(request: HttpRequest) -> None:
    """Raise ``Http404`` for people who have nothing to do with questions."""
    if not has_role(request.user, BANK_ROLES):
        raise Http404


def writable_bank(request: HttpRequest, bank_id: int) -> ItemBank:
    """Return a bank that the person may write questions for."""
    return get_object_or_404(ItemBank.objects.editable_by(request.user).select_related("unit"), pk=bank_id)


def own_import(request: HttpRequest, import_id: int) -> QuestionImport:
    """Return a file that the person may decide about."""
    found = QuestionImport.objects.visible_to(request.user).select_related("bank__unit", "created_by")
    return get_object_or_404(found, pk=import_id)


def own_question(request: HttpRequest, import_id: int, row_id: int) -> ImportedQuestion:
    """Return one question of such a file."""
    batch = own_import(request, import_id)
    return get_object_or_404(batch.questions.select_related("batch__bank"), pk=row_id)
