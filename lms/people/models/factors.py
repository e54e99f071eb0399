"""The second factor of an account: a code from the person's phone."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from lms.people.models.users import User


class SecondFactor(models.Model):
    """Written only through :mod:`lms.people.services.factors`.

    The secret itself is nowhere: it is made from ``nonce`` and the server's key whenever it is needed, so that a copy
    of the database opens nothing. ``last_step`` is the newest step that was used, so that no code works twice.
    """

    user = models.OneToOneField(
        User, models.CASCADE, primary_key=True, related_name="second_factor", verbose_name=_("person")
    )
    nonce = models.CharField(max_length=64)
    created_at = models.DateTimeField(auto_now_add=True)
    confirmed_at = models.DateTimeField(_("set up at"), null=True)
    last_step = models.PositiveBigIntegerField(default=0)

    class Meta:
        verbose_name = _("second factor")
        verbose_name_plural = _("second factors")

    def __str__(self) -> str:
        return str(self.user_id)


class RecoveryCode(models.Model):
    """A code for who lost the phone; each opens once. Only its keyed hash is kept."""

    user = models.ForeignKey(User, models.CASCADE, related_name="recovery_codes", verbose_name=_("person"))
    code_hash = models.CharField(max_length=64)
    used_at = models.DateTimeField(_("used at"), null=True)

    class Meta:
        verbose_name = _("recovery code")
        verbose_name_plural = _("recovery codes")
        constraints = [models.UniqueConstraint(fields=["user", "code_hash"], name="people_recovery_once")]

    def __str__(self) -> str:
        return f"{self.user_id}"
