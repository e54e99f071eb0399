"""The work on standings that goes on behind the requests."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class ClassRefresh(models.Model):
    """A very large class whose standings are worked out again, a part at a time (services.class_standings)."""

    training_class = models.OneToOneField(
        "classes.TrainingClass", models.CASCADE, primary_key=True, related_name="+", verbose_name=_("class")
    )
    total = models.PositiveIntegerField(_("learners to work out"))
    done = models.PositiveIntegerField(_("learners worked out"), default=0)
    cursor = models.BigIntegerField(default=0)

    class Meta:
        db_table = "gradebook_classrefold"  # the grade book's until 2026-12; no data were moved
        verbose_name = _("refresh of a class's standings")
        verbose_name_plural = _("refreshes of classes' standings")

    def __str__(self) -> str:
        return f"{self.training_class_id}: {self.done}/{self.total}"
