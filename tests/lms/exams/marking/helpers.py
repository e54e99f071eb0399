"""What the tests of marking share."""

from __future__ import annotations

from lms.exams.models import Marking
from tests.factories.marking import make_essay_exam, make_written

FULL = ("5", "3", "2")


def written(number, **fields):
    exam = make_essay_exam(**fields)
    return exam, [make_written(exam, context) for context in range(1, number + 1)]


def markings_of(person):
    return list(Marking.objects.visible_to(person).select_related("script__version", "script__session").order_by("pk"))


def fresh(row):
    return type(row).objects.get(pk=row.pk)
