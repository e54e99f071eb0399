"""Training classes, who is in them, and their tallies."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from lms.classes.enums import Band, ClassState, EnrolmentStatus, PlanState, StaffRole
from lms.common.models import TimeStampedModel
from lms.common.text import fold


class TrainingClassQuerySet(models.QuerySet["TrainingClass"]):
    def visible_to(self, user: Any) -> TrainingClassQuerySet:
        """Classes of the units a user oversees, and classes the user teaches."""
        from lms.classes.access import classes_visible_to

        return classes_visible_to(user, self)

    def manageable_by(self, user: Any) -> TrainingClassQuerySet:
        """Classes whose unit ``user`` runs (opens, enrols, records decisions)."""
        from lms.classes.access import classes_manageable_by

        return classes_manageable_by(user, self)

    def named_like(self, text: str) -> TrainingClassQuerySet:
        """Classes whose name, decision or place holds ``text``, with or without accents."""
        return self.filter(search_text__contains=fold(text))


class TrainingClass(TimeStampedModel):
    """One class (*lớp*) of an edition at a unit. Changes only through :mod:`lms.classes.services`."""

    edition = models.ForeignKey("programmes.Edition", models.PROTECT, related_name="classes", verbose_name=_("edition"))
    unit = models.ForeignKey("people.Unit", models.PROTECT, related_name="classes", verbose_name=_("unit"))
    name = models.CharField(_("name"), max_length=200)
    state = models.CharField(_("state"), max_length=10, choices=ClassState, default=ClassState.OPEN)
    year = models.PositiveSmallIntegerField(_("year"), help_text=_("The year of the start date; reports count by it."))
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    opening_decision = models.CharField(_("decision to open"), max_length=120, blank=True)
    opening_decided_on = models.DateField(_("date of the decision"), null=True, blank=True)
    recognition_decision = models.CharField(_("decision of recognition"), max_length=120, blank=True)
    recognised_on = models.DateField(_("date of recognition"), null=True, blank=True)
    capacity = models.PositiveIntegerField(_("capacity"), default=100)
    place = models.CharField(_("place"), max_length=200, blank=True)
    # How many rows the class's tally is spread over; settled when the class is made (ClassTally).
    tally_slots = models.PositiveSmallIntegerField(default=1, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("made by")
    )
    search_text = models.CharField(max_length=540, editable=False, default="")

    objects = TrainingClassQuerySet.as_manager()

    class Meta:
        verbose_name = _("training class")
        verbose_name_plural = _("training classes")
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "year", "name"],
                name="classes_class_name",
                violation_error_message=_("The unit has a class of this name in this year."),
            ),
            models.CheckConstraint(
                condition=models.Q(starts_on__lte=models.F("ends_on")),
                name="classes_class_dates",
                violation_error_message=_("The last day must not be before the first."),
            ),
            models.CheckConstraint(condition=models.Q(state__in=ClassState.values), name="classes_class_state"),
        ]
        indexes = [models.Index(fields=["unit", "year"], name="classes_class_unit_year")]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.search_text = fold(f"{self.name} {self.opening_decision} {self.place}")[:540]
        super().save(*args, **kwargs)


class ClassStaff(models.Model):
    """A person who teaches or runs the class. At most one homeroom lecturer."""

    training_class = models.ForeignKey(TrainingClass, models.CASCADE, related_name="staff", verbose_name=_("class"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="class_staff", verbose_name=_("person")
    )
    role = models.CharField(_("role"), max_length=10, choices=StaffRole, default=StaffRole.LECTURER)

    class Meta:
        verbose_name = _("class staff")
        verbose_name_plural = _("class staff")
        constraints = [
            models.UniqueConstraint(fields=["training_class", "user", "role"], name="classes_staff_once"),
            models.UniqueConstraint(
                fields=["training_class"],
                condition=models.Q(role="homeroom"),
                name="classes_staff_one_homeroom",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.training_class_id}: {self.user} ({self.role})"


class ClassItem(models.Model):
    """Dates of an item in this class: when an exam opens and until when it may be handed in."""

    training_class = models.ForeignKey(TrainingClass, models.CASCADE, related_name="items", verbose_name=_("class"))
    item = models.ForeignKey(
        "programmes.EditionItem", models.PROTECT, related_name="class_items", verbose_name=_("item")
    )
    opens_at = models.DateTimeField(_("opens at"), null=True, blank=True)
    due_at = models.DateTimeField(_("due at"), null=True, blank=True)

    class Meta:
        verbose_name = _("item of a class")
        verbose_name_plural = _("items of a class")
        constraints = [
            models.UniqueConstraint(fields=["training_class", "item"], name="classes_item_once"),
            models.CheckConstraint(
                condition=models.Q(opens_at__isnull=True)
                | models.Q(due_at__isnull=True)
                | models.Q(opens_at__lt=models.F("due_at")),
                name="classes_item_dates",
                violation_error_message=_("It must be due after it opens."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.training_class_id}/{self.item_id}"


class ClassSession(models.Model):
    """A session (*buổi*) of the timetable."""

    training_class = models.ForeignKey(TrainingClass, models.CASCADE, related_name="sessions", verbose_name=_("class"))
    item = models.ForeignKey(
        "programmes.EditionItem",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="class_sessions",
        verbose_name=_("item"),
    )
    title = models.CharField(_("title"), max_length=250)
    starts_at = models.DateTimeField(_("starts at"))
    ends_at = models.DateTimeField(_("ends at"))
    periods = models.PositiveSmallIntegerField(_("periods (tiết)"), default=4)
    place = models.CharField(_("place"), max_length=200, blank=True)
    lecturer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("lecturer"),
    )

    class Meta:
        ordering = ["starts_at"]
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        constraints = [
            models.CheckConstraint(condition=models.Q(starts_at__lt=models.F("ends_at")), name="classes_session_times"),
            models.CheckConstraint(condition=models.Q(periods__gte=1), name="classes_session_periods"),
        ]

    def __str__(self) -> str:
        return self.title


class EnrolmentQuerySet(models.QuerySet["Enrolment"]):
    def active(self) -> EnrolmentQuerySet:
        """Enrolments whose learner may still study."""
        return self.exclude(status=EnrolmentStatus.WITHDRAWN)

    def running(self) -> EnrolmentQuerySet:
        """Enrolments with something to do: not completed, failed or withdrawn, in a class that is open."""
        return self.filter(
            status__in=[EnrolmentStatus.ENROLLED, EnrolmentStatus.IN_PROGRESS],
            training_class__state=ClassState.OPEN,
        )

    def own(self, user: Any) -> EnrolmentQuerySet:
        """The learner's own enrolments in classes that are not cancelled."""
        if not getattr(user, "is_authenticated", False):
            return self.none()
        return self.filter(learner=user).exclude(training_class__state__in=[ClassState.PLANNED, ClassState.CANCELLED])

    def visible_to(self, user: Any) -> EnrolmentQuerySet:
        """Own enrolments, and those of classes visible to ``user``."""
        from lms.classes.access import enrolments_visible_to

        return enrolments_visible_to(user, self)

    def gradable_by(self, user: Any) -> EnrolmentQuerySet:
        """Enrolments whose marks ``user`` enters and corrects: of classes taught or run by ``user``, never the own."""
        from lms.classes.access import enrolments_gradable_by

        return enrolments_gradable_by(user, self)


