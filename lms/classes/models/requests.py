"""Requests to let somebody of another unit attend a class."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from lms.classes.enums import RequestState
from lms.classes.models.training import TrainingClass
from lms.common.clock import now


class EnrolmentRequestQuerySet(models.QuerySet["EnrolmentRequest"]):
    def open(self, moment: dt.datetime | None = None) -> EnrolmentRequestQuerySet:
        """Requests that can still be answered."""
        return self.filter(state=RequestState.OPEN, expires_at__gt=moment or now())

    def visible_to(self, user: Any) -> EnrolmentRequestQuerySet:
        """Requests to ``user``, to the units that ``user`` runs, and of the classes that ``user`` runs."""
        from lms.classes.access import requests_visible_to

        return requests_visible_to(user, self)

    def answerable_by(self, user: Any) -> EnrolmentRequestQuerySet:
        """Open requests that ``user`` may accept or decline: about ``user``, or about people whom ``user`` runs."""
        from lms.classes.access import requests_answerable_by

        return requests_answerable_by(user, self)

    def asked_of(self, user: Any) -> EnrolmentRequestQuerySet:
        """Requests about the people of the units that ``user`` runs."""
        from lms.classes.access import requests_asked_of

        return requests_asked_of(user, self)

    def sent_by(self, user: Any) -> EnrolmentRequestQuerySet:
        """Requests of the classes that ``user`` runs."""
        from lms.classes.access import requests_sent_by

        return requests_sent_by(user, self)


class EnrolmentRequest(models.Model):
    """A class asks for a learner of another unit. Changes only through :mod:`lms.classes.services.requests`.

    It is no enrolment: it takes no place, counts nowhere, and shows the asking unit nothing about the person.
    """

    training_class = models.ForeignKey(TrainingClass, models.CASCADE, related_name="requests", verbose_name=_("class"))
    learner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="enrolment_requests", verbose_name=_("learner")
    )
    # The person's home when it was asked; empty for somebody without one.
    unit = models.ForeignKey(
        "people.Unit", models.SET_NULL, null=True, related_name="+", verbose_name=_("home unit of the learner")
    )
    state = models.CharField(_("state"), max_length=10, choices=RequestState, default=RequestState.OPEN)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("asked by")
    )
    asked_at = models.DateTimeField(_("asked at"))
    expires_at = models.DateTimeField(_("expires at"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided at"), null=True)
    reason = models.CharField(_("reason"), max_length=250, blank=True)

    objects = EnrolmentRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request for a learner")
        verbose_name_plural = _("requests for learners")
        ordering = ["-asked_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["training_class", "learner"],
                condition=models.Q(state="open"),
                name="classes_request_one_open",
            ),
            models.CheckConstraint(condition=models.Q(state__in=RequestState.values), name="classes_request_state"),
            models.CheckConstraint(
                condition=models.Q(state="open", decided_at__isnull=True)
                | (~models.Q(state="open") & models.Q(decided_at__isnull=False)),
                name="classes_request_decided",
            ),
        ]
        indexes = [models.Index(fields=["learner", "state"], name="classes_request_learner")]

    def __str__(self) -> str:
        return f"{self.learner_id} → {self.training_class_id}: {self.state}"

    @property
    def is_open(self) -> bool:
        """Whether it can still be answered."""
        return self.state == RequestState.OPEN and self.expires_at > now()

    @property
    def shown_state(self) -> RequestState:
        """The state as people read it: nobody answered in time."""
        if self.state == RequestState.OPEN and not self.is_open:
            return RequestState.EXPIRED
        return RequestState(self.state)
