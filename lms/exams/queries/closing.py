"""The end of an exam for a class."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Exists, FilteredRelation, OuterRef, Q, QuerySet
from django.utils import timezone

from lms.classes.models import Enrolment
from lms.common.clock import now
from lms.common.prepared import prepared
from lms.exams.models import Allowance, Attempt, Sitting


def is_over(attempt: Attempt) -> bool:
    """Whether nobody of the class sits the attempt's item any more, so that the key may be shown.

    The time of the class (or of all its sittings) has passed, everybody's own time has too, and nobody is still at
    work: who came late, was given more time or was let in again may work on after the others' time.
    """
    moment = now()
    if attempt.sitting is not None:
        # other rooms and shifts of the same class may still be sitting it
        class_id = attempt.sitting.training_class_id
        shifts = Sitting.objects.filter(training_class_id=class_id, item_id=attempt.sitting.item_id)
        if shifts.filter(closes_at__gt=moment).exists():
            return False
    else:
        found = _last_days.first(enrolment=attempt.enrolment_id, item=attempt.item_id)
        if found is None:
            return False
        class_id, due_at, ends_on = found
        if moment < (due_at or midnight(ends_on + dt.timedelta(days=1))):
            return False
    return not _someone_sits.first(training_class=class_id, item=attempt.item_id, moment=moment)


@prepared
def _last_days(enrolment: Any, item: Any) -> QuerySet[Enrolment, tuple[int, dt.datetime | None, dt.date]]:
    return (
        Enrolment.objects.filter(pk=enrolment)
        .annotate(dates=FilteredRelation("training_class__items", condition=Q(training_class__items__item_id=item)))
        .values_list("training_class_id", "dates__due_at", "training_class__ends_on")
    )


@prepared
def _someone_sits(training_class: Any, item: Any, moment: Any) -> QuerySet[Enrolment, tuple[int]]:
    """An enrolment of the class that is at work on the item, or may still begin in a time of its own."""
    mine = {"enrolment_id": OuterRef("pk"), "item_id": item}
    at_work = Attempt.objects.open().filter(**mine, deadline__gt=moment)
    own_time = Allowance.objects.filter(**mine, closes_at__gt=moment)
    late = Enrolment.objects.active().filter(Exists(at_work) | Exists(own_time), training_class_id=training_class)
    return late.order_by().values_list("pk")[:1]


def midnight(day: dt.date) -> dt.datetime:
    """Return the beginning of a day here."""
    return timezone.make_aware(dt.datetime.combine(day, dt.time.min))
