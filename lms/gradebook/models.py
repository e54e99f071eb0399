"""The grade ledger: append-only; pure code makes marks of it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from lms.common.models import ImmutableModel


class LedgerSource(models.TextChoices):
    EXAM = "exam", _("exam")
    MANUAL = "manual", _("entered by hand")
    CORRECTION = "correction", _("correction")
    VOID = "void", _("annulled")


class LedgerEntry(ImmutableModel):
    """One mark given. A correction is a new row that refers to the one it replaces."""

    enrolment = models.ForeignKey(
        "classes.Enrolment", models.PROTECT, related_name="ledger", verbose_name=_("enrolment")
    )
    item = models.ForeignKey("programmes.EditionItem", models.PROTECT, related_name="+", verbose_name=_("item"))
    source = models.CharField(_("source"), max_length=10, choices=LedgerSource)
    attempt = models.ForeignKey(
        "exams.Attempt",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="ledger_entries",
        verbose_name=_("attempt"),
    )
    points = models.DecimalField(_("points"), max_digits=7, decimal_places=2)
    max_points = models.DecimalField(_("out of"), max_digits=7, decimal_places=2)
    reason = models.CharField(_("reason"), max_length=250, blank=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("by")
    )
    at = models.DateTimeField(_("at"))
    replaces = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="replaced_by", verbose_name=_("replaces")
    )

    class Meta:
        verbose_name = _("ledger entry")
        verbose_name_plural = _("ledger entries")
        constraints = [
            models.CheckConstraint(condition=models.Q(max_points__gt=0), name="gradebook_max_points"),
            models.CheckConstraint(condition=models.Q(points__gte=0), name="gradebook_points"),
        ]
        indexes = [models.Index(fields=["enrolment", "item"], name="gradebook_enrolment_item")]

    def __str__(self) -> str:
        return f"{self.enrolment_id}/{self.item_id}: {self.points}/{self.max_points}"
