"""Blueprints (*ma trận đề*), and the draws made from them."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lms.common.models import ImmutableModel, TimeStampedModel
from quizzes.enums import Level


class BlueprintQuerySet(models.QuerySet["Blueprint"]):
    def visible_to(self, user: Any) -> BlueprintQuerySet:
        """Blueprints of the units where ``user`` makes papers, and those of the units above, for use."""
        from quizzes.access import blueprints_visible_to

        return blueprints_visible_to(user, self)

    def editable_by(self, user: Any) -> BlueprintQuerySet:
        """Blueprints that ``user`` may change."""
        from quizzes.access import blueprints_editable_by

        return blueprints_editable_by(user, self)

    def shared(self) -> BlueprintQuerySet:
        """Blueprints in their own right, without the rules that one exam keeps for itself."""
        return self.filter(exam__isnull=True)


class Blueprint(TimeStampedModel):
    """A matrix of topic, level and kind through all its versions. Changes only through ``services.blueprints``.

    ``exam`` is set for the rules of a random draw that belong to one exam alone.
    """

    unit = models.ForeignKey("people.Unit", models.PROTECT, related_name="blueprints", verbose_name=_("unit"))
    bank = models.ForeignKey("quizzes.ItemBank", models.PROTECT, related_name="blueprints", verbose_name=_("item bank"))
    name = models.CharField(_("name"), max_length=250)
    note = models.TextField(_("note"), blank=True)
    exam = models.OneToOneField(
        "quizzes.Exam", models.CASCADE, null=True, blank=True, related_name="own_rules", verbose_name=_("exam")
    )
    current = models.ForeignKey(
        "quizzes.BlueprintVersion", models.PROTECT, null=True, related_name="+", verbose_name=_("current version")
    )

    objects = BlueprintQuerySet.as_manager()

    class Meta:
        verbose_name = _("blueprint")
        verbose_name_plural = _("blueprints")
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "name"],
                condition=models.Q(exam__isnull=True),
                name="quizzes_blueprint_name",
                violation_error_message=_("The unit has a blueprint of this name."),
            )
        ]

    def __str__(self) -> str:
        return self.name


class BlueprintVersion(models.Model):
    """One state of the rows. A version that a draw was made from is never changed: the next edit is a new version."""

    blueprint = models.ForeignKey(Blueprint, models.CASCADE, related_name="versions", verbose_name=_("blueprint"))
    number = models.PositiveIntegerField(_("version"))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("made by")
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("version of a blueprint")
        verbose_name_plural = _("versions of blueprints")
        constraints = [models.UniqueConstraint(fields=["blueprint", "number"], name="quizzes_blueprint_version")]

    def __str__(self) -> str:
        return f"{self.blueprint} v{self.number}"


class BlueprintRow(models.Model):
    """One cell: so many items of a topic (with its subtopics), a level and a kind, for so many points each.

    An empty topic, level or kind stands for any. ``specification`` is the row's text of the *bảng đặc tả*.
    """

    version = models.ForeignKey(BlueprintVersion, models.CASCADE, related_name="rows", verbose_name=_("version"))
    position = models.PositiveSmallIntegerField(_("position"))
    topic = models.ForeignKey(
        "quizzes.Topic", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("topic")
    )
    level = models.CharField(_("level"), max_length=12, choices=Level, blank=True)
    kind = models.SlugField(_("kind"), max_length=30, blank=True)
    count = models.PositiveSmallIntegerField(
        _("questions"), default=1, validators=[MinValueValidator(1), MaxValueValidator(200)]
    )
    points = models.DecimalField(
        _("points each"), max_digits=5, decimal_places=2, default=1, validators=[MinValueValidator(0.01)]
    )
    specification = models.TextField(_("what is tested"), blank=True)

    class Meta:
        ordering = ["version", "position"]
        verbose_name = _("row of a blueprint")
        verbose_name_plural = _("rows of blueprints")
        constraints = [
            models.UniqueConstraint(fields=["version", "position"], name="quizzes_blueprint_row"),
            models.CheckConstraint(
                condition=models.Q(count__gte=1, count__lte=200), name="quizzes_blueprint_row_count"
            ),
            models.CheckConstraint(condition=models.Q(points__gt=0), name="quizzes_blueprint_row_points"),
        ]

    def __str__(self) -> str:
        return f"{self.version_id}/{self.position}"


class ExamDraw(ImmutableModel):
    """Forms drawn for an exam, with the proof that they keep the blueprint and every limit.

    ``limits`` is what was asked for, ``forms`` ``[[{"row", "item", "version", "points"}]]`` in order of the rows,
    ``proof`` what the check found: cells by form, the matrix of shared items, expected points.
    """

    exam = models.ForeignKey("quizzes.Exam", models.PROTECT, related_name="draws", verbose_name=_("exam"))
    number = models.PositiveIntegerField(_("number"))
    blueprint_version = models.ForeignKey(
        BlueprintVersion, models.PROTECT, related_name="draws", verbose_name=_("version of the blueprint")
    )
    seed = models.BigIntegerField()
    limits = models.JSONField()
    forms = models.JSONField()
    proof = models.JSONField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("made by")
    )
    created_at = models.DateTimeField(_("drawn at"), auto_now_add=True)

    class Meta:
        ordering = ["exam", "-number"]
        verbose_name = _("draw")
        verbose_name_plural = _("draws")
        constraints = [models.UniqueConstraint(fields=["exam", "number"], name="quizzes_draw_number")]

    def __str__(self) -> str:
        return f"{self.exam_id} #{self.number}"


class ItemUse(models.Model):
    """That a set of papers asks an item, and in how many of its forms: what exposure is counted by."""

    item = models.ForeignKey(
        "quizzes.Item", models.CASCADE, related_name="uses", verbose_name=pgettext_lazy("question", "item")
    )
    exam = models.ForeignKey("quizzes.Exam", models.CASCADE, related_name="item_uses", verbose_name=_("exam"))
    set_number = models.PositiveIntegerField(_("set of papers"))
    forms = models.PositiveSmallIntegerField(_("forms"), default=1)
    used_on = models.DateField(_("used on"))

    class Meta:
        verbose_name = _("use of an item")
        verbose_name_plural = _("uses of items")
        constraints = [models.UniqueConstraint(fields=["item", "exam", "set_number"], name="quizzes_use_once")]
        indexes = [models.Index(fields=["exam", "set_number"], name="quizzes_use_set")]

    def __str__(self) -> str:
        return f"{self.item_id} in {self.exam_id}/{self.set_number}"
