"""Who may see which exams."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Q

from lms.people.access import role_paths, within
from lms.people.enums import CONTENT_ROLES, MANAGER_ROLES, OFFICE_ROLES, Role
from quizzes import policy

if TYPE_CHECKING:
    from quizzes.models.exams import ExamQuerySet
    from quizzes.models.sittings import SittingQuerySet


def exams_visible_to(user: Any, queryset: ExamQuerySet) -> ExamQuerySet:
    """Exams of units where ``user`` authors content, runs exams or runs the office."""
    roles = CONTENT_ROLES | OFFICE_ROLES | {Role.EXAM_OFFICER}
    return queryset.filter(within(role_paths(user, roles), "unit__path"))


def exams_correctable_by(user: Any, queryset: ExamQuerySet) -> ExamQuerySet:
    """Exams of the units where ``user`` is exam officer, editor or manager."""
    roles = MANAGER_ROLES | {Role.EXAM_OFFICER, Role.EDITOR, Role.ADMINISTRATOR}
    return queryset.filter(within(role_paths(user, roles), "unit__path"))


# Who runs sittings at a unit and below: exam officers and the office. Lecturers see those of their classes.
SITTING_ROLES = OFFICE_ROLES | {Role.EXAM_OFFICER}
# Who finds invigilation in the menu.
INVIGILATION_ROLES = SITTING_ROLES | {Role.LECTURER}


def sittings_visible_to(user: Any, queryset: SittingQuerySet) -> SittingQuerySet:
    """Sittings at units where ``user`` runs exams, those that ``user`` invigilates, and those of ``user``'s groups."""
    if not getattr(user, "is_authenticated", False):
        return queryset.none()
    mine = queryset.model.invigilators.through._default_manager.filter(user_id=user.pk).values("sitting_id")
    condition = within(role_paths(user, SITTING_ROLES), "unit__path") | Q(pk__in=mine)
    return queryset.filter(condition | policy.sitting_scope(user))
