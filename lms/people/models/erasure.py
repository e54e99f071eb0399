"""Requests to erase what is kept about a person (Luật 91/2025/QH15)."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lms.people.models.users import User


class ErasureState(models.TextChoices):
    OPEN = "open", pgettext_lazy("erasure", "Waiting")
    DONE = "done", pgettext_lazy("erasure", "Carried out")
    REFUSED = "refused", pgettext_lazy("erasure", "Refused")
    WITHDRAWN = "withdrawn", pgettext_lazy("erasure", "Withdrawn")


class ErasureRequestQuerySet(models.QuerySet["ErasureRequest"]):
    def visible_to(self, user: Any) -> ErasureRequestQuerySet:
        """Requests about the people of the units that ``user`` manages."""
        from lms.people.access import erasures_visible_to

        return erasures_visible_to(user, self)

    def open(self) -> ErasureRequestQuerySet:
        return self.filter(state=ErasureState.OPEN)


class ErasureRequest(models.Model):
    """Written only through :mod:`lms.people.services.erasure`. What was done stays as a row without personal data."""

    user = models.ForeignKey(User, models.PROTECT, related_name="erasures", verbose_name=_("person"))
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("asked by"))
    asked_at = models.DateTimeField(_("asked at"))
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=ErasureState, default=ErasureState.OPEN)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("decided by"))
    decided_at = models.DateTimeField(_("decided at"), null=True)
    decision = models.CharField(_("reason of the decision"), max_length=500, blank=True)

    objects = ErasureRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request to erase")
        verbose_name_plural = _("requests to erase")
        ordering = ["-asked_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["user"], condition=models.Q(state="open"), name="people_erasure_one_open"),
            models.CheckConstraint(
                condition=models.Q(state="open", decided_at__isnull=True)
                | (~models.Q(state="open") & models.Q(decided_at__isnull=False)),
                name="people_erasure_decided",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.state}"
