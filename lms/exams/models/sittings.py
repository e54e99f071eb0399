"""Sittings (*ca thi*) of exams: windows, codes, invigilators, personal terms, the log."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from lms.common.models import TimeStampedModel
from lms.exams.enums import FileDecision, SignUp, SittingEventKind, SittingMode


class SittingQuerySet(models.QuerySet["Sitting"]):
    def visible_to(self, user: Any) -> SittingQuerySet:
        """Sittings that ``user`` invigilates or whose exams ``user`` runs. Whoever sees one may act in it."""
        from lms.exams.access import sittings_visible_to

        return sittings_visible_to(user, self)


class Sitting(TimeStampedModel):
    """One occasion at which a class sits an exam, an item of its edition: a room, a hall, a contest.

    State changes only through :mod:`lms.exams.services.sittings`.
    An empty ``late_minutes`` or ``cut_at_close`` means the exam's own rule.
    """

    exam = models.ForeignKey("quizzes.Exam", models.PROTECT, related_name="sittings", verbose_name=_("exam"))
    unit = models.ForeignKey("people.Unit", models.PROTECT, related_name="sittings", verbose_name=_("unit"))
    training_class = models.ForeignKey(
        "classes.TrainingClass", models.PROTECT, db_index=False, related_name="sittings", verbose_name=_("class")
    )
    item = models.ForeignKey("programmes.EditionItem", models.PROTECT, related_name="sittings", verbose_name=_("item"))
    mode = models.CharField(_("occasion"), max_length=8, choices=SittingMode, default=SittingMode.EXAM)
    room = models.CharField(_("room or name"), max_length=120, help_text=_("For example: Room 2, morning shift."))
    opens_at = models.DateTimeField(_("opens at"))
    closes_at = models.DateTimeField(_("closes at"))
    needs_opening = models.BooleanField(_("start only after the invigilator opens it"), default=False)
    opened_at = models.DateTimeField(_("start opened at"), null=True, editable=False)
    stopped_at = models.DateTimeField(_("start closed at"), null=True, editable=False)
    code = models.CharField(_("access code"), max_length=12, blank=True, editable=False)
    sign_up = models.CharField(_("who may come in"), max_length=8, choices=SignUp, default=SignUp.ENROLLED)
    max_guests = models.PositiveIntegerField(
        _("most guests let in"), null=True, blank=True, help_text=_("Empty: as the installation says (1,000).")
    )
    # The invigilator's switch; who is in goes on.
    accepts_guests = models.BooleanField(_("new guests are let in"), default=True, editable=False)
    guest_count = models.PositiveIntegerField(_("guests"), default=0, editable=False)
    late_minutes = models.PositiveSmallIntegerField(
        _("minutes one may be late"), null=True, blank=True, help_text=_("Empty: as the exam says.")
    )
    cut_at_close = models.BooleanField(_("late arrivals lose the time they missed"), null=True, blank=True)
    leaderboard = models.BooleanField(_("show a leaderboard"), default=False)
    invigilators = models.ManyToManyField(
        settings.AUTH_USER_MODEL, blank=True, related_name="invigilated_sittings", verbose_name=_("invigilators")
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("made by")
    )

    objects = SittingQuerySet.as_manager()

    class Meta:
        verbose_name = _("sitting")
        verbose_name_plural = _("sittings")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(opens_at__lt=models.F("closes_at")),
                name="exams_sitting_window",
                violation_error_message=_("It must close after it opens."),
            ),
            models.CheckConstraint(condition=models.Q(mode__in=SittingMode.values), name="exams_sitting_mode"),
            models.CheckConstraint(condition=models.Q(sign_up__in=SignUp.values), name="exams_sitting_sign_up"),
            models.UniqueConstraint(fields=["code"], condition=~models.Q(code=""), name="exams_sitting_code"),
        ]
        indexes = [
            # starting an attempt; the lists of invigilators
            models.Index(fields=["training_class", "item"], name="exams_sitting_class"),
            models.Index(fields=["unit", "opens_at"], name="exams_sitting_unit"),
        ]

    def __str__(self) -> str:
        return self.room


class Allowance(TimeStampedModel):
    """The personal terms of one person beyond the rules: time, a window, a try, a room. By whom and why is on record.

    Changes only through :func:`lms.exams.services.invigilation.grant_allowance`.
    """

    enrolment = models.ForeignKey(
        "classes.Enrolment", models.PROTECT, db_index=False, related_name="allowances", verbose_name=_("enrolment")
    )
    item = models.ForeignKey(
        "programmes.EditionItem", models.PROTECT, db_index=False, related_name="+", verbose_name=_("item")
    )
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("learner"))
    sitting = models.ForeignKey(
        Sitting, models.SET_NULL, null=True, blank=True, related_name="allowances", verbose_name=_("sitting")
    )
    extra_minutes = models.PositiveSmallIntegerField(_("minutes more"), default=0)
    extra_percent = models.PositiveSmallIntegerField(_("per cent more time"), default=0)
    extra_attempts = models.PositiveSmallIntegerField(_("attempts more"), default=0)
    opens_at = models.DateTimeField(_("opens for this person at"), null=True, blank=True)
    closes_at = models.DateTimeField(_("closes for this person at"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=300)
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("granted by")
    )

    class Meta:
        verbose_name = _("personal terms")
        verbose_name_plural = _("personal terms")
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "item"], name="exams_allowance_once"),
            models.CheckConstraint(condition=~models.Q(reason=""), name="exams_allowance_reason"),
            models.CheckConstraint(
                condition=models.Q(extra_percent__lte=300),
                name="exams_allowance_percent",
                violation_error_message=_("At most 300 per cent."),
            ),
        ]
        # whether somebody may still sit an item in a time of their own
        indexes = [models.Index(fields=["item", "closes_at"], name="exams_allowance_item")]

    def __str__(self) -> str:
        return f"{self.enrolment_id}/{self.item_id}"


class SittingEvent(models.Model):
    """A line of a sitting's log, shown to its invigilators. The audit record holds the same with its proof."""

    sitting = models.ForeignKey(Sitting, models.CASCADE, related_name="events", verbose_name=_("sitting"))
    attempt = models.ForeignKey(
        "exams.Attempt", models.CASCADE, null=True, related_name="events", verbose_name=_("attempt")
    )
    kind = models.CharField(_("kind"), max_length=14, choices=SittingEventKind)
    text = models.CharField(_("text"), max_length=500, blank=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("by")
    )
    at = models.DateTimeField(_("at"))

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("line of the log")
        verbose_name_plural = _("lines of the log")

    def __str__(self) -> str:
        return f"{self.sitting_id} {self.kind}"


