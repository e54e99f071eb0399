"""Marking by people: who marks what, drafts, final points, and what learners were told."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from lms.common.models import TimeStampedModel
from lms.exams.enums import AttemptState, MarkingState, ScriptState


class MarkingSessionQuerySet(models.QuerySet["MarkingSession"]):
    def visible_to(self, user: Any) -> MarkingSessionQuerySet:
        """Sessions that ``user`` runs or marks in."""
        from lms.exams.access import marking_sessions_visible_to

        return marking_sessions_visible_to(user, self)

    def manageable_by(self, user: Any) -> MarkingSessionQuerySet:
        """Sessions in which ``user`` gives out work, settles and releases."""
        from lms.exams.access import marking_sessions_run_by

        return marking_sessions_run_by(user, self)


class MarkingSession(TimeStampedModel):
    """The marking (*đợt chấm*) of one exam in one class.

    Changes only through :mod:`lms.exams.services.marking.sessions`. The exam is an item of the class's edition.
    """

    exam = models.ForeignKey("quizzes.Exam", models.PROTECT, related_name="marking_sessions", verbose_name=_("exam"))
    unit = models.ForeignKey("people.Unit", models.PROTECT, related_name="marking_sessions", verbose_name=_("unit"))
    training_class = models.ForeignKey(
        "classes.TrainingClass", models.PROTECT, related_name="marking_sessions", verbose_name=_("class")
    )
    item = models.ForeignKey("programmes.EditionItem", models.PROTECT, related_name="+", verbose_name=_("item"))
    name = models.CharField(_("name"), max_length=250, help_text=_("Of the class, as markers read it."))
    rounds = models.PositiveSmallIntegerField(
        _("markers for each answer"), default=1, choices=[(1, _("one marker")), (2, _("two independent markers"))]
    )
    anonymous = models.BooleanField(
        _("anonymous"), default=True, help_text=_("Markers see a code instead of the learner's name.")
    )
    tolerance = models.DecimalField(
        _("two markers may differ by"),
        max_digits=4,
        decimal_places=3,
        default="0.1",
        help_text=_("As a share of what the question is worth: 0.1 is 10 %. Beyond it somebody settles."),
    )
    settler = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("who settles"),
        help_text=_("Besides those who run exams at the unit."),
    )
    # From it the codes are drawn; it never leaves the server.
    seed = models.BigIntegerField(editable=False)
    # The corrections of keys that were looked at (Exam.key_revision): some answers need no person any more.
    key_revision = models.PositiveIntegerField(default=0, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("made by")
    )

    objects = MarkingSessionQuerySet.as_manager()

    class Meta:
        verbose_name = _("marking session")
        verbose_name_plural = _("marking sessions")
        constraints = [
            models.UniqueConstraint(fields=["exam", "training_class", "item"], name="exams_marking_session_once"),
            models.CheckConstraint(condition=models.Q(rounds__in=[1, 2]), name="exams_marking_rounds"),
            models.CheckConstraint(
                condition=models.Q(tolerance__gte=0) & models.Q(tolerance__lte=1),
                name="exams_marking_tolerance",
                violation_error_message=_("A share lies between 0 and 1."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.exam} – {self.name}"


class SessionMarker(models.Model):
    """A marker of a session; one who left keeps what was finished."""

    session = models.ForeignKey(MarkingSession, models.CASCADE, related_name="markers", verbose_name=_("session"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="marking_sessions", verbose_name=_("marker")
    )
    active = models.BooleanField(_("marks"), default=True)

    class Meta:
        verbose_name = _("marker")
        verbose_name_plural = _("markers")
        constraints = [models.UniqueConstraint(fields=["session", "user"], name="exams_marker_once")]

    def __str__(self) -> str:
        return f"{self.session_id}: {self.user_id}"


class ScriptQuerySet(models.QuerySet["Script"]):
    def manageable_by(self, user: Any) -> ScriptQuerySet:
        """Answers that ``user`` may settle, give back and release."""
        from lms.exams.access import scripts_settled_by

        return scripts_settled_by(user, self)

    def alive(self) -> ScriptQuerySet:
        """Answers that count: of attempts that are handed in, not taken out by a correction."""
        return self.filter(attempt__state=AttemptState.SUBMITTED).exclude(state=ScriptState.VOID)


class Script(models.Model):
    """One written answer with its code (*phách*), from waiting to released.

    Changes only through :mod:`lms.exams.services.marking.sessions`, ``marking_work`` and ``marking_release``.
    ``points`` are final for the markers; ``released`` is what the learner was told last:
    ``{"criteria": [{"title", "points", "most", "comments"}], "comments": [...]}``.
    """

    session = models.ForeignKey(MarkingSession, models.PROTECT, related_name="scripts", verbose_name=_("session"))
    attempt = models.ForeignKey("exams.Attempt", models.PROTECT, related_name="scripts", verbose_name=_("attempt"))
    slot = models.PositiveSmallIntegerField()
    version = models.ForeignKey("quizzes.ItemVersion", models.PROTECT, related_name="+", verbose_name=_("question"))
    code = models.PositiveIntegerField(_("code"))
    worth = models.DecimalField(_("points possible"), max_digits=5, decimal_places=2)
    state = models.CharField(_("state"), max_length=8, choices=ScriptState, default=ScriptState.WAITING)
    # When the attempt was handed in: an attempt that was reopened and handed in again is marked again.
    handed_in_at = models.DateTimeField()
    points = models.DecimalField(_("points"), max_digits=5, decimal_places=2, null=True)
    criteria = models.JSONField(_("points by criterion"), default=dict, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("settled by")
    )
    reason = models.CharField(_("reason"), max_length=200, blank=True, default="")
    comment = models.TextField(_("comment of whoever settled"), blank=True, default="")
    released = models.JSONField(null=True)
    released_at = models.DateTimeField(_("released at"), null=True)

    objects = ScriptQuerySet.as_manager()

    class Meta:
        verbose_name = _("answer to be marked")
        verbose_name_plural = _("answers to be marked")
        constraints = [
            models.UniqueConstraint(fields=["attempt", "slot"], name="exams_script_once"),
            models.UniqueConstraint(fields=["session", "version", "code"], name="exams_script_code"),
            models.CheckConstraint(
                condition=models.Q(state__in=["waiting", "differs", "void"], points__isnull=True)
                | models.Q(state__in=["ready", "released"], points__isnull=False),
                name="exams_script_points",
            ),
        ]
        # what a session has in each state
        indexes = [models.Index(fields=["session", "state"], name="exams_script_state")]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The code as markers read it."""
        return str(_("Code %(code)s") % {"code": str(self.code).zfill(3)})


