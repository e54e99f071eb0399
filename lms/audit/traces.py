"""Origins of recorded requests: personal data that may be deleted, unlike the chain (docs/adr/0031)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class RequestTrace(models.Model):
    """Network address and browser of one request that stands in the record. Written by :mod:`lms.audit.events`.

    The entry in the chain holds only the request's identifier and a keyed digest of the address, so that this row can
    be deleted when its time is over and the chain stays whole.
    """

    request_id = models.CharField(_("request"), max_length=64, primary_key=True)
    at = models.DateTimeField(_("at"), db_index=True)  # what is old is deleted every night
    address = models.CharField(_("network address"), max_length=64)
    agent = models.CharField(_("browser"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("origin of a request")
        verbose_name_plural = _("origins of requests")

    def __str__(self) -> str:
        return self.request_id
