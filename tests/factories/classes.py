"""Training classes and enrolments for tests."""

from __future__ import annotations

import datetime as dt
import itertools
from collections import Counter
from typing import Any

from lms.classes.enums import ClassState, EnrolmentStatus, StaffRole
from lms.classes.models import ClassSession, ClassStaff, ClassTally, Enrolment, TrainingClass
from lms.classes.services.tallies import move
from lms.classes.signals import tally_moved
from lms.common.clock import now, today
from tests.factories.people import make_unit, make_user
from tests.factories.programmes import make_edition

_numbers = itertools.count(1)


def make_class(unit=None, edition=None, *, lecturers=(), homeroom=None, **fields: Any) -> TrainingClass:
    """An open class that began yesterday; rows only, without the service's record."""
    unit = unit or make_unit()
    starts_on = fields.pop("starts_on", today() - dt.timedelta(days=1))
    fields = {
        "name": f"Lớp {next(_numbers)}",
        "state": ClassState.OPEN,
        "starts_on": starts_on,
        "ends_on": starts_on + dt.timedelta(days=10),
        "year": starts_on.year,
        **fields,
    }
    edition = edition or make_edition(unit=unit)
    training_class = TrainingClass.objects.create(unit=unit, edition=edition, **fields)
    for lecturer in lecturers:
        ClassStaff.objects.create(training_class=training_class, user=lecturer, role=StaffRole.LECTURER)
    if homeroom:
        ClassStaff.objects.create(training_class=training_class, user=homeroom, role=StaffRole.HOMEROOM)
    tally_moved.send(sender=TrainingClass, class_id=training_class.pk)  # as the service does
    return training_class


def make_enrolment(training_class=None, learner=None, **fields: Any) -> Enrolment:
    """An enrolment counted in its class's tally."""
    training_class = training_class or make_class()
    learner = learner or make_user(unit=training_class.unit)
    if fields.get("status") == EnrolmentStatus.COMPLETED:
        fields.setdefault("completed_at", now())
    enrolment = Enrolment.objects.create(training_class=training_class, learner=learner, **fields)
    move(enrolment, Counter())
    return enrolment


def make_session(training_class, item=None, **fields: Any) -> ClassSession:
    """A session of four periods, on the morning of the first day."""
    starts_at = fields.pop("starts_at", now().replace(microsecond=0))
    fields = {"title": "Buổi học", "ends_at": starts_at + dt.timedelta(hours=3), "periods": 4, **fields}
    return ClassSession.objects.create(training_class=training_class, item=item, starts_at=starts_at, **fields)


def tally_of(training_class) -> dict[str, int]:
    """The class's recorded figures, summed over the slots, those that are not zero."""
    fields = [field.name for field in ClassTally._meta.fields if field.name not in ("pk", "training_class", "slot")]
    sums = dict.fromkeys(fields, 0)
    for row in ClassTally.objects.filter(training_class=training_class).values(*fields):
        for field in fields:
            sums[field] += row[field]
    return {field: figure for field, figure in sums.items() if figure}
