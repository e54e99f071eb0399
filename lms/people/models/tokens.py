"""Tokens with which programs act for a person."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from lms.people.models.users import User


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    def own(self, user: Any) -> ApiTokenQuerySet:
        """Tokens of ``user``; nobody else may see them."""
        return self.filter(user=user) if getattr(user, "is_authenticated", False) else self.none()

    def valid(self, moment: dt.datetime) -> ApiTokenQuerySet:
        return self.filter(expires_at__gt=moment)


class ApiToken(models.Model):
    """A token of one program. Made and ended only through :mod:`lms.people.services.tokens`.

    The token itself is shown once and kept nowhere. It has 240 random bits, so that a plain SHA-256 cannot be turned
    back; ``prefix`` is what a person recognises it by.
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="access_tokens", verbose_name=_("person"))
    name = models.CharField(_("name"), max_length=80)
    digest = models.CharField(max_length=64, unique=True)  # looked up at every request of a program
    prefix = models.CharField(_("begins with"), max_length=8)
    scopes = models.CharField(_("may"), max_length=100, help_text=_("Separated by spaces."))
    created_at = models.DateTimeField(_("made at"))
    expires_at = models.DateTimeField(_("holds until"), db_index=True)  # what is over is deleted every night
    last_used_at = models.DateTimeField(_("last used at"), null=True)

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("created_at")), name="people_apitoken_ends_after_start"
            ),
            models.CheckConstraint(condition=~models.Q(scopes=""), name="people_apitoken_has_scope"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"

    @property
    def scope_list(self) -> list[str]:
        return self.scopes.split()
