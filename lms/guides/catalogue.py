"""The guides, the roles that each is for, and the pages that it belongs to."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lms.exams.access import INVIGILATION_ROLES, MARKERS
from lms.people.access import has_role
from lms.people.enums import CONTENT_ROLES, MANAGER_ROLES, OFFICE_ROLES, Role
from quizzes.access import BANK_ROLES


@dataclass(frozen=True, slots=True)
class GuideEntry:
    """One guide: its file, what it is about, the roles it is for (nothing: everybody), the pages it belongs to."""

    slug: str
    title: str | Promise
    about: str | Promise
    roles: Collection[str] = ()
    paths: tuple[str, ...] = ()

    def is_for(self, user: Any) -> bool:
        """Whether ``user`` works with what the guide is about."""
        return not self.roles or has_role(user, self.roles)


ENTRIES = (
    GuideEntry(
        "hoc-vien",
        _("Learners"),
        _("Sign in, study lessons, sit tests, keep certificates."),
        paths=("/hoc/", "/lam-bai/", "/ho-so/", "/thong-bao/"),
    ),
    GuideEntry(
        "giang-vien",
        _("Lecturers"),
        _("Classes, attendance, results, messages to learners."),
        {Role.LECTURER},
        ("/giang-day/",),
    ),
    GuideEntry(
        "giao-vu",
        _("Registrars"),
        _("Open classes, lists of learners, slips, timetables, recognition."),
        OFFICE_ROLES,
        ("/dieu-hanh/lop/", "/dieu-hanh/hoc-vien/", "/dieu-hanh/de-nghi/"),
    ),
    GuideEntry(
        "quan-ly",
        _("Managers"),
        _("Figures of units, annual plans, personal data, exports."),
        MANAGER_ROLES | {Role.ADMINISTRATOR},
        ("/dieu-hanh/",),
    ),
    GuideEntry(
        "khao-thi",
        _("Exam officers"),
        _("Banks, question files, blueprints, exams, paper codes, statistics."),
        BANK_ROLES,
        ("/khao-thi/",),
    ),
    GuideEntry(
        "coi-thi",
        _("Invigilators"),
        _("Before, during and after a sitting; lost networks; halls and contests."),
        INVIGILATION_ROLES,
        ("/khao-thi/coi-thi/",),
    ),
    GuideEntry(
        "cham-tu-luan",
        _("Markers"),
        _("Sessions of marking, two markers, release of results."),
        MARKERS,
        ("/khao-thi/cham/",),
    ),
    GuideEntry(
        "tac-gia",
        _("Authors and editors"),
        _("Programmes, modules and lessons; review; freezing an edition."),
        CONTENT_ROLES | {Role.ADMINISTRATOR},
        ("/quan-tri/",),
    ),
    GuideEntry(
        "quan-tri",
        _("Administrators"),
        _("Units, people, roles, the audit trail, the state of the system."),
        {Role.ADMINISTRATOR, Role.AUDITOR},
        ("/dieu-hanh/he-thong/", "/dieu-hanh/nhat-ky/", "/quan-tri/people/", "/quan-tri/users/"),
    ),
)
BY_SLUG = {entry.slug: entry for entry in ENTRIES}


def entry_for(path: str, user: Any) -> GuideEntry | None:
    """Return the guide that helps ``user`` on the page at ``path``; nothing where no guide speaks of the page.

    The longest address wins. Where its guide is for other roles, the next shorter one is taken.
    """
    fitting = [(len(start), entry) for entry in ENTRIES for start in entry.paths if path.startswith(start)]
    fitting.sort(key=lambda found: -found[0])
    return next((entry for _length, entry in fitting if entry.is_for(user)), None)
