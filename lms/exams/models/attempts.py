"""Attempts, answers and results."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lms.common.models import ImmutableModel
from lms.exams.enums import AttemptMode, AttemptState


class AttemptQuerySet(models.QuerySet["Attempt"]):
    def visible_to(self, user: Any) -> AttemptQuerySet:
        """A learner's own attempts; others see attempts through the class they are in charge of."""
        if not getattr(user, "is_authenticated", False):
            return self.none()
        return self.filter(user=user)

    def open(self) -> AttemptQuerySet:
        return self.filter(state=AttemptState.OPEN)


class Attempt(models.Model):
    """One try at a paper. State changes only through :mod:`lms.exams.services.attempts`.

    It counts for an enrolment and an item of its class's edition; or it was made by a guest of a sitting
    (:class:`~lms.exams.models.SittingGuest`), who is in no class. The database keeps the two together.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="attempts", verbose_name=_("learner")
    )
    exam = models.ForeignKey("quizzes.Exam", models.PROTECT, related_name="attempts", verbose_name=_("exam"))
    paper = models.ForeignKey("quizzes.Paper", models.PROTECT, related_name="attempts", verbose_name=_("paper"))
    enrolment = models.ForeignKey(
        "classes.Enrolment",
        models.PROTECT,
        null=True,
        db_index=False,  # exams_attempt_number begins with it
        related_name="attempts",
        verbose_name=_("enrolment"),
    )
    guest = models.ForeignKey(
        "exams.SittingGuest",
        models.PROTECT,
        null=True,
        db_index=False,  # exams_attempt_guest_number begins with it
        related_name="attempts",
        verbose_name=_("guest of a sitting"),
    )
    item = models.ForeignKey(
        "programmes.EditionItem",
        models.PROTECT,
        db_index=False,  # looked for with its exam or an enrolment; items of an edition are never deleted
        related_name="attempts",
        verbose_name=_("item"),
    )
    number = models.PositiveSmallIntegerField(_("attempt number"))
    token = models.CharField(max_length=43, unique=True)
    state = models.CharField(_("state"), max_length=10, choices=AttemptState, default=AttemptState.OPEN)
    started_at = models.DateTimeField(_("started at"))
    deadline = models.DateTimeField(_("deadline"), null=True)
    submitted_at = models.DateTimeField(_("handed in at"), null=True)
    mode = models.CharField(_("mode"), max_length=6, choices=AttemptMode, default=AttemptMode.ONLINE)
    forced = models.BooleanField(_("handed in by the clock"), default=False)
    score = models.DecimalField(_("score"), max_digits=7, decimal_places=2, null=True)
    max_score = models.DecimalField(_("highest score possible"), max_digits=7, decimal_places=2)
    receipt = models.CharField(_("receipt"), max_length=64, blank=True)
    sitting = models.ForeignKey(
        "exams.Sitting", models.PROTECT, null=True, related_name="attempts", verbose_name=_("sitting")
    )
    # The device that works on it, if it said so: answers of an earlier one are refused until it takes it back.
    device = models.CharField(max_length=40, blank=True, default="")
    # The exam's rules of moving, as they were at the start; from_slot is the first question still open one way.
    one_way = models.BooleanField(_("no way back"), default=False)
    page_size = models.PositiveSmallIntegerField(_("questions on a page"), default=1)
    from_slot = models.PositiveSmallIntegerField(default=0)
    reopened = models.BooleanField(_("reopened"), default=False)
    key_shown_at = models.DateTimeField(_("key shown to the learner at"), null=True, editable=False)
    marking = models.BooleanField(
        _("being marked"), default=False, help_text=_("Answers wait for a person; there is no score yet.")
    )

    objects = AttemptQuerySet.as_manager()

    class Meta:
        verbose_name = _("attempt")
        verbose_name_plural = _("attempts")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(enrolment__isnull=False, guest__isnull=True)
                | models.Q(enrolment__isnull=True, guest__isnull=False, sitting__isnull=False),
                name="exams_attempt_whose",
            ),
            models.UniqueConstraint(fields=["enrolment", "item", "number"], name="exams_attempt_number"),
            models.UniqueConstraint(
                fields=["guest", "number"],
                condition=models.Q(guest__isnull=False),
                name="exams_attempt_guest_number",
            ),
            models.UniqueConstraint(
                fields=["enrolment", "item"],
                condition=models.Q(state="open"),
                name="exams_attempt_one_open",
            ),
            models.UniqueConstraint(
                fields=["guest"],
                condition=models.Q(state="open", guest__isnull=False),
                name="exams_attempt_guest_one_open",
            ),
            models.CheckConstraint(
                condition=models.Q(state="open", submitted_at__isnull=True) | ~models.Q(state="open"),
                name="exams_attempt_open_unsubmitted",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="submitted") | models.Q(submitted_at__isnull=False),
                name="exams_attempt_submitted_at",
            ),
            models.CheckConstraint(
                condition=models.Q(marking=False) | models.Q(score__isnull=True),
                name="exams_attempt_marking_no_score",
            ),
        ]
        indexes = [
            # the sweep that hands in at the deadline
            models.Index(fields=["deadline"], condition=models.Q(state="open"), name="exams_attempt_due"),
            models.Index(fields=["exam", "state"], name="exams_attempt_exam"),
            # the invigilator's board, the leaderboard
            models.Index(
                fields=["sitting", "state", "-score"],
                condition=models.Q(sitting__isnull=False),
                name="exams_attempt_sitting",
            ),
            # how far keys have spread since they were counted last
            models.Index(
                fields=["key_shown_at"],
                condition=models.Q(key_shown_at__isnull=False),
                name="exams_attempt_key_shown",
            ),
            # the queue of those who mark
            models.Index(fields=["exam"], condition=models.Q(marking=True), name="exams_attempt_marking"),
        ]

    def __str__(self) -> str:
        return f"{self.exam_id}/{self.user_id}/{self.number}"

    @property
    def is_guests(self) -> bool:
        """Whether it was made by a guest of the sitting and so counts for no enrolment."""
        return self.guest_id is not None

    @property
    def state_label(self) -> str:
        """The state in words, as its learner reads it."""
        if self.marking and self.state == AttemptState.SUBMITTED:
            return str(pgettext_lazy("attempt", "Being marked"))
        return str(AttemptState(self.state).label)


class Response(models.Model):
    """The kept answer to one slot. Written by one idempotent statement in :mod:`lms.exams.services.responses`."""

    pk = models.CompositePrimaryKey("attempt_id", "slot")
    attempt = models.ForeignKey(Attempt, models.CASCADE, related_name="responses")
    slot = models.PositiveSmallIntegerField()
    answer = models.JSONField()
    seq = models.BigIntegerField()
    saved_at = models.DateTimeField()

    class Meta:
        verbose_name = _("response")
        verbose_name_plural = _("responses")

    def __str__(self) -> str:
        return f"{self.attempt_id}/{self.slot}"


class AttemptResult(ImmutableModel):
    """The outcome of one grading; a regrade or a person's marks add a row and never lose the old one.

    ``points`` is ``{"<slot>": "<decimal>"}``; ``pending`` lists the slots that wait for a person and stand neither in
    ``points`` nor in ``score``.
    """

    attempt = models.ForeignKey(Attempt, models.PROTECT, related_name="results", verbose_name=_("attempt"))
    number = models.PositiveSmallIntegerField(_("grading number"))
    points = models.JSONField(_("points by slot"))
    pending = models.JSONField(_("slots to be marked"), default=list, blank=True)
    score = models.DecimalField(_("score"), max_digits=7, decimal_places=2)
    max_score = models.DecimalField(_("highest score possible"), max_digits=7, decimal_places=2)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    receipt = models.CharField(_("receipt"), max_length=64, blank=True, default="")
    graded_at = models.DateTimeField(_("graded at"))

    class Meta:
        verbose_name = _("result")
        verbose_name_plural = _("results")
        constraints = [models.UniqueConstraint(fields=["attempt", "number"], name="exams_result_number")]
        # what is new for the statistics
        indexes = [models.Index(fields=["graded_at"], name="exams_result_when")]

    def __str__(self) -> str:
        return f"{self.attempt_id} #{self.number}: {self.score}/{self.max_score}"
