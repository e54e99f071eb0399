"""Exams, and the papers frozen from them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from lms.common.models import ImmutableModel, TimeStampedModel
from quizzes.enums import CountingRule, ExamPurpose, Letterhead, QuestionSource, Review


class ExamQuerySet(models.QuerySet["Exam"]):
    def visible_to(self, user: Any) -> ExamQuerySet:
        """Exams of units where ``user`` may work on exams or content."""
        from quizzes.access import exams_visible_to

        return exams_visible_to(user, self)

    def correctable_by(self, user: Any) -> ExamQuerySet:
        """Exams whose keys ``user`` may see and correct after they were asked."""
        from quizzes.access import exams_correctable_by

        return exams_correctable_by(user, self)

    def editable_by(self, user: Any) -> ExamQuerySet:
        """Exams whose questions and papers ``user`` makes; nobody else sees them before they are held."""
        from quizzes.access import exams_editable_by

        return exams_editable_by(user, self)


class Exam(TimeStampedModel):
    """The rules of a test and its questions. Attempts run on its papers, never on the exam itself."""

    unit = models.ForeignKey("people.Unit", models.PROTECT, related_name="exams", verbose_name=_("unit"))
    title = models.CharField(_("title"), max_length=250)
    purpose = models.CharField(_("purpose"), max_length=12, choices=ExamPurpose, default=ExamPurpose.FINAL)
    time_limit = models.PositiveSmallIntegerField(_("time limit in minutes"), null=True, blank=True)
    max_attempts = models.PositiveSmallIntegerField(
        _("attempts allowed"), null=True, blank=True, help_text=_("Empty: as many as wanted.")
    )
    counting = models.CharField(
        _("which attempt counts"), max_length=8, choices=CountingRule, default=CountingRule.BEST
    )
    pass_share = models.DecimalField(_("pass mark as a share"), max_digits=4, decimal_places=3, default="0.5")
    shuffle_questions = models.BooleanField(_("shuffle questions"), default=True)
    shuffle_options = models.BooleanField(_("shuffle options"), default=True)
    variants = models.PositiveSmallIntegerField(_("number of paper codes"), default=8)
    review = models.CharField(
        _("after handing in the learner sees"), max_length=8, choices=Review, default=Review.SCORE
    )
    review_after_close = models.CharField(
        _("after the last day the learner sees"), max_length=8, choices=Review, default=Review.KEY
    )
    review_from = models.DateTimeField(_("from this moment on the learner sees something else"), null=True, blank=True)
    review_from_level = models.CharField(
        _("from that moment the learner sees"), max_length=8, choices=Review, default=Review.KEY
    )
    page_size = models.PositiveSmallIntegerField(_("questions on a page"), default=1)
    one_way = models.BooleanField(
        _("no way back to a page that was left"), default=False, help_text=_("Each page is answered once, in order.")
    )
    late_minutes = models.PositiveSmallIntegerField(
        _("minutes one may be late"), null=True, blank=True, help_text=_("Empty: until it closes.")
    )
    cut_at_close = models.BooleanField(
        _("the test ends when it closes"),
        default=True,
        help_text=_("Late arrivals lose the time they missed; otherwise everybody has the full time."),
    )
    # How many corrections of its keys are in force (KeyCorrection.number); 0 saves looking for them.
    key_revision = models.PositiveIntegerField(default=0, editable=False)

    source = models.CharField(
        _("questions come from"), max_length=10, choices=QuestionSource, default=QuestionSource.FIXED
    )
    blueprint = models.ForeignKey(
        "quizzes.Blueprint", models.PROTECT, null=True, blank=True, related_name="exams", verbose_name=_("blueprint")
    )
    forms = models.PositiveSmallIntegerField(
        _("forms drawn"),
        default=1,
        help_text=_("Each form has its own questions; paper codes share the forms evenly."),
    )
    overlap = models.PositiveSmallIntegerField(
        _("questions that two forms may share"), null=True, blank=True, help_text=_("Empty: as few as can be.")
    )
    rest_days = models.PositiveSmallIntegerField(
        _("leave out questions asked in the last … days"), default=0, help_text=_("0: none.")
    )
    max_uses = models.PositiveSmallIntegerField(
        _("leave out questions asked in … exams or more"), null=True, blank=True, help_text=_("Empty: none.")
    )
    spare_shown = models.BooleanField(
        _("leave out questions whose key learners have seen"),
        default=False,
        help_text=_("Keys that were shown after a test, whichever test that was, this one too."),
    )
    tolerance = models.DecimalField(
        _("forms may differ in difficulty by"),
        max_digits=4,
        decimal_places=3,
        null=True,
        blank=True,
        default="0.05",
        help_text=_("As a share of the points: 0.05 is 5 %. Counts where statistics exist."),
    )
    sections = models.BooleanField(
        _("in parts by kind of question"), default=True, help_text=_("Part I single choice, Part II true or false …")
    )
    codes = models.CharField(
        _("own paper codes"), max_length=1000, blank=True, help_text=_("With commas: 101, 102. Empty: from 101 on.")
    )
    letterhead = models.CharField(_("letterhead"), max_length=6, choices=Letterhead, default=Letterhead.PARTY)
    subject = models.CharField(_("subject on the paper"), max_length=250, blank=True)
    held_on = models.DateField(_("held on"), null=True, blank=True)

    objects = ExamQuerySet.as_manager()

    class Meta:
        verbose_name = _("exam")
        verbose_name_plural = _("exams")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(pass_share__gte=0) & models.Q(pass_share__lte=1),
                name="quizzes_exam_pass_share",
            ),
            models.CheckConstraint(
                condition=models.Q(variants__gte=1) & models.Q(variants__lte=100),
                name="quizzes_exam_variants",
            ),
            models.CheckConstraint(
                condition=models.Q(page_size__gte=1) & models.Q(page_size__lte=200),
                name="quizzes_exam_page_size",
                violation_error_message=_("A page holds 1 to 200 questions."),
            ),
            models.CheckConstraint(
                condition=models.Q(forms__gte=1) & models.Q(forms__lte=100), name="quizzes_exam_forms"
            ),
            models.CheckConstraint(
                condition=~models.Q(source="blueprint") | models.Q(blueprint__isnull=False),
                name="quizzes_exam_blueprint",
            ),
        ]

    def passed_with(self, score: Decimal | None, max_score: Decimal | None) -> bool | None:
        """Whether a score reaches the pass mark; ``None`` without a score, or where there is nothing to pass."""
        if score is None or max_score is None or not self.pass_share:
            return None
        return score >= Decimal(self.pass_share) * max_score

    def __str__(self) -> str:
        return self.title


class ExamQuestion(models.Model):
    """A question of the exam's fixed list."""

    exam = models.ForeignKey(Exam, models.CASCADE, related_name="questions", verbose_name=_("exam"))
    position = models.PositiveSmallIntegerField(_("position"))
    version = models.ForeignKey("quizzes.ItemVersion", models.PROTECT, related_name="+", verbose_name=_("item version"))
    points = models.DecimalField(_("points"), max_digits=5, decimal_places=2, default=1)

    class Meta:
        ordering = ["exam", "position"]
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        constraints = [
            models.UniqueConstraint(fields=["exam", "position"], name="quizzes_question_position"),
            models.UniqueConstraint(fields=["exam", "version"], name="quizzes_question_once"),
            models.CheckConstraint(condition=models.Q(points__gt=0), name="quizzes_question_points"),
        ]

    def __str__(self) -> str:
        return f"{self.exam_id}/{self.position}"


class Paper(ImmutableModel):
    """One frozen paper code (*mã đề*): order of questions and options settled, rendered once, without a key.

    ``content`` is exactly what the API serves: ``{"questions": [{"slot", "kind", "points", "stem_html",
    "options": [{"id", "html"}]}]}`` with option ids lettered in this paper's own order. ``layout`` stays on the
    server and maps back: ``[{"slot", "version", "points", "options": [original ids in the shown order]}]``.
    """

    exam = models.ForeignKey(Exam, models.PROTECT, related_name="papers", verbose_name=_("exam"))
    set_number = models.PositiveIntegerField(
        _("set of papers"), help_text=_("Grows each time the exam is frozen again.")
    )
    code = models.CharField(_("paper code"), max_length=12)
    form = models.PositiveSmallIntegerField(_("form"), default=1)
    seed = models.BigIntegerField()
    content = models.JSONField()
    layout = models.JSONField()
    max_score = models.DecimalField(max_digits=7, decimal_places=2)
    digest = models.CharField(max_length=64)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("paper")
        verbose_name_plural = _("papers")
        constraints = [models.UniqueConstraint(fields=["exam", "set_number", "code"], name="quizzes_paper_code")]

    def __str__(self) -> str:
        return f"{self.exam} {self.code}"
