"""Access to sittings, answer sheets and marking: by the unit that runs an exam, by the class, by name.

Learners reach their own attempts only; staff reach them through the class that they are in charge of.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db.models import Exists, OuterRef, Q

from lms.classes.models import ClassStaff, TrainingClass
from lms.people.access import role_paths, within
from lms.people.enums import MANAGER_ROLES, OFFICE_ROLES, Role
from lms.programmes.models import EditionItem
from quizzes.access import key_open

if TYPE_CHECKING:
    from lms.exams.models.marking import MarkingQuerySet, MarkingSessionQuerySet, ScriptQuerySet
    from lms.exams.models.sittings import SittingQuerySet


# Who runs sittings at a unit and below: exam officers and the office. Lecturers see those of their classes.
SITTING_ROLES = OFFICE_ROLES | {Role.EXAM_OFFICER}


# Who finds invigilation in the menu.
INVIGILATION_ROLES = SITTING_ROLES | {Role.LECTURER}


def sittings_visible_to(user: Any, queryset: SittingQuerySet) -> SittingQuerySet:
    """Sittings at units where ``user`` runs exams, those that ``user`` invigilates, and those of ``user``'s classes."""
    if not getattr(user, "is_authenticated", False):
        return queryset.none()
    mine = queryset.model.invigilators.through._default_manager.filter(user_id=user.pk).values("sitting_id")
    condition = within(role_paths(user, SITTING_ROLES), "unit__path") | Q(pk__in=mine)
    return queryset.filter(condition | _of_own_classes(user))


# Who enters answers from paper, for the classes of the unit.
SHEET_ROLES = OFFICE_ROLES | {Role.EXAM_OFFICER}


# Who gives out marking, settles and releases, for the classes of the unit and below.
MARKING_ROLES = MANAGER_ROLES | {Role.EXAM_OFFICER, Role.ADMINISTRATOR}


# Who finds marking in the menu.
MARKERS = MARKING_ROLES | {Role.LECTURER}


def marking_sessions_run_by(user: Any, queryset: MarkingSessionQuerySet) -> MarkingSessionQuerySet:
    """Sessions of the classes whose exams ``user`` runs."""
    return queryset.filter(within(role_paths(user, MARKING_ROLES), "unit__path"))


def marking_sessions_visible_to(user: Any, queryset: MarkingSessionQuerySet) -> MarkingSessionQuerySet:
    """Sessions that ``user`` runs, and those in which ``user`` marks."""
    if not getattr(user, "is_authenticated", False):
        return queryset.none()
    markers = apps.get_model("exams", "SessionMarker")._default_manager  # models stand above access, so no import
    mine = markers.filter(user_id=user.pk, active=True).values("session_id")
    return queryset.filter(within(role_paths(user, MARKING_ROLES), "unit__path") | Q(pk__in=mine))


def markings_visible_to(user: Any, queryset: MarkingQuerySet) -> MarkingQuerySet:
    """A marker's own markings. Those who run the session see marks, not other people's pages of work."""
    if not getattr(user, "is_authenticated", False):
        return queryset.none()
    markers = apps.get_model("exams", "SessionMarker")._default_manager
    sessions = markers.filter(user_id=user.pk, active=True).values("session_id")
    return (
        queryset.filter(marker_id=user.pk, script__session_id__in=sessions)
        .filter(key_open(user, "script__version__item"))
        .exclude(script__attempt__user_id=user.pk)
    )


def scripts_settled_by(user: Any, queryset: ScriptQuerySet) -> ScriptQuerySet:
    """Answers of the sessions that ``user`` runs, or settles by name; never one's own answer."""
    if not getattr(user, "is_authenticated", False):
        return queryset.none()
    named = Q(session__settler_id=user.pk)
    run = within(role_paths(user, MARKING_ROLES), "session__unit__path")
    return queryset.filter(run | named, key_open(user, "version__item")).exclude(attempt__user_id=user.pk)


def _of_own_classes(user: Any) -> Q:
    """Sittings of the classes that ``user`` teaches or runs."""
    return Q(training_class__in=ClassStaff.objects.filter(user_id=user.pk).values("training_class"))


def uses_seen_by(user: Any) -> Q:
    """Uses of questions in papers that ``user`` sits or sat, invigilates, marks, teaches or oversees in classes.

    Registered with the policy of quizzes, for the pictures of questions. The condition is for rows of ``ItemUse``.
    """
    rows = {name: apps.get_model("exams", name)._default_manager for name in ("Attempt", "MarkingSession", "Sitting")}
    sat = rows["Attempt"].filter(user_id=user.pk, exam=OuterRef("exam"), paper__set_number=OuterRef("set_number"))
    editions = TrainingClass.objects.visible_to(user).order_by().values("edition")
    items = EditionItem.objects.filter(edition__in=editions, exam__isnull=False).order_by()
    return (
        Q(Exists(sat))
        | Q(exam__in=sittings_visible_to(user, rows["Sitting"].order_by()).values("exam"))
        | Q(exam__in=marking_sessions_visible_to(user, rows["MarkingSession"].order_by()).values("exam"))
        | Q(exam__in=items.values("exam"))
    )
