"""Editions: a programme frozen for teaching, with what counts for completion."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cms.enums import ModuleKind
from lms.common.models import ImmutableModel, ImmutableQuerySet
from lms.programmes.enums import CertificateRule, ItemKind


def default_bands() -> list[dict[str, Any]]:
    """Bands of a final mark out of 10 (docs/domain.md): 5-<7, 7-<8, 8-<9, 9-10."""
    return [
        {"code": "average", "from": "5"},
        {"code": "good", "from": "7"},
        {"code": "very_good", "from": "8"},
        {"code": "excellent", "from": "9"},
    ]


class EditionQuerySet(ImmutableQuerySet["Edition"]):
    def visible_to(self, user: Any) -> EditionQuerySet:
        """Editions that ``user`` may open classes on or author."""
        from lms.programmes.access import editions_visible_to

        return editions_visible_to(user, self)


class Edition(ImmutableModel):
    """Made only by :func:`lms.programmes.services.freeze.freeze_edition`; never changed afterwards.

    The numbers default to the rules of the teaching regulation (docs/domain.md) and are set per edition.
    """

    programme = models.ForeignKey(
        "cms.ProgrammePage", models.PROTECT, related_name="editions", verbose_name=_("programme")
    )
    number = models.PositiveIntegerField(_("edition"))
    title = models.CharField(_("title"), max_length=255)
    frozen_at = models.DateTimeField(_("frozen at"))
    frozen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("frozen by")
    )
    note = models.CharField(_("note"), max_length=250, blank=True)
    pass_mark = models.DecimalField(_("pass mark out of 10"), max_digits=4, decimal_places=2, default="5")
    attendance_share = models.DecimalField(
        _("share of periods to attend"), max_digits=4, decimal_places=3, default="0.8"
    )
    bands = models.JSONField(_("bands"), default=default_bands)
    certificate_rule = models.CharField(
        _("certificate"), max_length=14, choices=CertificateRule, default=CertificateRule.ON_COMPLETION
    )
    digest = models.CharField(_("fingerprint"), max_length=64)

    objects = EditionQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        verbose_name = _("edition")
        verbose_name_plural = _("editions")
        constraints = [
            models.UniqueConstraint(fields=["programme", "number"], name="programmes_edition_number"),
            models.CheckConstraint(
                condition=models.Q(pass_mark__gte=0) & models.Q(pass_mark__lte=10),
                name="programmes_edition_pass_mark",
            ),
            models.CheckConstraint(
                condition=models.Q(attendance_share__gte=0) & models.Q(attendance_share__lte=1),
                name="programmes_edition_attendance",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class EditionModule(ImmutableModel):
    """A module as it was frozen."""

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="modules", verbose_name=_("edition"))
    position = models.PositiveSmallIntegerField(pgettext_lazy("order", "position"))
    title = models.CharField(_("title"), max_length=255)
    kind = models.CharField(_("kind"), max_length=12, choices=ModuleKind)

    class Meta:
        ordering = ["edition", "position"]
        verbose_name = _("module of an edition")
        verbose_name_plural = _("modules of an edition")
        constraints = [models.UniqueConstraint(fields=["edition", "position"], name="programmes_module_position")]

    def __str__(self) -> str:
        return self.title


class EditionItem(ImmutableModel):
    """An item that a learner does, in order. A lesson's text stays live; what counts is here."""

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="items", verbose_name=_("edition"))
    module = models.ForeignKey(EditionModule, models.PROTECT, related_name="items", verbose_name=_("module"))
    position = models.PositiveSmallIntegerField(pgettext_lazy("order", "position"))
    kind = models.CharField(_("kind"), max_length=8, choices=ItemKind)
    title = models.CharField(_("title"), max_length=255)
    periods = models.PositiveSmallIntegerField(_("periods (tiết)"), default=0)
    required = models.BooleanField(_("required"), default=True)
    counts = models.BooleanField(_("counts towards the mark"), default=False)
    weight = models.DecimalField(_("weight in the mark"), max_digits=5, decimal_places=2, default=1)
    min_seconds = models.PositiveIntegerField(_("least reading time in seconds"), default=0)
    lesson = models.ForeignKey(
        "cms.LessonPage",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="edition_items",
        verbose_name=_("lesson"),
    )
    exam = models.ForeignKey(
        "quizzes.Exam",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="edition_items",
        verbose_name=_("exam"),
    )
    # Which frozen set of the exam's papers this item uses (quizzes.Paper.set_number).
    set_number = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["edition", "position"]
        verbose_name = _("item of an edition")
        verbose_name_plural = _("items of an edition")
        constraints = [
            models.UniqueConstraint(fields=["edition", "position"], name="programmes_item_position"),
            models.CheckConstraint(
                condition=(models.Q(kind="lesson", lesson__isnull=False, exam__isnull=True))
                | models.Q(kind="exam", exam__isnull=False, lesson__isnull=True, set_number__isnull=False)
                | models.Q(kind__in=["essay", "session"], lesson__isnull=True, exam__isnull=True),
                name="programmes_item_target",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class ProgrammeItem(models.Model):
    """A planned item beside the lessons: exams and sessions attached to a module, edited until the next freeze."""

    programme = models.ForeignKey(
        "cms.ProgrammePage", models.CASCADE, related_name="planned_items", verbose_name=_("programme")
    )
    module = models.ForeignKey("cms.ModulePage", models.CASCADE, related_name="planned_items", verbose_name=_("module"))
    after_lesson = models.ForeignKey(
        "cms.LessonPage",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("after the lesson"),
        help_text=_("Empty: at the end of the module."),
    )
    kind = models.CharField(
        _("kind"),
        max_length=8,
        choices=[
            (ItemKind.EXAM.value, ItemKind.EXAM.label),
            (ItemKind.SESSION.value, ItemKind.SESSION.label),
        ],
    )
    title = models.CharField(_("title"), max_length=255)
    exam = models.ForeignKey(
        "quizzes.Exam",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="planned_items",
        verbose_name=_("exam"),
    )
    periods = models.PositiveSmallIntegerField(_("periods (tiết)"), default=0)
    required = models.BooleanField(_("required"), default=True)
    counts = models.BooleanField(_("counts towards the mark"), default=False)
    weight = models.DecimalField(_("weight in the mark"), max_digits=5, decimal_places=2, default=1)
    position = models.PositiveSmallIntegerField(pgettext_lazy("order", "position"), default=0)

    class Meta:
        ordering = ["programme", "position", "id"]
        verbose_name = _("planned item")
        verbose_name_plural = _("planned items")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind="exam", exam__isnull=False) | models.Q(kind="session", exam__isnull=True),
                name="programmes_planned_target",
                violation_error_message=_("An exam item needs an exam; a session has none."),
            ),
        ]

    def __str__(self) -> str:
        return self.title
