"""Forms that act once."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from lms.people.models.users import User


class SentForm(models.Model):
    """A form that was sent. Made only through :mod:`lms.people.services.sent_forms`.

    A row and not a note in the session: of requests that arrive together each reads the session as it was before the
    others, while a row can be made by one of them alone.
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="+", verbose_name=_("person"))
    key = models.CharField(max_length=40)
    sent_at = models.DateTimeField(_("sent at"), db_index=True)  # what is over is deleted every night

    class Meta:
        verbose_name = _("sent form")
        verbose_name_plural = _("sent forms")
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="people_sent_form_once")]

    def __str__(self) -> str:
        return str(self.pk)
