"""A person's role on a unit's subtree, with dates."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from lms.common.clock import today
from lms.people.enums import Role


class MembershipQuerySet(models.QuerySet["Membership"]):
    def current(self, on: dt.date | None = None) -> MembershipQuerySet:
        day = on or today()
        return self.filter(
            models.Q(valid_from__isnull=True) | models.Q(valid_from__lte=day),
            models.Q(valid_to__isnull=True) | models.Q(valid_to__gt=day),
        )

    def lasting(self, on: dt.date | None = None) -> MembershipQuerySet:
        """Roles in force, and those that begin later."""
        return self.filter(models.Q(valid_to__isnull=True) | models.Q(valid_to__gt=on or today()))

    def visible_to(self, user: Any) -> MembershipQuerySet:
        """Roles on the units that ``user`` runs."""
        from lms.people.access import memberships_visible_to

        return memberships_visible_to(user, self)

    def with_role(self, roles: Iterable[str]) -> MembershipQuerySet:
        return self.filter(role__in=list(roles))


class Membership(models.Model):
    """Changes only through :mod:`lms.people.services.memberships`, which also keeps Wagtail's groups in line."""

    user = models.ForeignKey("people.User", models.CASCADE, related_name="memberships", verbose_name=_("person"))
    unit = models.ForeignKey("people.Unit", models.PROTECT, related_name="memberships", verbose_name=_("unit"))
    role = models.CharField(_("role"), max_length=24, choices=Role)
    valid_from = models.DateField(_("from"), null=True, blank=True)
    valid_to = models.DateField(_("until (not included)"), null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [
            models.UniqueConstraint(fields=["user", "unit", "role"], name="people_membership_once"),
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="people_membership_role"),
            models.CheckConstraint(
                condition=models.Q(valid_from__isnull=True)
                | models.Q(valid_to__isnull=True)
                | models.Q(valid_from__lt=models.F("valid_to")),
                name="people_membership_period",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.get_role_display()} · {self.unit}"
