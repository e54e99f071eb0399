"""Counts of failed sign-ins."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Throttle(models.Model):
    """Failures of one account or one address. Changes only through :mod:`lms.people.services.throttling`.

    It stands in the database, not in a cache, so that every server process counts the same.
    """

    key = models.CharField(max_length=80, primary_key=True)
    failures = models.PositiveIntegerField(_("failures"), default=0)
    since = models.DateTimeField(_("since"))
    paused_until = models.DateTimeField(_("paused until"), null=True, db_index=True)

    class Meta:
        verbose_name = _("sign-in throttle")
        verbose_name_plural = _("sign-in throttles")

    def __str__(self) -> str:
        return f"{self.key}: {self.failures}"
