"""Who may see and run which classes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db.models import Exists, OuterRef, Q

from lms.classes.enums import ClassState
from lms.people.access import overseen_paths, role_paths, within
from lms.people.enums import OFFICE_ROLES

if TYPE_CHECKING:
    from lms.classes.models import EnrolmentQuerySet, TrainingClassQuerySet


def _staff_of(user: Any, class_ref: str) -> Exists:
    staff = apps.get_model("classes", "ClassStaff")  # models stand above access, so no import
    return Exists(staff._default_manager.filter(training_class_id=OuterRef(class_ref), user=user))


def classes_visible_to(user: Any, queryset: TrainingClassQuerySet) -> TrainingClassQuerySet:
    """Classes of the units that ``user`` oversees, and those that ``user`` teaches."""
    if not getattr(user, "is_authenticated", False):
        return queryset.none()
    return queryset.filter(within(overseen_paths(user), "unit__path") | _staff_of(user, "pk"))


def classes_manageable_by(user: Any, queryset: TrainingClassQuerySet) -> TrainingClassQuerySet:
    """Classes that ``user`` runs: opens, enrols into, closes, recognises."""
    return queryset.filter(within(role_paths(user, OFFICE_ROLES), "unit__path"))


def enrolments_visible_to(user: Any, queryset: EnrolmentQuerySet) -> EnrolmentQuerySet:
    """Own enrolments (not in planned or cancelled classes), and those of visible classes."""
    if not getattr(user, "is_authenticated", False):
        return queryset.none()
    hidden = [ClassState.PLANNED, ClassState.CANCELLED]
    own = Q(learner=user) & ~Q(training_class__state__in=hidden)
    overseen = within(overseen_paths(user), "training_class__unit__path")
    return queryset.filter(own | overseen | _staff_of(user, "training_class_id"))


def people_in_classes(paths: list[str]) -> Q:
    """Learners and staff of classes under unit paths (registered with people's access)."""
    return within(paths, "enrolments__training_class__unit__path") | within(
        paths, "class_staff__training_class__unit__path"
    )
