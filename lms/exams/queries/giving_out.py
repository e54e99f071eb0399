"""Marking seen from the class: whose answers wait, and who may be asked to mark them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from lms.classes.enums import ClassState
from lms.classes.models import ClassStaff, Enrolment, TrainingClass
from lms.exams.access import MARKING_ROLES
from lms.exams.enums import AttemptState
from lms.exams.models import Attempt, MarkingSession
from lms.exams.services.marking.sessions import Group
from lms.people.access import role_paths, within
from lms.people.enums import Role
from lms.people.models import Membership, User
from lms.programmes.models import EditionItem

# Who of a unit may be asked to mark besides the staff of the class.
MARKER_ROLES = frozenset(
    {Role.LECTURER, Role.EDITOR, Role.AUTHOR, Role.EXAM_OFFICER, Role.CENTRE_MANAGER, Role.PROVINCIAL_MANAGER}
)
_STATES = (ClassState.OPEN, ClassState.CLOSED)


@dataclass(frozen=True, slots=True)
class ToGiveOut:
    """An exam of a class whose answers wait while nobody was asked to mark them."""

    training_class: TrainingClass
    item: EditionItem
    waiting: int


def enrolments_of(group_id: Any) -> QuerySet[Enrolment, Any]:
    """Return the enrolments of a class as a query of ids (registered with the exams' policy)."""
    return Enrolment.objects.filter(training_class_id=group_id).order_by().values("pk")


def classes_to_mark(user: Any) -> QuerySet[TrainingClass]:
    """Return the classes for whose exams ``user`` gives out marking."""
    mine = within(role_paths(user, MARKING_ROLES), "unit__path")
    return TrainingClass.objects.filter(mine, state__in=_STATES).select_related("unit", "edition")


def to_give_out(user: Any) -> list[ToGiveOut]:
    """Return the exams of ``user``'s classes with answers that wait and no session yet, the class begun last first."""
    classes = classes_to_mark(user)
    enrolled = Enrolment.objects.filter(training_class__in=classes)
    sessions = MarkingSession.objects.filter(
        item_id=OuterRef("context_item_id"), exam_id=OuterRef("exam_id"), group_id=OuterRef("group")
    )
    group = enrolled.filter(pk=OuterRef("context_id")).values("training_class_id")[:1]
    waiting = (
        Attempt.objects.filter(
            state=AttemptState.SUBMITTED, marking=True, context_id__in=enrolled.order_by().values("pk")
        )
        .annotate(group=group)
        .filter(~Exists(sessions))
        .order_by()
        .values_list("group", "context_item_id")
    )
    counts = Counter(waiting)
    found = classes.in_bulk({class_id for class_id, _item in counts})
    items = EditionItem.objects.select_related("exam").in_bulk({item_id for _class, item_id in counts})
    rows = [
        ToGiveOut(found[class_id], items[item_id], number)
        for (class_id, item_id), number in counts.items()
        if class_id in found and item_id in items
    ]
    return sorted(rows, key=lambda one: (one.training_class.starts_on, one.item.pk), reverse=True)


def group_of(training_class: TrainingClass, item: EditionItem) -> Group:
    """Return a class and an item as exams know them."""
    return Group(training_class.unit_id, training_class.pk, item.pk, training_class.name)


def possible_markers(*, class_id: int, unit_id: int) -> QuerySet[User]:
    """Return who may be asked to mark: the staff of the class and who teaches or examines at its unit."""
    staff = ClassStaff.objects.filter(training_class_id=class_id).values("user_id")
    members = Membership.objects.current().filter(unit_id=unit_id, role__in=MARKER_ROLES).values("user_id")
    people = User.objects.filter(Q(pk__in=staff) | Q(pk__in=members), is_active=True)
    return people.order_by("sort_key", "pk")


def staff_of_class(class_id: int) -> list[int]:
    """Return who teaches the class: the markers that are proposed."""
    return sorted(set(ClassStaff.objects.filter(training_class_id=class_id).values_list("user_id", flat=True)))


def essay_items(training_class: TrainingClass) -> QuerySet[EditionItem]:
    """Return the exams of the class whose questions include an essay."""
    asks = Q(exam__questions__version__kind="essay") | Q(exam__attempts__marking=True)
    items = EditionItem.objects.filter(edition_id=training_class.edition_id, kind="exam").filter(asks)
    return items.select_related("exam").distinct().order_by("position")
