"""Fixed vocabularies of people and units."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Role(models.TextChoices):
    """The role of a person on the subtree of a unit (docs/domain.md). Learners are such by enrolment only."""

    LECTURER = "lecturer", _("lecturer")
    AUTHOR = "author", _("author")
    EDITOR = "editor", _("editor")
    REGISTRAR = "registrar", _("registrar")
    CENTRE_MANAGER = "centre_manager", _("centre manager")
    PROVINCIAL_MANAGER = "provincial_manager", _("provincial manager")
    NATIONAL_MANAGER = "national_manager", _("national manager")
    EXAM_OFFICER = "exam_officer", _("exam officer")
    AUDITOR = "auditor", _("auditor")
    ADMINISTRATOR = "administrator", _("administrator")


MANAGER_ROLES = frozenset({Role.CENTRE_MANAGER, Role.PROVINCIAL_MANAGER, Role.NATIONAL_MANAGER})
# Who runs classes at a unit: opens them, enrols, records decisions.
OFFICE_ROLES = MANAGER_ROLES | {Role.REGISTRAR, Role.ADMINISTRATOR}
# Who decides about people's data: erasure is not for the registrar alone.
DECIDING_ROLES = MANAGER_ROLES | {Role.ADMINISTRATOR}
_STRONGEST = frozenset({Role.ADMINISTRATOR, Role.NATIONAL_MANAGER})
_ORDINARY = frozenset(Role) - _STRONGEST
# Which roles, on the same unit and below, a role reaches at least as far as: whoever holds it may give and end these,
# and handle the accounts of people who hold no others.
GOVERNED_BY = {
    Role.ADMINISTRATOR: frozenset(Role),
    Role.NATIONAL_MANAGER: _ORDINARY,
    Role.PROVINCIAL_MANAGER: _ORDINARY,
    Role.CENTRE_MANAGER: _ORDINARY - {Role.PROVINCIAL_MANAGER},
}
# Who may read the classes and tallies of a unit's subtree.
OVERSIGHT_ROLES = OFFICE_ROLES | {Role.AUDITOR}
# Who may read the record of who did what in a unit's subtree.
AUDIT_ROLES = frozenset({Role.AUDITOR, Role.ADMINISTRATOR})
CONTENT_ROLES = frozenset({Role.AUTHOR, Role.EDITOR, Role.LECTURER})


class TokenScope(models.TextChoices):
    """Permissions of an API token, within those of its person."""

    READ = "read", pgettext_lazy("API token", "read")
    WRITE = "write", pgettext_lazy("API token", "change")
    EXAM = "exam", pgettext_lazy("API token", "learn and sit tests")


class Gender(models.TextChoices):
    FEMALE = "female", pgettext_lazy("gender", "female")
    MALE = "male", pgettext_lazy("gender", "male")
    OTHER = "other", pgettext_lazy("gender", "other")
