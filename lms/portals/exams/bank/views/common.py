"""Fetching with the check of access, for the pages of the banks."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from lms.common.errors import DomainError
from lms.people.access import has_role
from quizzes.access import BANK_ROLES
from quizzes.models import Item, ItemBank
from quizzes.queries.bank.search import one_item

ITEMS, TOPICS, DUPLICATES, SETTINGS = "items", "topics", "duplicates", "settings"


def check_works_here(request: HttpRequest) -> None:
    """Raise ``Http404`` for people who have nothing to do with questions."""
    if not has_role(request.user, BANK_ROLES):
        raise Http404


def seen_bank(request: HttpRequest, bank_id: int) -> ItemBank:
    """Return a bank that the person may see."""
    return get_object_or_404(ItemBank.objects.visible_to(request.user).select_related("unit"), pk=bank_id)


def written_bank(request: HttpRequest, bank_id: int) -> ItemBank:
    """Return a bank for which the person may write questions."""
    return get_object_or_404(ItemBank.objects.editable_by(request.user).select_related("unit"), pk=bank_id)


def kept_bank(request: HttpRequest, bank_id: int) -> ItemBank:
    """Return a bank that the person keeps."""
    return get_object_or_404(ItemBank.objects.manageable_by(request.user).select_related("unit"), pk=bank_id)


def seen_item(request: HttpRequest, item_id: int) -> Item:
    """Return a question that the person may see, with what its page needs."""
    return get_object_or_404(one_item(Item.objects.visible_to(request.user)), pk=item_id)


def edited_item(request: HttpRequest, item_id: int) -> Item:
    """Return a question that the person may change."""
    return get_object_or_404(one_item(Item.objects.editable_by(request.user)), pk=item_id)


def bank_frame(request: HttpRequest, bank: ItemBank, tab: str) -> dict[str, Any]:
    """Return what the frame around a bank's pages needs."""
    return {
        "bank": bank,
        "tab": tab,
        "may_write": ItemBank.objects.editable_by(request.user).filter(pk=bank.pk).exists(),
        "may_keep": ItemBank.objects.manageable_by(request.user).filter(pk=bank.pk).exists(),
    }


def take_errors(form: forms.Form, error: DomainError) -> None:
    """Put what a service said at the fields it named, otherwise above the form."""
    placed = False
    for name, texts in error.fields.items():
        if name in form.fields:
            placed = True
            for text in texts:
                form.add_error(name, text)
    if not placed:
        form.add_error(None, str(error))
