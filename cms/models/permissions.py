"""Wagtail's groups and collections of each unit. Kept by :mod:`cms.services.permissions` alone."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from lms.people.enums import Role


class ContentGroup(models.Model):
    """The group of everybody who holds ``role`` at ``unit``; its members and permissions are derived."""

    unit = models.ForeignKey("people.Unit", models.CASCADE, related_name="content_groups", verbose_name=_("unit"))
    role = models.CharField(_("role"), max_length=24, choices=Role)
    group = models.OneToOneField("auth.Group", models.CASCADE, related_name="content_group", verbose_name=_("group"))

    class Meta:
        verbose_name = _("content group")
        verbose_name_plural = _("content groups")
        constraints = [models.UniqueConstraint(fields=["unit", "role"], name="cms_contentgroup_once")]

    def __str__(self) -> str:
        return f"{self.unit} · {self.get_role_display()}"


class UnitCollection(models.Model):
    """The collection that holds a unit's images and documents."""

    unit = models.OneToOneField("people.Unit", models.CASCADE, related_name="collection_link", verbose_name=_("unit"))
    collection = models.OneToOneField(
        "wagtailcore.Collection", models.CASCADE, related_name="unit_link", verbose_name=_("collection")
    )

    class Meta:
        verbose_name = _("collection of a unit")
        verbose_name_plural = _("collections of units")

    def __str__(self) -> str:
        return str(self.unit)