class MarkingQuerySet(models.QuerySet["Marking"]):
    def visible_to(self, user: Any) -> MarkingQuerySet:
        """A marker's own markings, of sessions where that person still marks."""
        from lms.exams.access import markings_visible_to

        return markings_visible_to(user, self)

    def alive(self) -> MarkingQuerySet:
        return self.filter(script__attempt__state=AttemptState.SUBMITTED).exclude(script__state=ScriptState.VOID)


class Marking(models.Model):
    """One marker's points for one answer: a draft until done. Only through :mod:`lms.exams.services.marking.work`.

    ``version`` grows with each save; ``writer`` and ``turn`` say which page of which browser saved last, so that a
    repeated request is no conflict.
    """

    script = models.ForeignKey(Script, models.CASCADE, related_name="markings", verbose_name=_("answer"))
    round = models.PositiveSmallIntegerField(_("round"), default=1)
    marker = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="markings", verbose_name=_("marker")
    )
    state = models.CharField(_("state"), max_length=8, choices=MarkingState, default=MarkingState.WAITING)
    points = models.JSONField(_("points by criterion"), default=dict, blank=True)
    comments = models.JSONField(_("comments by criterion"), default=dict, blank=True)
    comment = models.TextField(_("comment to the learner"), blank=True, default="")
    note = models.TextField(_("note for the other markers"), blank=True, default="")
    total = models.DecimalField(_("points"), max_digits=5, decimal_places=2, null=True)
    version = models.PositiveIntegerField(default=0)
    writer = models.CharField(max_length=40, blank=True, default="")
    turn = models.PositiveIntegerField(default=0)
    saved_at = models.DateTimeField(_("saved at"), null=True)
    done_at = models.DateTimeField(_("done at"), null=True)

    objects = MarkingQuerySet.as_manager()

    class Meta:
        verbose_name = _("marking")
        verbose_name_plural = _("markings")
        constraints = [
            models.UniqueConstraint(fields=["script", "round"], name="exams_marking_round_once"),
            models.UniqueConstraint(fields=["script", "marker"], name="exams_marking_two_people"),
            models.CheckConstraint(condition=models.Q(round__in=[1, 2]), name="exams_marking_round"),
            models.CheckConstraint(
                condition=models.Q(state="done", total__isnull=False, done_at__isnull=False)
                | (~models.Q(state="done") & models.Q(total__isnull=True, done_at__isnull=True)),
                name="exams_marking_done",
            ),
        ]
        # a marker's queue
        indexes = [models.Index(fields=["marker", "state"], name="exams_marking_queue")]

    def __str__(self) -> str:
        return f"{self.script_id}/{self.round}"
