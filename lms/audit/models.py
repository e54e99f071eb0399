"""The record of acts, a chain that shows any later change."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from lms.audit.traces import RequestTrace
from lms.common.models import ImmutableModel, ImmutableQuerySet

__all__ = ["LEDGER", "AuditEntry", "AuditEntryQuerySet", "AuditHead", "LedgerEntry", "RequestTrace"]

#: The name under which the head of the ledger stands; no stream of entries may bear it.
LEDGER = "ledger"


class AuditEntryQuerySet(ImmutableQuerySet["AuditEntry"]):
    def visible_to(self, user: Any) -> AuditEntryQuerySet:
        """Entries that ``user`` audits, as the apps above say (:mod:`lms.audit.access`)."""
        from lms.audit.access import entries_visible_to

        return entries_visible_to(user, self)


class AuditEntry(ImmutableModel):
    """One act. Written only through :func:`lms.audit.services.record`.

    ``stream`` groups entries into one chain (for example ``class:12``); ``digest`` is
    HMAC-SHA256(key, previous digest + canonical JSON of the entry).
    """

    stream = models.CharField(_("stream"), max_length=80)
    number = models.PositiveBigIntegerField(_("number in the stream"))
    at = models.DateTimeField(_("at"))
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("actor")
    )
    action = models.CharField(_("action"), max_length=80)
    target = models.CharField(_("target"), max_length=120, blank=True)
    data = models.JSONField(_("data"), default=dict)
    digest = models.CharField(_("digest"), max_length=64)

    objects = AuditEntryQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit entries")
        constraints = [
            models.UniqueConstraint(fields=["stream", "number"], name="audit_entry_stream_number"),
        ]
        indexes = [
            models.Index(fields=["actor", "at"], name="audit_entry_actor_at"),  # what did this person do
            models.Index(fields=["target", "at"], name="audit_entry_target_at"),  # what happened to this thing
        ]

    def __str__(self) -> str:
        return f"{self.stream} #{self.number} {self.action}"


class AuditHead(models.Model):
    """The end of a stream, locked while an entry is appended. ``seal`` proves that the server set it."""

    stream = models.CharField(_("stream"), max_length=80, primary_key=True)
    number = models.PositiveBigIntegerField(_("last number"), default=0)
    digest = models.CharField(_("last digest"), max_length=64, blank=True)
    seal = models.CharField(_("seal"), max_length=64, blank=True)

    class Meta:
        verbose_name = _("end of a stream")
        verbose_name_plural = _("ends of streams")

    def __str__(self) -> str:
        return f"{self.stream} #{self.number}"


class LedgerEntry(ImmutableModel):
    """The note that an entry became the end of its stream (:mod:`lms.audit.ledger`).

    ``digest`` is HMAC-SHA256(key, previous digest + canonical JSON of the note). ``opening`` marks the ends of the
    streams that were there before the ledger began.
    """

    number = models.PositiveBigIntegerField(_("number in the ledger"), unique=True)
    at = models.DateTimeField(_("at"))
    stream = models.CharField(_("stream"), max_length=80)
    stream_number = models.PositiveBigIntegerField(_("number in the stream"))
    stream_digest = models.CharField(_("digest of the entry"), max_length=64)
    opening = models.BooleanField(_("from before the ledger"), default=False)
    digest = models.CharField(_("digest"), max_length=64)

    class Meta:
        verbose_name = _("note in the ledger of streams")
        verbose_name_plural = _("notes in the ledger of streams")
        indexes = [
            models.Index(fields=["stream", "stream_number"], name="audit_ledger_stream"),  # the last note of a stream
        ]

    def __str__(self) -> str:
        return f"#{self.number} {self.stream} #{self.stream_number}"
