"""Figures of the statistics task. Rows are replaced at each run: they are figures, not records."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _


class ExamStatisticsQuerySet(models.QuerySet["ExamStatistics"]):
    def visible_to(self, user: Any) -> ExamStatisticsQuerySet:
        """Statistics of exams whose keys ``user`` may know."""
        from quizzes.access import statistics_visible_to

        return statistics_visible_to(user, self)


class ExamStatistics(models.Model):
    """An exam over the first attempts of everybody (``lms.exams.engine.statistics.TestFigures``); shares are 0 to 1.

    ``people`` is how many the figures stand on, ``attempts`` how many attempts were graded when they were taken.
    ``model`` says what was fitted: ``{"rasch": {...}, "2pl": {...}}`` with people, convergence and log likelihood.
    """

    exam = models.OneToOneField(
        "quizzes.Exam", models.CASCADE, primary_key=True, related_name="statistics", verbose_name=_("exam")
    )
    computed_at = models.DateTimeField(_("worked out at"))
    last_graded_at = models.DateTimeField(_("last grading included"))
    attempts = models.PositiveIntegerField(_("attempts graded"))
    people = models.PositiveIntegerField(_("people"))
    mean = models.FloatField(_("mean"), null=True)
    median = models.FloatField(_("median"), null=True)
    deviation = models.FloatField(_("standard deviation"), null=True)
    lowest = models.FloatField(_("lowest"), null=True)
    highest = models.FloatField(_("highest"), null=True)
    passed = models.PositiveIntegerField(_("passed"), default=0)
    histogram = models.JSONField(default=list)
    alpha = models.FloatField(_("reliability"), null=True)
    kr20 = models.BooleanField(default=False)
    sem = models.FloatField(_("standard error of measurement"), null=True)
    forms = models.PositiveIntegerField(_("forms"), default=1)
    model = models.JSONField(default=dict)

    objects = ExamStatisticsQuerySet.as_manager()

    class Meta:
        verbose_name = _("exam statistics")
        verbose_name_plural = _("exam statistics")
        indexes = [models.Index(fields=["computed_at"], name="quizzes_examstat_when")]

    def __str__(self) -> str:
        return f"{self.exam_id}: {self.people}"

    @property
    def mean_percent(self) -> float | None:
        """The mean score in per cent of the highest one."""
        return None if self.mean is None else 100 * self.mean


class ItemStatistics(models.Model):
    """One question version in one exam (``ItemFigures``, ``ItemParameters``, ``flags``).

    ``options``: ``[{"option", "count", "share", "discrimination", "curve"}]`` by the options' own ids;
    ``irt``: ``{"rasch": {"b", "b_error", "a", "infit", "outfit", "fit_p"}, "2pl": {...}}``;
    ``flags``: ``[{"code", "option"}]``, the gravest first.
    """

    exam = models.ForeignKey("quizzes.Exam", models.CASCADE, related_name="+", verbose_name=_("exam"))
    version = models.ForeignKey(
        "quizzes.ItemVersion", models.CASCADE, related_name="statistics", verbose_name=_("item version")
    )
    asked = models.PositiveIntegerField(_("asked"))
    omitted = models.PositiveIntegerField(_("left out"))
    difficulty = models.FloatField(_("difficulty"), null=True)
    deviation = models.FloatField(_("standard deviation"), null=True)
    discrimination = models.FloatField(_("discrimination"), null=True)
    upper_lower = models.FloatField(_("upper minus lower 27%"), null=True)
    seconds = models.FloatField(_("seconds"), null=True)
    curve = models.JSONField(default=list)
    options = models.JSONField(default=list)
    irt = models.JSONField(default=dict)
    flags = models.JSONField(default=list)

    class Meta:
        verbose_name = _("item statistics")
        verbose_name_plural = _("item statistics")
        constraints = [models.UniqueConstraint(fields=["exam", "version"], name="quizzes_itemstat_once")]

    def __str__(self) -> str:
        return f"{self.exam_id}/{self.version_id}: {self.difficulty}"


class ItemExposure(models.Model):
    """Counts of a question version in an exam: times asked, times its key was shown.

    A task counts (:mod:`lms.exams.services.exposure`). Unlike in the statistics, every attempt counts.
    """

    exam = models.ForeignKey("quizzes.Exam", models.CASCADE, related_name="+", verbose_name=_("exam"))
    version = models.ForeignKey(
        "quizzes.ItemVersion", models.CASCADE, related_name="exposures", verbose_name=_("item version")
    )
    asked = models.PositiveIntegerField(_("asked"))
    shown = models.PositiveIntegerField(_("key shown"), default=0)
    last_shown_at = models.DateTimeField(_("key last shown at"), null=True)
    counted_at = models.DateTimeField(_("counted at"))

    class Meta:
        verbose_name = _("exposure of an item")
        verbose_name_plural = _("exposures of items")
        constraints = [models.UniqueConstraint(fields=["exam", "version"], name="quizzes_exposure_once")]
        indexes = [models.Index(fields=["counted_at"], name="quizzes_exposure_when")]

    def __str__(self) -> str:
        return f"{self.exam_id}/{self.version_id}: {self.shown}/{self.asked}"
