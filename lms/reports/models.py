"""Sums of past years, so that ten years of a country are a page and not a computation."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class YearClosing(models.Model):
    """Whether the sums of a past year may be read from :class:`ClosedTally`.

    Any change to a tally of that year raises ``revision`` and empties ``closed_at`` in its own transaction, and
    closing succeeds only if the revision stayed as it was while it added up: so the sums are exact or not used.
    """

    year = models.PositiveSmallIntegerField(_("year"), primary_key=True)
    revision = models.PositiveBigIntegerField(default=0)
    closed_at = models.DateTimeField(_("closed at"), null=True)

    class Meta:
        verbose_name = _("closing of a year")
        verbose_name_plural = _("closings of years")

    def __str__(self) -> str:
        return str(self.year)


class ClosedTally(models.Model):
    """Sums over the subtree of ``unit`` for one edition and closed year (a unit appears with all above it).

    Kept by edition, because editions of one programme may differ in the kinds of modules they teach.
    """

    unit = models.ForeignKey("people.Unit", models.CASCADE, related_name="+", verbose_name=_("unit"))
    programme = models.ForeignKey("cms.ProgrammePage", models.CASCADE, related_name="+", verbose_name=_("programme"))
    edition = models.ForeignKey("programmes.Edition", models.CASCADE, related_name="+", verbose_name=_("edition"))
    year = models.PositiveSmallIntegerField(_("year"))
    classes = models.PositiveIntegerField(_("classes"))
    not_started = models.PositiveIntegerField(_("not started"))
    in_progress = models.PositiveIntegerField(_("in progress"))
    completed = models.PositiveIntegerField(_("completed"))
    failed = models.PositiveIntegerField(_("not completed"))
    withdrawn = models.PositiveIntegerField(_("withdrawn"))
    average = models.PositiveIntegerField(default=0)
    good = models.PositiveIntegerField(default=0)
    very_good = models.PositiveIntegerField(default=0)
    excellent = models.PositiveIntegerField(default=0)
    theory_learners = models.PositiveIntegerField(default=0)
    theory_done = models.PositiveIntegerField(default=0)
    professional_learners = models.PositiveIntegerField(default=0)
    professional_done = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("tally of a closed year")
        verbose_name_plural = _("tallies of closed years")
        constraints = [
            models.UniqueConstraint(fields=["unit", "year", "edition"], name="reports_closed_once"),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id}/{self.programme_id}/{self.year}"
