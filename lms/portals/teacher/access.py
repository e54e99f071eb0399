"""Access to the portal: the staff of a class and those who oversee its unit; and who of them may act in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypedDict

from django.db.models import Exists, OuterRef, QuerySet

from lms.classes.models import ClassStaff, TrainingClass
from lms.people.access import acts_on, has_role, memberships_of
from lms.people.enums import CONTENT_ROLES, OFFICE_ROLES

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations


class Staffed(TypedDict):
    """Columns that :func:`visible_classes` adds to a class."""

    is_staff: bool


def visible_classes(user: Any) -> QuerySet[WithAnnotations[TrainingClass, Staffed]]:
    """Classes that ``user`` teaches or oversees, each with ``is_staff`` (teaches it), edition and unit."""
    own = ClassStaff.objects.filter(training_class_id=OuterRef("pk"), user_id=user.pk)
    return TrainingClass.objects.visible_to(user).annotate(is_staff=Exists(own)).select_related("edition", "unit")


def may_act(user: Any, training_class: TrainingClass) -> bool:
    """Whether ``user`` may take attendance in the class and write to its learners: its staff and its office.

    The class must come from :func:`visible_classes`.
    """
    return bool(training_class.is_staff) or acts_on(user, training_class.unit, OFFICE_ROLES)  # type: ignore[attr-defined]


def is_teacher(user: Any) -> bool:
    """Whether ``user`` has something to do here: writes lessons, or is on the staff of a class."""
    if has_role(user, CONTENT_ROLES):
        return True
    # Learners hold no role and meet the menu on every page: only for others is it worth a query.
    return bool(memberships_of(user)) and ClassStaff.objects.filter(user=user).exists()
