"""Corrections of questions after they were asked."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from lms.common.models import ImmutableModel
from quizzes.enums import CorrectionRule


class KeyCorrection(ImmutableModel):
    """The way in which a question of an exam counts from now on; the last one for a version is in force.

    Papers and item versions stay as they were: grading reads the corrections beside them. ``number`` grows with each
    and is kept on the exam (``Exam.key_revision``). Made only by :func:`lms.exams.services.regrading.carry_out`.
    """

    exam = models.ForeignKey("quizzes.Exam", models.PROTECT, related_name="corrections", verbose_name=_("exam"))
    number = models.PositiveIntegerField(_("number"))
    version = models.ForeignKey(
        "quizzes.ItemVersion", models.PROTECT, related_name="+", verbose_name=_("version that was asked")
    )
    rule = models.CharField(_("what is done"), max_length=8, choices=CorrectionRule)
    corrected = models.ForeignKey(
        "quizzes.ItemVersion", models.PROTECT, null=True, related_name="+", verbose_name=_("corrected version")
    )
    reason = models.CharField(_("reason"), max_length=200)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"))

    class Meta:
        ordering = ["exam", "number"]
        verbose_name = _("correction of a key")
        verbose_name_plural = _("corrections of keys")
        constraints = [
            models.UniqueConstraint(fields=["exam", "number"], name="quizzes_correction_number"),
            models.CheckConstraint(condition=~models.Q(reason=""), name="quizzes_correction_reason"),
            models.CheckConstraint(
                condition=models.Q(rule="new_key", corrected__isnull=False)
                | (~models.Q(rule="new_key") & models.Q(corrected__isnull=True)),
                name="quizzes_correction_version",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.exam_id} #{self.number}"
