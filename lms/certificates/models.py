"""Certificates and the register (*sổ gốc*) they are entered in."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from lms.classes.enums import Band
from lms.common.models import ImmutableModel, ImmutableQuerySet


class Register(models.Model):
    """The numbered register of one unit and year; the counter row is locked while a number is taken."""

    unit = models.ForeignKey("people.Unit", models.PROTECT, related_name="registers", verbose_name=_("unit"))
    year = models.PositiveSmallIntegerField(_("year"))
    last_number = models.PositiveIntegerField(_("last number"), default=0)

    class Meta:
        verbose_name = _("register")
        verbose_name_plural = _("registers")
        constraints = [models.UniqueConstraint(fields=["unit", "year"], name="certificates_register_once")]

    def __str__(self) -> str:
        return f"{self.unit} {self.year}"


class CertificateQuerySet(ImmutableQuerySet["Certificate"]):
    def visible_to(self, user: Any) -> CertificateQuerySet:
        """Own certificates and those of enrolments visible to ``user``."""
        from lms.certificates.access import certificates_visible_to

        return certificates_visible_to(user, self)

    def revocable_by(self, user: Any) -> CertificateQuerySet:
        """Certificates that ``user`` may revoke: of classes that ``user`` runs, but for the own one."""
        from lms.certificates.access import certificates_revocable_by

        return certificates_revocable_by(user, self)


class Certificate(ImmutableModel):
    """An issued certificate: every word printed on it is kept as it was."""

    code = models.CharField(_("verification code"), max_length=16, unique=True)
    register = models.ForeignKey(Register, models.PROTECT, related_name="certificates", verbose_name=_("register"))
    number = models.PositiveIntegerField(_("number in the register"))
    number_text = models.CharField(_("number as printed"), max_length=60)
    enrolment = models.OneToOneField(
        "classes.Enrolment", models.PROTECT, related_name="certificate", verbose_name=_("enrolment")
    )
    holder_name = models.CharField(_("holder"), max_length=200)
    birth_date = models.DateField(_("date of birth"), null=True)
    programme_title = models.CharField(_("programme"), max_length=255)
    class_name = models.CharField(_("class"), max_length=200)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"))
    periods = models.PositiveSmallIntegerField(_("periods (tiết)"), default=0)
    score = models.DecimalField(_("mark out of 10"), max_digits=4, decimal_places=2, null=True)
    band = models.CharField(_("band"), max_length=10, choices=Band, blank=True)
    issuer_name = models.CharField(_("issuing body"), max_length=200)
    superior_name = models.CharField(_("superior body"), max_length=200, blank=True)
    place = models.CharField(_("place of issue"), max_length=120, blank=True)
    decision = models.CharField(_("decision of recognition"), max_length=120, blank=True)
    decided_on = models.DateField(_("date of the decision"), null=True)
    # "party" or "state": whose header the paper carries (docs/domain.md).
    letterhead = models.CharField(_("letterhead"), max_length=5, default="party")
    signer_title = models.CharField(_("title of the signer"), max_length=120, blank=True)
    signer_name = models.CharField(_("name of the signer"), max_length=120, blank=True)
    issued_on = models.DateField(_("issued on"))

    objects = CertificateQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        verbose_name = _("certificate")
        verbose_name_plural = _("certificates")
        constraints = [models.UniqueConstraint(fields=["register", "number"], name="certificates_number_once")]

    def __str__(self) -> str:
        return f"{self.number}/{self.register_id} {self.holder_name}"


class Revocation(ImmutableModel):
    """A certificate taken back, by whom and why. The certificate row itself stays as issued."""

    certificate = models.OneToOneField(
        Certificate, models.PROTECT, related_name="revocation", verbose_name=_("certificate")
    )
    at = models.DateTimeField(_("at"))
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    reason = models.CharField(_("reason"), max_length=250)

    class Meta:
        verbose_name = _("revocation")
        verbose_name_plural = _("revocations")

    def __str__(self) -> str:
        return f"{self.certificate_id}: {self.reason}"

    @property
    def revoked_on(self) -> dt.date:
        """The day of the revocation, as people of this country date it."""
        return self.at.astimezone().date()
