"""Sessions of signed-in people."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from lms.people.models.users import User


class UserSessionQuerySet(models.QuerySet["UserSession"]):
    def own(self, user: Any) -> UserSessionQuerySet:
        """Sessions of ``user``; nobody else may see them."""
        return self.filter(user=user) if getattr(user, "is_authenticated", False) else self.none()


class UserSession(models.Model):
    """A session that somebody signed in to, beside its data (``django_session``), so that it can be listed and ended.

    Written only through :mod:`lms.people.services.sessions`. Nothing is decided by this row: a session is valid by
    its data and by the person's ``session_epoch``. Deleted with the session.
    """

    session_key = models.CharField(max_length=40, primary_key=True)
    user = models.ForeignKey(User, models.CASCADE, related_name="user_sessions", verbose_name=_("person"))
    created_at = models.DateTimeField(_("signed in at"))
    seen_at = models.DateTimeField(_("last seen at"), db_index=True)  # what was left is deleted every night
    address = models.CharField(_("network address"), max_length=64, blank=True)
    agent = models.CharField(_("browser"), max_length=200, blank=True)

    objects = UserSessionQuerySet.as_manager()

    class Meta:
        ordering = ["-seen_at"]
        verbose_name = _("sign-in session")
        verbose_name_plural = _("sign-in sessions")

    def __str__(self) -> str:
        return f"{self.user_id} {self.created_at:%Y-%m-%d}"
