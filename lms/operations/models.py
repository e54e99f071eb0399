"""Incidents of the installation, and turns of looking."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from lms.people.access import is_root_administrator


class IncidentQuerySet(models.QuerySet["Incident"]):
    def visible_to(self, user: Any) -> IncidentQuerySet:
        """Return all for administrators of the whole tree, none for anybody else."""
        return self.all() if is_root_administrator(user) else self.none()

    def open(self) -> IncidentQuerySet:
        return self.filter(ended_at__isnull=True)


class Incident(models.Model):
    """A time in which a part of the installation was not well.

    Made and ended only by :mod:`lms.operations.services.watching`. ``node`` is empty for what all nodes share.
    """

    part = models.SlugField(_("part"), max_length=20)
    node = models.CharField(_("machine"), max_length=100, blank=True)
    code = models.SlugField(_("what is the matter"), max_length=30)
    facts = models.JSONField(default=dict)
    began_at = models.DateTimeField(_("began"))
    seen_at = models.DateTimeField(_("last seen"))
    ended_at = models.DateTimeField(_("over"), null=True)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("confirmed by")
    )

    objects = IncidentQuerySet.as_manager()

    class Meta:
        ordering = ["-began_at", "-pk"]
        verbose_name = _("incident")
        verbose_name_plural = _("incidents")
        constraints = [
            models.UniqueConstraint(
                fields=["part", "node"], condition=models.Q(ended_at__isnull=True), name="operations_incident_open_once"
            ),
        ]
        indexes = [models.Index(fields=["-began_at"], name="operations_incident_recent")]

    def __str__(self) -> str:
        return f"{self.part}: {self.code}"


class Turn(models.Model):
    """The last time of work that one node does for all; taken by a conditional update."""

    name = models.SlugField(primary_key=True, max_length=20)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("turn")
        verbose_name_plural = _("turns")

    def __str__(self) -> str:
        return self.name
