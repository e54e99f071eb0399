"""Sittings of a class's test, for tests."""

from __future__ import annotations

import datetime as dt
from typing import Any

from lms.common.clock import now
from lms.exams.models import Sitting
from lms.people.models import User
from tests.factories.learning import Study
from tests.factories.people import make_user
from tests.factories.quizzes import class_of, item_in


def make_sitting(study: Study, **fields: Any) -> Sitting:
    """A sitting of the study's test that began an hour ago and runs for two more; no code, no opening needed."""
    moment = now()
    item = study.items("exam")[0]
    return Sitting.objects.create(
        **{
            "exam": study.exam,
            "unit": study.unit,
            "training_class_id": study.training_class.pk,
            "item_id": item.pk,
            "room": "Phòng 2",
            "opens_at": moment - dt.timedelta(hours=1),
            "closes_at": moment + dt.timedelta(hours=2),
            **fields,
        }
    )


def make_plain_sitting(exam, **fields: Any) -> Sitting:
    """A sitting of an exam by a class that is there for it alone."""
    moment = now()
    training_class = class_of(exam)
    return Sitting.objects.create(
        **{
            "exam": exam,
            "unit": exam.unit,
            "training_class": training_class,
            "item": item_in(training_class.edition, exam),
            "room": "Phòng 1",
            "opens_at": moment - dt.timedelta(hours=1),
            "closes_at": moment + dt.timedelta(hours=2),
            **fields,
        }
    )


def make_invigilator(sitting: Sitting) -> User:
    user = make_user("Giám Thị")
    sitting.invigilators.add(user)
    return user
