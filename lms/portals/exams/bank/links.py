"""Where lower layers send people that they tell about a question."""

from __future__ import annotations

from django.urls import reverse

from quizzes.models import Item


def item_page(item: Item) -> str:
    """Return the address of a question's page."""
    return reverse("exams:item", args=[item.pk])