class Presence(models.Model):
    """The last sign of life of a device that works on an attempt. Narrow: one upsert a heartbeat, no index."""

    attempt = models.OneToOneField("exams.Attempt", models.CASCADE, primary_key=True, related_name="presence")
    seen_at = models.DateTimeField()

    class Meta:
        verbose_name = _("presence")
        verbose_name_plural = _("presences")

    def __str__(self) -> str:
        return str(self.attempt_id)


class OfflineFile(models.Model):
    """Answers that a learner brought as a signed file. Decided on by :mod:`lms.exams.services.offline_files`."""

    attempt = models.ForeignKey(
        "exams.Attempt", models.PROTECT, related_name="offline_files", verbose_name=_("attempt")
    )
    digest = models.CharField(max_length=64)
    payload = models.JSONField()
    made_at = models.DateTimeField(_("made at, by the device's account"), null=True)
    uploaded_at = models.DateTimeField(_("uploaded at"))
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("uploaded by")
    )
    late = models.BooleanField(_("after the deadline"))
    decision = models.CharField(_("decision"), max_length=8, choices=FileDecision, default=FileDecision.PENDING)
    decided_at = models.DateTimeField(_("decided at"), null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("decided by")
    )
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    merged = models.PositiveSmallIntegerField(_("answers taken over"), default=0)

    class Meta:
        verbose_name = _("offline file")
        verbose_name_plural = _("offline files")
        constraints = [
            models.UniqueConstraint(fields=["attempt", "digest"], name="exams_offline_once"),
            models.CheckConstraint(
                condition=models.Q(decision="pending") | models.Q(decided_at__isnull=False),
                name="exams_offline_decided",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.attempt_id} {self.digest[:8]}"