class Enrolment(TimeStampedModel):
    """A learner in a class. ``status`` and the denormalised figures change only through
    :func:`lms.classes.services.enrolments.set_standing`, which moves the tally in the same transaction.
    """

    training_class = models.ForeignKey(
        TrainingClass, models.PROTECT, related_name="enrolments", verbose_name=_("class")
    )
    learner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="enrolments", verbose_name=_("learner")
    )
    status = models.CharField(_("status"), max_length=11, choices=EnrolmentStatus, default=EnrolmentStatus.ENROLLED)
    percent = models.PositiveSmallIntegerField(_("percent done"), default=0, validators=[MaxValueValidator(100)])
    score = models.DecimalField(_("mark out of 10"), max_digits=4, decimal_places=2, null=True)
    band = models.CharField(_("band"), max_length=10, choices=Band, blank=True)
    next_item = models.ForeignKey(
        "programmes.EditionItem", models.SET_NULL, null=True, related_name="+", verbose_name=_("next item")
    )
    started_at = models.DateTimeField(_("started at"), null=True)
    completed_at = models.DateTimeField(_("completed at"), null=True)
    # The fingerprint of the rules that gave the completed status: an earned status is never taken away.
    completed_by_rules = models.CharField(max_length=64, blank=True)
    last_activity_at = models.DateTimeField(_("last activity"), null=True)
    # Every required item of the theory (professional) modules is done; never taken back, like completion.
    theory_done = models.BooleanField(_("theory done"), default=False)
    professional_done = models.BooleanField(_("professional part done"), default=False)
    enrolled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("enrolled by")
    )

    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("enrolment")
        verbose_name_plural = _("enrolments")
        constraints = [
            models.UniqueConstraint(
                fields=["training_class", "learner"],
                name="classes_enrolment_once",
                violation_error_message=_("This person is in the class already."),
            ),
            models.CheckConstraint(condition=models.Q(percent__lte=100), name="classes_enrolment_percent"),
            models.CheckConstraint(
                condition=models.Q(status__in=EnrolmentStatus.values), name="classes_enrolment_status"
            ),
            models.CheckConstraint(
                condition=~models.Q(status="completed") | models.Q(completed_at__isnull=False),
                name="classes_enrolment_completed_at",
            ),
        ]
        indexes = [
            models.Index(fields=["learner", "status"], name="classes_enrolment_learner"),
            models.Index(fields=["training_class", "status"], name="classes_enrolment_class"),
        ]

    def __str__(self) -> str:
        return f"{self.learner_id} in {self.training_class_id}"


