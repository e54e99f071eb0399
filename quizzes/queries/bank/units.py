"""For which units a person may make a bank."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from lms.people.models import Unit
from quizzes.access import units_to_keep_banks_in


def units_for_banks(user: Any) -> QuerySet[Unit]:
    """Return the units in force for which ``user`` may make a bank, in the order of the tree.

    Only units that hold classes: the country has thousands of communes, whose questions stand at their centre.
    """
    return Unit.objects.current().holding_classes().filter(units_to_keep_banks_in(user)).order_by("path")
