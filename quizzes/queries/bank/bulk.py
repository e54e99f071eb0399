"""Questions that a person may change in bulk."""

from __future__ import annotations

from typing import Any

from quizzes.models import Item, ItemBank
from quizzes.models.bank import ItemQuerySet


def touchable(user: Any, verb: str) -> ItemQuerySet:
    """Return the questions for which the person may do ``verb`` at all; states are the services' matter.

    Args:
        verb: "describe", "submit" (authors, for their own), else what the keepers of a bank do.
    """
    if verb in {"describe", "submit"}:
        return Item.objects.editable_by(user)
    kept = ItemBank.objects.manageable_by(user).values("pk")
    return Item.objects.visible_to(user).filter(bank__in=kept)
