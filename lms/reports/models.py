"""Sums over the unit tree, so that ten years of a country are a page and not a computation.

Three tables work together (ADR 16). ``UnitTally`` holds the sums; ``SettledTally`` what of each class is in them; a
``TallyMark`` says that a class may have moved since. Whoever moves a tally adds a mark in the same transaction and
touches nothing that anybody else writes. A reader takes the sums and, for marked classes only, adds what the class has
now and takes away what is settled, all in one statement: so a figure is exact at every commit.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Figures(models.Model):
    """The figures of :class:`lms.reports.rollup.Sums`; below nought where a row corrects another one."""

    not_started = models.IntegerField(_("not started"), default=0)
    in_progress = models.IntegerField(_("in progress"), default=0)
    completed = models.IntegerField(_("completed"), default=0)
    failed = models.IntegerField(_("not completed"), default=0)
    withdrawn = models.IntegerField(_("withdrawn"), default=0)
    average = models.IntegerField(default=0)
    good = models.IntegerField(default=0)
    very_good = models.IntegerField(default=0)
    excellent = models.IntegerField(default=0)
    theory_learners = models.IntegerField(default=0)
    theory_done = models.IntegerField(default=0)
    professional_learners = models.IntegerField(default=0)
    professional_done = models.IntegerField(default=0)

    class Meta:
        abstract = True


class UnitTally(Figures):
    """Sums over the subtree of ``unit`` for one edition and year. Written by :mod:`lms.reports.services` only.

    A row with ``moved`` is a correction: what the unit gains (or loses, below nought) when classes of dissolved units
    count at their heirs. "As it was" reads the rows without it, "as it is now" all rows.
    """

    unit = models.ForeignKey("people.Unit", models.CASCADE, related_name="+", verbose_name=_("unit"))
    programme = models.ForeignKey("cms.ProgrammePage", models.CASCADE, related_name="+", verbose_name=_("programme"))
    edition = models.ForeignKey("programmes.Edition", models.CASCADE, related_name="+", verbose_name=_("edition"))
    year = models.PositiveSmallIntegerField(_("year"))
    moved = models.BooleanField(default=False)
    classes = models.IntegerField(_("classes"), default=0)

    class Meta:
        verbose_name = _("sums of a unit")
        verbose_name_plural = _("sums of units")
        constraints = [
            models.UniqueConstraint(fields=["unit", "year", "edition", "moved"], name="reports_unit_tally_once"),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id}/{self.edition_id}/{self.year}"


class SettledTally(Figures):
    """The share of a class in :class:`UnitTally`. No foreign keys: nothing here may lock a class."""

    class_id = models.BigIntegerField(primary_key=True)
    unit = models.ForeignKey("people.Unit", models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False)
    heir = models.ForeignKey(
        "people.Unit", models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False, null=True
    )
    edition = models.ForeignKey(
        "programmes.Edition", models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )
    year = models.PositiveSmallIntegerField(_("year"))

    class Meta:
        verbose_name = _("settled tally of a class")
        verbose_name_plural = _("settled tallies of classes")

    def __str__(self) -> str:
        return str(self.class_id)


class TallyMark(models.Model):
    """The tally of a class may have moved since it was settled. Only ever inserted, so that nobody waits."""

    class_id = models.BigIntegerField()

    class Meta:
        verbose_name = _("mark of a moved tally")
        verbose_name_plural = _("marks of moved tallies")

    def __str__(self) -> str:
        return str(self.class_id)


class Settling(models.Model):
    """One row: whoever settles holds its lock. ``day`` is the last day for which heirs were settled."""

    day = models.DateField(_("day"), null=True)

    class Meta:
        verbose_name = _("settling of tallies")
        verbose_name_plural = _("settlings of tallies")

    def __str__(self) -> str:
        return str(self.day or "")


class UnitPlan(models.Model):
    """Approved plans summed over the subtree of ``unit``; ``moved`` as in :class:`UnitTally`.

    Plans change a few times a year, so the sums of a year are written anew with each approval.
    """

    unit = models.ForeignKey("people.Unit", models.CASCADE, related_name="+", verbose_name=_("unit"))
    programme = models.ForeignKey("cms.ProgrammePage", models.CASCADE, related_name="+", verbose_name=_("programme"))
    year = models.PositiveSmallIntegerField(_("year"))
    moved = models.BooleanField(default=False)
    classes = models.IntegerField(_("classes"), default=0)
    learners = models.IntegerField(_("learners"), default=0)

    class Meta:
        verbose_name = _("planned sums of a unit")
        verbose_name_plural = _("planned sums of units")
        constraints = [
            models.UniqueConstraint(fields=["unit", "year", "programme", "moved"], name="reports_unit_plan_once"),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id}/{self.programme_id}/{self.year}"
