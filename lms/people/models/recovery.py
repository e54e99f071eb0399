"""Asking for a new password."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class ResetRequest(models.Model):
    """A text that somebody typed to get a new password, until the task has looked at it.

    The page writes this row for whatever was typed and looks nothing up; the task deletes it first. Made only through
    :mod:`lms.people.services.recovery`.
    """

    typed = models.CharField(_("typed"), max_length=254)
    language = models.CharField(max_length=10)
    asked_at = models.DateTimeField(_("asked at"), db_index=True)  # what no task took is deleted every night

    class Meta:
        verbose_name = _("request for a new password")
        verbose_name_plural = _("requests for a new password")

    def __str__(self) -> str:
        return str(self.pk)
