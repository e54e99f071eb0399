"""Marking seen from the class: whose answers wait, and who may be asked to mark them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from lms.classes.enums import ClassState
from lms.classes.models import ClassStaff, TrainingClass
from lms.exams.access import MARKING_ROLES
from lms.exams.enums import AttemptState
from lms.exams.models import Attempt, MarkingSession
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


def classes_to_mark(user: Any) -> QuerySet[TrainingClass]:
    """Return the classes for whose exams ``user`` gives out marking."""
    mine = within(role_paths(user, MARKING_ROLES), "unit__path")
    return TrainingClass.objects.filter(mine, state__in=_STATES).select_related("unit", "edition")


def to_give_out(user: Any) -> list[ToGiveOut]:
    """Return the exams of ``user``'s classes with answers that wait and no session yet, the class begun last first."""
    classes = classes_to_mark(user)
    sessions = MarkingSession.objects.filter(
        exam_id=OuterRef("exam_id"),
        item_id=OuterRef("item_id"),
        training_class_id=OuterRef("enrolment__training_class_id"),
    )
    counts: dict[tuple[int, int], int] = {
        (class_id, item_id): waiting
        for class_id, item_id, waiting in Attempt.objects.filter(
            ~Exists(sessions),
            state=AttemptState.SUBMITTED,
            marking=True,
            enrolment__training_class__in=classes.order_by().values("pk"),
        )
        .order_by()
        .values("enrolment__training_class_id", "item_id")
        .annotate(waiting=Count("pk"))
        .values_list("enrolment__training_class_id", "item_id", "waiting")
    }
    found = classes.in_bulk({class_id for class_id, _item in counts})
    items = EditionItem.objects.select_related("exam").in_bulk({item_id for _class, item_id in counts})
    rows = [ToGiveOut(found[class_id], items[item_id], number) for (class_id, item_id), number in counts.items()]
    return sorted(rows, key=lambda one: (one.training_class.starts_on, one.item.pk), reverse=True)


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
