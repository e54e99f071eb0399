"""The units for which a person makes blueprints and exams."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from lms.people.models import Unit
from quizzes.access import units_of_paper_makers, units_of_writers


def units_for_blueprints(user: Any) -> QuerySet[Unit]:
    """Return the units whose blueprints ``user`` may write, in the order of the tree."""
    return units_of_writers(user, Unit.objects.all()).order_by("path")


def units_for_exams(user: Any) -> QuerySet[Unit]:
    """Return the units whose exams ``user`` may make, in the order of the tree."""
    return units_of_paper_makers(user, Unit.objects.all()).order_by("path")
