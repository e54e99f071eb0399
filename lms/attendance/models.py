"""Attendance records of sessions."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class AttendanceStatus(models.TextChoices):
    PRESENT = "present", pgettext_lazy("attendance", "Present")
    LATE = "late", pgettext_lazy("attendance", "Late")
    EXCUSED = "excused", pgettext_lazy("attendance", "Absent with leave")
    ABSENT = "absent", pgettext_lazy("attendance", "Absent")


class AttendanceRecord(models.Model):
    """Written only through :func:`lms.attendance.services.mark_attendance`."""

    pk = models.CompositePrimaryKey("session_id", "enrolment_id")
    session = models.ForeignKey("classes.ClassSession", models.RESTRICT, related_name="attendance")
    enrolment = models.ForeignKey("classes.Enrolment", models.CASCADE, related_name="attendance")
    presence = models.CharField(_("attendance"), max_length=8, choices=AttendanceStatus)
    periods = models.PositiveSmallIntegerField(_("periods credited"))
    marked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    marked_at = models.DateTimeField()

    class Meta:
        verbose_name = _("attendance")
        verbose_name_plural = _("attendance")

    def __str__(self) -> str:
        return f"{self.session_id}/{self.enrolment_id}: {self.presence}"
