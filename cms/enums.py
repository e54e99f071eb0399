"""Fixed vocabularies of the curriculum."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class ModuleKind(models.TextChoices):
    THEORY = "theory", _("Theory")
    PROFESSIONAL = "professional", _("Professional")


class ProgrammeCategory(models.TextChoices):
    """The columns of the monthly report of a province (docs/domain.md)."""

    ELEMENTARY = "elementary", _("Elementary political theory")
    NEW_MEMBERS = "new_members", _("New Party members")
    AWARENESS = "awareness", _("Awareness of the Party")
    COMMITTEE = "committee", _("Party committee members and cell secretaries")
    FRONT = "front", _("Fatherland Front and mass organisations")
    OTHER = "other", _("Other")
