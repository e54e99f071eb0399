"""Who may see which exams."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lms.people.access import role_paths, within
from lms.people.enums import CONTENT_ROLES, OFFICE_ROLES, Role

if TYPE_CHECKING:
    from quizzes.models.exams import ExamQuerySet


def exams_visible_to(user: Any, queryset: ExamQuerySet) -> ExamQuerySet:
    """Exams of units where ``user`` authors content, runs exams or runs the office."""
    roles = CONTENT_ROLES | OFFICE_ROLES | {Role.EXAM_OFFICER}
    return queryset.filter(within(role_paths(user, roles), "unit__path"))
