"""The tree of units through time."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from treebeard.mp_tree import MP_Node, MP_NodeManager, MP_NodeQuerySet

from lms.common.clock import today
from lms.common.text import fold


class UnitKind(models.Model):
    """A kind of unit. Data, not code: reforms make new kinds."""

    code = models.SlugField(_("code"), max_length=30, primary_key=True)
    name = models.CharField(_("name"), max_length=80)
    name_en = models.CharField(_("name in English"), max_length=80)
    holds_classes = models.BooleanField(_("holds classes"), default=False)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        ordering = ["order", "code"]
        verbose_name = _("kind of unit")
        verbose_name_plural = _("kinds of units")

    def __str__(self) -> str:
        return self.name_en if (get_language() or "").startswith("en") else self.name


class UnitQuerySet(MP_NodeQuerySet):
    """Vocabulary for units. Ancestry is a path prefix: ``path LIKE unit.path%``."""

    def current(self, on: dt.date | None = None) -> UnitQuerySet:
        """Units in force on a day (today by default)."""
        day = on or today()
        return self.filter(
            models.Q(valid_from__isnull=True) | models.Q(valid_from__lte=day),
            models.Q(valid_to__isnull=True) | models.Q(valid_to__gt=day),
        )

    def subtree_of(self, unit: Unit) -> UnitQuerySet:
        """``unit`` and all below it."""
        return self.filter(path__startswith=unit.path)

    def holding_classes(self) -> UnitQuerySet:
        return self.filter(kind__holds_classes=True)

    def named_like(self, text: str) -> UnitQuerySet:
        return self.filter(search_text__contains=fold(text))

    def visible_to(self, user: Any) -> UnitQuerySet:
        """Units in the subtree of any current office or oversight membership of ``user``."""
        from lms.people.access import units_visible_to

        return units_visible_to(user, self)


class UnitManager(MP_NodeManager.from_queryset(UnitQuerySet)):  # type: ignore[misc]
    def get_queryset(self) -> UnitQuerySet:
        return UnitQuerySet(self.model, using=self._db).order_by("path")


class Unit(MP_Node):
    """A unit of the Party's or the state's structure, with the period in which it exists.

    Merging or dissolving never moves history: set ``valid_to`` and add successors
    (:func:`lms.people.services.units.dissolve`).
    """

    name = models.CharField(_("name"), max_length=200)
    short_name = models.CharField(_("short name"), max_length=120, blank=True)
    kind = models.ForeignKey(UnitKind, models.PROTECT, related_name="units", verbose_name=_("kind"))
    code = models.CharField(
        _("official code"),
        max_length=40,
        blank=True,
        help_text=_("The code of the statistics office or of the organisation."),
    )
    valid_from = models.DateField(_("in force from"), null=True, blank=True)
    valid_to = models.DateField(_("in force until (not included)"), null=True, blank=True)
    successors = models.ManyToManyField(
        "self", through="UnitSuccession", symmetrical=False, related_name="predecessors"
    )
    # Where the figures of a dissolved unit count today (lms.people.services.heirs); empty for a unit in force.
    heir = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, editable=False, related_name="+", verbose_name=_("heir")
    )
    serves = models.ManyToManyField(
        "self", symmetrical=False, blank=True, related_name="served_by", verbose_name=_("communes served")
    )
    sort_key = models.CharField(max_length=300, editable=False, default="")
    search_text = models.CharField(max_length=320, editable=False, default="")

    objects: ClassVar[UnitManager] = UnitManager()

    class Meta:
        verbose_name = _("unit")
        verbose_name_plural = _("units")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(valid_from__isnull=True)
                | models.Q(valid_to__isnull=True)
                | models.Q(valid_from__lt=models.F("valid_to")),
                name="people_unit_period",
                violation_error_message=_("The period must end after it begins."),
            ),
            models.UniqueConstraint(
                fields=["kind", "code"], condition=~models.Q(code=""), name="people_unit_kind_code"
            ),
        ]
        indexes = [models.Index(fields=["kind", "sort_key"], name="people_unit_kind_sort")]

    def __str__(self) -> str:
        return self.name

    @property
    def label(self) -> str:
        return self.short_name or self.name

    def is_current(self, on: dt.date | None = None) -> bool:
        day = on or today()
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day < self.valid_to)

    def derive(self) -> None:
        """Bring sort key and search text in line with the name."""
        from lms.people.names import text_sort_key

        self.sort_key = text_sort_key(self.short_name or self.name)[:300]
        self.search_text = fold(f"{self.name} {self.short_name}")[:320]

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.derive()
        super().save(*args, **kwargs)


class UnitSuccession(models.Model):
    """``predecessor`` was (partly) taken over by ``successor``."""

    predecessor = models.ForeignKey(Unit, models.PROTECT, related_name="successions", verbose_name=_("predecessor"))
    successor = models.ForeignKey(Unit, models.PROTECT, related_name="successions_from", verbose_name=_("successor"))
    decision = models.CharField(_("decision"), max_length=160, blank=True)
    # The one of several successors at which the predecessor's figures count today: whole, and never twice.
    principal = models.BooleanField(_("principal successor"), default=False)

    class Meta:
        verbose_name = _("succession")
        verbose_name_plural = _("successions")
        constraints = [
            models.UniqueConstraint(fields=["predecessor", "successor"], name="people_succession_once"),
            models.UniqueConstraint(
                fields=["predecessor"], condition=models.Q(principal=True), name="people_succession_one_principal"
            ),
            models.CheckConstraint(
                condition=~models.Q(predecessor=models.F("successor")), name="people_succession_not_self"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.predecessor_id} → {self.successor_id}"


class UnitName(models.Model):
    """A name that a unit bore until a day; what was written under it stays readable."""

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="former_names", verbose_name=_("unit"))
    name = models.CharField(_("name"), max_length=200)
    short_name = models.CharField(_("short name"), max_length=120, blank=True)
    valid_to = models.DateField(_("in force until (not included)"))
    decision = models.CharField(_("decision"), max_length=160, blank=True)

    class Meta:
        verbose_name = _("former name of a unit")
        verbose_name_plural = _("former names of units")
        constraints = [models.UniqueConstraint(fields=["unit", "valid_to"], name="people_unit_name_once")]

    def __str__(self) -> str:
        return self.name
