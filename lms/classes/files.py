"""The policy of classes about files: see :mod:`media.access`."""

from __future__ import annotations

from typing import Any

from cms.queries import lessons_using
from lms.classes.models import Enrolment, TrainingClass


def file_of_a_class(user: Any, file: Any) -> bool:
    """Learners and staff of a class, and those who oversee it, may read the files of its lessons."""
    if not user.is_authenticated:
        return False
    lessons = lessons_using(file)
    if not lessons:
        return False
    return (
        Enrolment.objects.visible_to(user).filter(training_class__edition__items__lesson__in=lessons).exists()
        or TrainingClass.objects.visible_to(user).filter(edition__items__lesson__in=lessons).exists()
    )
