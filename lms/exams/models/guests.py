"""Guests of a sitting: who came in by its code without belonging to the class that sits."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from lms.common.models import TimeStampedModel


class SittingGuestQuerySet(models.QuerySet["SittingGuest"]):
    def own(self, user: Any) -> SittingGuestQuerySet:
        """The person's own places, whatever they are called there."""
        if not getattr(user, "is_authenticated", False):
            return self.none()
        return self.filter(user=user)


class SittingGuest(TimeStampedModel):
    """One person's place at one sitting, and nothing else: no learner of a class, so no progress, mark or certificate.

    An attempt of a guest names this row instead of an enrolment (``Attempt.guest``), so whatever looks for an
    enrolment's attempts, or for an attempt's enrolment, finds no guest.

    Somebody without an account gets one that is closed to everything else (``User.is_guest``) and a personal code to
    come back by; only its keyed digest is kept. Changes only through :mod:`lms.exams.services.guests`.
    """

    sitting = models.ForeignKey("exams.Sitting", models.PROTECT, related_name="guests", verbose_name=_("sitting"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="guest_places", verbose_name=_("person")
    )
    # Which of the person's codes holds (each new one adds one), and its digest; empty for people with an account.
    code_number = models.PositiveSmallIntegerField(default=0)
    code_digest = models.CharField(max_length=64, blank=True, default="")
    # The browser in which the name was given, and the name as it is compared: the same again is the same person.
    device = models.CharField(max_length=40, blank=True, default="")
    name_key = models.CharField(max_length=250, blank=True, default="")

    objects = SittingGuestQuerySet.as_manager()

    class Meta:
        verbose_name = _("guest of a sitting")
        verbose_name_plural = _("guests of sittings")
        constraints = [
            models.UniqueConstraint(fields=["sitting", "user"], name="exams_guest_once"),
            models.UniqueConstraint(
                fields=["code_digest"], condition=~models.Q(code_digest=""), name="exams_guest_code"
            ),
            models.UniqueConstraint(
                fields=["sitting", "device", "name_key"],
                condition=~models.Q(device="") & ~models.Q(name_key=""),
                name="exams_guest_device_name",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sitting_id}/{self.user_id}"
