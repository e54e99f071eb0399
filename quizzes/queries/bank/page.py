"""Data of a question's page beside its text."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection

from django.contrib.auth import get_user_model
from django.db.models import Q, QuerySet

from lms.people.models import User
from quizzes.enums import Level
from quizzes.models import Item, ItemEnemy, ItemStateChange, ItemVersion


def shown_version(item: Item, *, at_home: bool) -> ItemVersion | None:
    """Return the newest version at home; people of other units see the approved one."""
    return item.current if at_home else item.approved_version


def description_words(item: Item) -> dict[str, str]:
    """Return what is said about a question beside its text, by field of its form."""
    return {
        "topic": str(item.topic or "—"),
        "level": str(Level(item.level).label),
        "outcome": item.outcome,
        "tags": ", ".join(sorted((tag.name for tag in item.tags.all()), key=str.casefold)),
        "language": item.language,
        "code": item.code,
    }


def description_mark(item: Item) -> str:
    """Return a short mark that changes with :func:`description_words`."""
    words = [item.topic_id, item.level, *list(description_words(item).values())[2:]]
    return hashlib.sha256(json.dumps(words).encode()).hexdigest()[:16]


def versions_of(item: Item) -> list[ItemVersion]:
    """Return all versions, the newest first."""
    return list(ItemVersion.objects.filter(item=item).select_related("author").order_by("-number"))


def history(item: Item) -> list[ItemStateChange]:
    """Return the changes of state, the newest first."""
    return list(ItemStateChange.objects.filter(item=item).select_related("by", "version"))


def enemies_of(item: Item) -> list[tuple[Item, str]]:
    """Return the questions that must not meet this one in a paper, with the reason."""
    pairs = (
        ItemEnemy.objects.filter(Q(item_low=item) | Q(item_high=item))
        .select_related("item_low__text", "item_high__text")
        .order_by("pk")
    )
    return [(pair.item_high if pair.item_low_id == item.pk else pair.item_low, pair.reason) for pair in pairs]


def people_of(bank_ids: Collection[int]) -> QuerySet[User]:
    """Return the authors of these banks' questions, by name."""
    authors = Item.objects.filter(bank_id__in=bank_ids).order_by().values("author_id").distinct()
    return get_user_model()._default_manager.filter(pk__in=authors).order_by("sort_key", "pk")
