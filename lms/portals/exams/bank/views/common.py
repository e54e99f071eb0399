"""Fetching with the check of access, for the pages of the banks."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from quizzes.models import Item, ItemBank
from quizzes.queries.bank.search import one_item

ITEMS, TOPICS, DUPLICATES, SETTINGS = "items", "topics", "duplicates", "settings"


def find_bank(request: HttpRequest, bank_id: int) -> ItemBank:
    """Return a bank that the person may see."""
    return get_object_or_404(ItemBank.objects.visible_to(request.user).select_related("unit"), pk=bank_id)


def find_bank_to_edit(request: HttpRequest, bank_id: int) -> ItemBank:
    """Return a bank for which the person may write questions."""
    return get_object_or_404(ItemBank.objects.editable_by(request.user).select_related("unit"), pk=bank_id)


def find_bank_to_manage(request: HttpRequest, bank_id: int) -> ItemBank:
    """Return a bank that the person keeps."""
    return get_object_or_404(ItemBank.objects.manageable_by(request.user).select_related("unit"), pk=bank_id)


def find_item(request: HttpRequest, item_id: int) -> Item:
    """Return a question that the person may see, with what its page needs."""
    return get_object_or_404(one_item(Item.objects.visible_to(request.user)), pk=item_id)


def find_item_to_edit(request: HttpRequest, item_id: int) -> Item:
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
