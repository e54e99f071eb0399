"""Fixed vocabularies of editions."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class ItemKind(models.TextChoices):
    LESSON = "lesson", _("Lesson")
    EXAM = "exam", _("Exam")
    ESSAY = "essay", _("Essay")
    SESSION = "session", _("Session in class")


class CertificateRule(models.TextChoices):
    """The moment of issuing a certificate."""

    ON_COMPLETION = "on_completion", _("As soon as a learner completes")
    ON_DECISION = "on_decision", _("When the class is recognised by a decision")
    NEVER = "never", _("No certificate")
