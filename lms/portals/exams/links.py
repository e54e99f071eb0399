"""Addresses that lower apps put into notices."""

from __future__ import annotations

from django.urls import reverse

from lms.exams.models import MarkingSession, Sitting
from quizzes.models import Item, QuestionImport


def item_page(item: Item) -> str:
    """Return the address of a question's page."""
    return reverse("exams:item", args=[item.pk])


def sitting_page(sitting: Sitting) -> str:
    """Return the address of a sitting's board."""
    return reverse("exams:sitting", args=[sitting.pk])


def marking_page(_session: MarkingSession) -> str:
    """Return the address where markers find what is given to them."""
    return reverse("exams:marking")


def question_file_page(batch: QuestionImport) -> str:
    """Return the address of a question file."""
    return reverse("exams:import", args=[batch.pk])
