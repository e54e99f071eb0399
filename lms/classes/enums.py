"""Fixed vocabularies of training classes."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ClassState(models.TextChoices):
    PLANNED = "planned", pgettext_lazy("class", "Planned")
    OPEN = "open", pgettext_lazy("class", "Open")
    CLOSED = "closed", pgettext_lazy("class", "Ended")
    RECOGNISED = "recognised", pgettext_lazy("class", "Recognised")
    CANCELLED = "cancelled", pgettext_lazy("class", "Cancelled")


class EnrolmentStatus(models.TextChoices):
    ENROLLED = "enrolled", pgettext_lazy("enrolment", "Enrolled")
    IN_PROGRESS = "in_progress", pgettext_lazy("enrolment", "In progress")
    COMPLETED = "completed", pgettext_lazy("enrolment", "Completed")
    FAILED = "failed", pgettext_lazy("enrolment", "Not completed")
    WITHDRAWN = "withdrawn", pgettext_lazy("enrolment", "Withdrawn")


class RequestState(models.TextChoices):
    """Of a request for a learner of another unit."""

    OPEN = "open", pgettext_lazy("enrolment request", "Waiting for consent")
    ACCEPTED = "accepted", pgettext_lazy("enrolment request", "Accepted")
    DECLINED = "declined", pgettext_lazy("enrolment request", "Declined")
    WITHDRAWN = "withdrawn", pgettext_lazy("enrolment request", "Taken back")
    EXPIRED = "expired", pgettext_lazy("enrolment request", "Expired")


class Band(models.TextChoices):
    """Bands of the final mark (docs/domain.md)."""

    AVERAGE = "average", pgettext_lazy("band", "Average")  # Trung bình
    GOOD = "good", pgettext_lazy("band", "Good")  # Khá
    VERY_GOOD = "very_good", pgettext_lazy("band", "Very good")  # Giỏi
    EXCELLENT = "excellent", pgettext_lazy("band", "Excellent")  # Xuất sắc


class StaffRole(models.TextChoices):
    HOMEROOM = "homeroom", _("homeroom lecturer")
    LECTURER = "lecturer", pgettext_lazy("class staff", "lecturer")
    REGISTRAR = "registrar", pgettext_lazy("class staff", "registrar")


class PlanState(models.TextChoices):
    """Of a unit's annual plan."""

    DRAFT = "draft", pgettext_lazy("plan", "Draft")
    SUBMITTED = "submitted", pgettext_lazy("plan", "Submitted")
    RETURNED = "returned", pgettext_lazy("plan", "Returned")
    APPROVED = "approved", pgettext_lazy("plan", "Approved")
