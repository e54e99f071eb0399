"""Access to classes: seeing and running them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db.models import Exists, OuterRef, Q

from lms.classes.enums import ClassState
from lms.people.access import ROOT_LENGTH, has_role, overseen_paths, role_paths, within
from lms.people.enums import MANAGER_ROLES, OFFICE_ROLES, Role

if TYPE_CHECKING:
    from lms.classes.models import (
        AnnualPlan,
        AnnualPlanQuerySet,
        EnrolmentQuerySet,
        EnrolmentRequestQuerySet,
        TrainingClassQuerySet,
    )
    from lms.people.models import Unit


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


def enrolments_gradable_by(user: Any, queryset: EnrolmentQuerySet) -> EnrolmentQuerySet:
    """Enrolments whose marks ``user`` enters and corrects: of classes that ``user`` teaches or runs, never the own."""
    if not getattr(user, "is_authenticated", False):
        return queryset.none()
    run = within(role_paths(user, OFFICE_ROLES), "training_class__unit__path")
    return queryset.filter(run | _staff_of(user, "training_class_id")).exclude(learner_id=user.pk)


def people_in_classes(paths: list[str]) -> Q:
    """Learners, without the withdrawn, and staff of classes under unit paths (registered with people's access)."""
    own = within(paths, "training_class__unit__path")
    learners = apps.get_model("classes", "Enrolment")._default_manager.active().filter(own)
    staff = apps.get_model("classes", "ClassStaff")._default_manager.filter(own)
    return Q(pk__in=learners.order_by().values("learner_id")) | Q(pk__in=staff.order_by().values("user_id"))


def requests_answerable_by(user: Any, queryset: EnrolmentRequestQuerySet) -> EnrolmentRequestQuerySet:
    """Open requests about ``user``, and about the people of the units that ``user`` runs."""
    if not getattr(user, "is_authenticated", False):
        return queryset.none()
    return queryset.open().filter(_asked_of(user))


def requests_sent_by(user: Any, queryset: EnrolmentRequestQuerySet) -> EnrolmentRequestQuerySet:
    """Requests of the classes that ``user`` runs, whatever became of them."""
    return queryset.filter(within(role_paths(user, OFFICE_ROLES), "training_class__unit__path"))


def requests_asked_of(user: Any, queryset: EnrolmentRequestQuerySet) -> EnrolmentRequestQuerySet:
    """Requests about the people of the units that ``user`` runs, whatever became of them."""
    people = apps.get_model("people", "User")._default_manager.run_by(user)
    return queryset.filter(learner__in=people.order_by().values("pk"))


def requests_visible_to(user: Any, queryset: EnrolmentRequestQuerySet) -> EnrolmentRequestQuerySet:
    """Requests about ``user`` and the people whom ``user`` runs, and those of the classes that ``user`` runs."""
    if not getattr(user, "is_authenticated", False):
        return queryset.none()
    sent = within(role_paths(user, OFFICE_ROLES), "training_class__unit__path")
    return queryset.filter(_asked_of(user) | sent)


def _asked_of(user: Any) -> Q:
    condition = Q(learner=user)
    if has_role(user, OFFICE_ROLES):
        people = apps.get_model("people", "User")._default_manager.run_by(user)
        condition |= Q(learner__in=people.order_by().values("pk"))
    return condition


def plans_visible_to(user: Any, queryset: AnnualPlanQuerySet) -> AnnualPlanQuerySet:
    """Plans of the units that ``user`` oversees."""
    return queryset.filter(within(overseen_paths(user), "unit__path"))


def may_plan(user: Any, unit: Unit) -> bool:
    """Whether ``user`` draws up the plan of ``unit``: its office, or an office above."""
    return any(unit.path.startswith(path) for path in role_paths(user, OFFICE_ROLES))


def may_decide_plan(user: Any, plan: AnnualPlan) -> bool:
    """Whether ``user`` approves or returns the plan: a manager above the unit; of a root, its own manager."""
    paths = role_paths(user, MANAGER_ROLES | {Role.ADMINISTRATOR})
    own = plan.unit.path
    return any(own.startswith(path) and (path != own or len(own) <= ROOT_LENGTH) for path in paths)
