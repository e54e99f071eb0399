"""The tests of a class, for those who set up sittings and decide about attempts."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from lms.classes.enums import ClassState
from lms.classes.models import ClassStaff, TrainingClass
from lms.exams.access import SITTING_ROLES
from lms.exams.models import Attempt, Sitting
from lms.people.access import role_paths, within
from lms.people.models import User
from lms.programmes.enums import ItemKind
from lms.programmes.models import EditionItem


def classes_to_sit(user: Any) -> QuerySet[TrainingClass]:
    """Classes for which ``user`` may set up sittings: of the units where one runs exams, and those one teaches."""
    staffed = ClassStaff.objects.filter(user_id=user.pk).values("training_class_id")
    mine = within(role_paths(user, SITTING_ROLES), "unit__path") | Q(pk__in=staffed)
    return TrainingClass.objects.filter(mine, state=ClassState.OPEN).select_related("edition", "unit")


def possible_invigilators(*, unit_id: int, class_id: int) -> QuerySet[User]:
    """People who may be named invigilators of a class: those of its unit and its staff, by name."""
    here = Q(memberships__unit_id=unit_id) | Q(class_staff__training_class_id=class_id)
    return User.objects.filter(here).distinct().order_by("sort_key")


def tests_of(training_class: TrainingClass) -> QuerySet[EditionItem]:
    """The tests that the class sits, in their order."""
    items = EditionItem.objects.filter(edition_id=training_class.edition_id, kind=ItemKind.EXAM, exam__isnull=False)
    return items.select_related("exam").order_by("position")


def attempts_of_test(training_class: TrainingClass, item: EditionItem) -> QuerySet[Attempt]:
    """The attempts of the class's learners at one of its tests."""
    return Attempt.objects.filter(
        exam_id=item.exam_id or 0, item_id=item.pk, enrolment__training_class_id=training_class.pk
    )


def attempts_shown_on(sitting: Sitting) -> QuerySet[Attempt]:
    """The attempts that stand on the board of ``sitting``: made in it, or by its class before there was a sitting."""
    before = Q(
        sitting__isnull=True,
        exam_id=sitting.exam_id,
        item_id=sitting.item_id,
        enrolment__training_class_id=sitting.training_class_id,
    )
    return Attempt.objects.filter(Q(sitting=sitting) | before)