class ClassTally(models.Model):
    """Counts of a class's enrolments by status and band, exact at every commit.

    An ordinary class has one row. A large one is spread over ``TrainingClass.tally_slots`` rows, chosen by the
    enrolment's id, so that a contest of 100,000 people does not queue on one row; its figures are their sum.
    ``theory_done`` and ``professional_done`` leave out the withdrawn.
    """

    pk = models.CompositePrimaryKey("training_class_id", "slot")
    training_class = models.ForeignKey(TrainingClass, models.CASCADE, related_name="tallies")
    slot = models.PositiveSmallIntegerField()
    enrolled = models.IntegerField(_("not started"), default=0)
    in_progress = models.IntegerField(_("in progress"), default=0)
    completed = models.IntegerField(_("completed"), default=0)
    failed = models.IntegerField(_("not completed"), default=0)
    withdrawn = models.IntegerField(_("withdrawn"), default=0)
    average = models.IntegerField(default=0)
    good = models.IntegerField(default=0)
    very_good = models.IntegerField(default=0)
    excellent = models.IntegerField(default=0)
    theory_done = models.IntegerField(default=0)
    professional_done = models.IntegerField(default=0)

    class Meta:
        verbose_name = _("tally of a class")
        verbose_name_plural = _("tallies of classes")

    def __str__(self) -> str:
        return f"{self.training_class_id}/{self.slot}"


class RosterImport(TimeStampedModel):
    """A list of learners read from a file or pasted, shown before it is carried out (all or nothing).

    Its rows hold sensitive data: they are emptied when the list is carried out, and the row goes with the next
    list for the class or after a week.
    """

    training_class = models.ForeignKey(TrainingClass, models.CASCADE, related_name="imports", verbose_name=_("class"))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("made by")
    )
    source = models.CharField(_("source"), max_length=200, blank=True)
    rows = models.JSONField(_("rows"), default=list)
    problems = models.JSONField(_("problems"), default=list)
    notes = models.JSONField(_("notes"), default=list)
    done_at = models.DateTimeField(_("carried out at"), null=True)
    created_count = models.PositiveIntegerField(_("accounts made"), default=0)
    enrolled_count = models.PositiveIntegerField(_("enrolments made"), default=0)
    asked_count = models.PositiveIntegerField(_("requests sent"), default=0)

    class Meta:
        verbose_name = _("list of learners")
        verbose_name_plural = _("lists of learners")

    def __str__(self) -> str:
        return self.source or f"#{self.pk}"


class AnnualPlanQuerySet(models.QuerySet["AnnualPlan"]):
    def visible_to(self, user: Any) -> AnnualPlanQuerySet:
        """Plans of the units that ``user`` oversees."""
        from lms.classes.access import plans_visible_to

        return plans_visible_to(user, self)


class AnnualPlan(TimeStampedModel):
    """The plan of a unit for a year (*kế hoạch mở lớp*). Changes only through lms.classes.services.plans."""

    unit = models.ForeignKey("people.Unit", models.PROTECT, related_name="plans", verbose_name=_("unit"))
    year = models.PositiveSmallIntegerField(_("year"))
    state = models.CharField(_("state"), max_length=9, choices=PlanState, default=PlanState.DRAFT)
    note = models.TextField(_("note"), blank=True)
    submitted_at = models.DateTimeField(_("submitted at"), null=True)
    approved_at = models.DateTimeField(_("approved at"), null=True)

    objects = AnnualPlanQuerySet.as_manager()

    class Meta:
        verbose_name = _("annual plan")
        verbose_name_plural = _("annual plans")
        constraints = [
            models.UniqueConstraint(fields=["unit", "year"], name="classes_plan_once"),
            models.CheckConstraint(condition=models.Q(state__in=PlanState.values), name="classes_plan_state"),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id}/{self.year}"


class PlanLine(models.Model):
    """One programme of a plan. Reports count the approved figures, which stay while a change is being prepared."""

    plan = models.ForeignKey(AnnualPlan, models.CASCADE, related_name="lines", verbose_name=_("annual plan"))
    programme = models.ForeignKey("cms.ProgrammePage", models.PROTECT, related_name="+", verbose_name=_("programme"))
    classes = models.PositiveIntegerField(_("classes"), default=0)
    learners = models.PositiveIntegerField(_("learners"), default=0)
    approved_classes = models.PositiveIntegerField(_("classes approved"), default=0)
    approved_learners = models.PositiveIntegerField(_("learners approved"), default=0)

    class Meta:
        verbose_name = _("line of a plan")
        verbose_name_plural = _("lines of a plan")
        constraints = [models.UniqueConstraint(fields=["plan", "programme"], name="classes_plan_line_once")]

    def __str__(self) -> str:
        return f"{self.plan_id}/{self.programme_id}"
