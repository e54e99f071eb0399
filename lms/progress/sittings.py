"""Sittings seen from the class that sits them: whose they are, what is shown of them."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from lms.classes.models import ClassStaff


def class_staff_scope(user: Any) -> Q:
    """Sittings of the classes that ``user`` teaches or runs (registered with the exams' policy)."""
    return Q(group_id__in=ClassStaff.objects.filter(user_id=user.pk).values("training_class_id"))
