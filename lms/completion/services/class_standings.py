"""Standings of a whole class, worked out again: at once, or for a very large class in parts behind the request."""

from __future__ import annotations

from django.db import transaction

from lms.classes.models import Enrolment, EnrolmentQuerySet, TrainingClass
from lms.completion.models import ClassRefresh
from lms.completion.services.standings import refresh_standings

AT_ONCE = 500  # a request works out so many; more are left to the task
_PART = 500


def refresh_class(*, training_class: TrainingClass) -> bool:
    """Work out again everyone in the class who has not completed, inside the caller's transaction.

    Returns whether it is done; if not, the task goes on with it once the transaction has committed.
    """
    ids = _left(training_class.pk)
    total = ids.count()
    if total <= AT_ONCE:
        ClassRefresh.objects.filter(training_class=training_class).delete()
        refresh_standings(enrolment_ids=ids.values_list("pk", flat=True))
        return True
    ClassRefresh.objects.update_or_create(
        training_class=training_class, defaults={"total": total, "done": 0, "cursor": 0}
    )
    return False


def refresh_next_part(*, class_id: int) -> bool:
    """Work out the next part of a class; return whether anything is left. Of two workers at once one waits."""
    with transaction.atomic():
        row = ClassRefresh.objects.select_for_update().filter(pk=class_id).first()
        if row is None:
            return False
        ids = list(_left(class_id).filter(pk__gt=row.cursor).order_by("pk").values_list("pk", flat=True)[:_PART])
        refresh_standings(enrolment_ids=ids)
        if len(ids) < _PART:
            row.delete()
            return False
        row.done, row.cursor = row.done + len(ids), ids[-1]
        row.save(update_fields=["done", "cursor"])
    return True


def waiting_classes() -> list[int]:
    """Return the classes that are not worked out to their end."""
    return list(ClassRefresh.objects.order_by("pk").values_list("pk", flat=True))


def _left(class_id: int) -> EnrolmentQuerySet:
    return Enrolment.objects.filter(training_class=class_id, completed_at__isnull=True).active()
