"""Answers written on paper, on their way into attempts."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from lms.common.models import TimeStampedModel
from lms.exams.enums import SheetState


class PaperSheet(TimeStampedModel):
    """The answer sheet of one candidate, entered by two people who do not see each other's entry.

    Changes only through :mod:`lms.exams.services.sheets`. It counts for an enrolment and an item of its class's
    edition, like an attempt. An entry is ``{"code": "101", "answers": {"1": "A"}}`` in the words of the key grid;
    ``settled`` is what both agree on, or what was decided where they differed.
    """

    exam = models.ForeignKey("quizzes.Exam", models.PROTECT, related_name="sheets", verbose_name=_("exam"))
    set_number = models.PositiveIntegerField(_("set of papers"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="paper_sheets", verbose_name=_("learner")
    )
    enrolment = models.ForeignKey(
        "classes.Enrolment", models.PROTECT, db_index=False, related_name="paper_sheets", verbose_name=_("enrolment")
    )
    item = models.ForeignKey(
        "programmes.EditionItem", models.PROTECT, related_name="paper_sheets", verbose_name=_("item")
    )
    state = models.CharField(_("state"), max_length=10, choices=SheetState, default=SheetState.ONCE)
    source = models.CharField(_("source"), max_length=200, blank=True)
    first = models.JSONField()
    first_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("entered by")
    )
    first_at = models.DateTimeField()
    second = models.JSONField(null=True)
    second_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("entered again by")
    )
    second_at = models.DateTimeField(null=True)
    settled = models.JSONField(null=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("settled by")
    )
    attempt = models.OneToOneField(
        "exams.Attempt", models.PROTECT, null=True, related_name="sheet", verbose_name=_("attempt")
    )

    class Meta:
        verbose_name = _("answer sheet")
        verbose_name_plural = _("answer sheets")
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "item", "exam", "set_number"], name="exams_sheet_once"),
            models.CheckConstraint(
                condition=models.Q(second_by__isnull=True) | ~models.Q(second_by=models.F("first_by")),
                name="exams_sheet_two_people",
                violation_error_message=_("The second entry is made by somebody else."),
            ),
            models.CheckConstraint(
                condition=~models.Q(state="posted") | models.Q(attempt__isnull=False),
                name="exams_sheet_posted",
            ),
        ]
        indexes = [models.Index(fields=["exam", "set_number"], name="exams_sheet_set")]

    def __str__(self) -> str:
        return f"{self.exam_id}/{self.user_id}"


class SheetImport(TimeStampedModel):
    """Answer sheets read from a scanner's spreadsheet, shown before all of them are taken or none."""

    exam = models.ForeignKey("quizzes.Exam", models.CASCADE, related_name="sheet_imports", verbose_name=_("exam"))
    set_number = models.PositiveIntegerField(_("set of papers"))
    training_class = models.ForeignKey(
        "classes.TrainingClass", models.CASCADE, related_name="sheet_imports", verbose_name=_("class")
    )
    item = models.ForeignKey("programmes.EditionItem", models.CASCADE, related_name="+", verbose_name=_("item"))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("made by")
    )
    source = models.CharField(_("source"), max_length=200, blank=True)
    rows = models.JSONField(_("rows"), default=list)
    problems = models.JSONField(_("problems"), default=list)
    done_at = models.DateTimeField(_("carried out at"), null=True)

    class Meta:
        verbose_name = _("file of answer sheets")
        verbose_name_plural = _("files of answer sheets")

    def __str__(self) -> str:
        return self.source or f"#{self.pk}"
