"""The menu of those who write questions, make papers, invigilate and mark."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lms.common.menu import MenuItem
from lms.exams.access import INVIGILATION_ROLES, MARKERS, SHEET_ROLES
from lms.people.access import has_role
from quizzes.access import BANK_MANAGERS, BANK_ROLES, PAPER_MAKERS, STATISTICS_ROLES


@dataclass(frozen=True, slots=True)
class Area:
    """One area of the portal, for people who hold one of ``roles`` somewhere."""

    label: str | Promise
    url_name: str
    icon: str
    order: int
    roles: Collection[str]


# One line each: areas are independent of one another.
AREAS = [
    Area(_("Item banks"), "exams:banks", "bank", 40, BANK_ROLES),
    Area(_("Blueprints"), "exams:blueprints", "grid", 42, BANK_ROLES),
    Area(_("Exams and papers"), "exams:exams", "exam", 44, PAPER_MAKERS | BANK_MANAGERS),
    Area(_("Answers from paper"), "exams:sheets", "edit", 46, SHEET_ROLES),
    Area(_("Statistics of exams"), "exams:statistics", "chart", 70, STATISTICS_ROLES),
    Area(_("Import questions"), "exams:imports", "upload", 41, BANK_ROLES),
    Area(_("Invigilation"), "exams:sittings", "exam", 60, INVIGILATION_ROLES),
    Area(_("Marking"), "exams:marking", "essay", 62, MARKERS),
]


def exams_menu(request: HttpRequest) -> Sequence[MenuItem]:
    """The areas that the person has something to do in."""
    if not request.user.is_authenticated:
        return ()
    section = _("Examinations")
    return [
        MenuItem(area.label, reverse(area.url_name), area.icon, order=area.order, section=section)
        for area in AREAS
        if has_role(request.user, area.roles)
    ]
