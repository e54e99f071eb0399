"""Data of classes about a person: for the person's own data, and when the person is erased."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lms.classes.enums import ClassState, EnrolmentStatus
from lms.classes.models import ClassStaff, Enrolment, EnrolmentRequest
from lms.people.erasure import Kept

RUNNING = (ClassState.PLANNED, ClassState.OPEN, ClassState.CLOSED)
LABELS = {
    "class": gettext_lazy("class"),
    "programme": gettext_lazy("programme"),
    "unit": gettext_lazy("unit"),
    "status": gettext_lazy("status"),
    "percent": gettext_lazy("percent done"),
    "score": gettext_lazy("mark out of 10"),
    "started_at": gettext_lazy("started at"),
    "completed_at": gettext_lazy("completed at"),
    "asked_at": gettext_lazy("asked at"),
}


def enrolments(user: Any) -> list[dict[str, Any]]:
    """The classes that the person attended, newest first."""
    rows = Enrolment.objects.filter(learner=user).select_related("training_class__edition", "training_class__unit")
    return [
        {
            "class": row.training_class.name,
            "programme": row.training_class.edition.title,
            "unit": row.training_class.unit.name,
            "status": row.get_status_display(),
            "percent": row.percent,
            "score": row.score,
            "started_at": row.started_at,
            "completed_at": row.completed_at,
        }
        for row in rows.order_by("-pk")
    ]


def requests(user: Any) -> list[dict[str, Any]]:
    """Classes of other units that asked for the person, newest first."""
    rows = EnrolmentRequest.objects.filter(learner=user).select_related("training_class__unit")
    return [
        {
            "class": row.training_class.name,
            "unit": row.training_class.unit.name,
            "status": row.shown_state.label,
            "asked_at": row.asked_at,
        }
        for row in rows
    ]


def erase(user: Any) -> dict[str, int]:
    """Take requests about the person away: nothing counts them."""
    count, _rows = EnrolmentRequest.objects.filter(learner=user).delete()
    return {"requests": count}


def kept(user: Any) -> list[Kept]:
    """Enrolments and duties: reports and later questions about a class stand on them."""
    why = gettext_lazy("the class's records and the reports counted from them are kept as archives; without the name")
    return [
        Kept(
            gettext_lazy("Enrolments, with progress and attendance"),
            Enrolment.objects.filter(learner=user).count(),
            why,
        ),
        Kept(gettext_lazy("Duties as lecturer of classes"), ClassStaff.objects.filter(user=user).count(), why),
    ]


def blockers(user: Any) -> list[str]:
    """Classes that are not over: their list and their decisions need the person."""
    active = (EnrolmentStatus.ENROLLED, EnrolmentStatus.IN_PROGRESS, EnrolmentStatus.COMPLETED)
    rows = Enrolment.objects.filter(learner=user, status__in=active, training_class__state__in=RUNNING)
    taught = ClassStaff.objects.filter(user=user, training_class__state__in=RUNNING)
    names = [
        *rows.values_list("training_class__name", flat=True),
        *taught.values_list("training_class__name", flat=True),
    ]
    return [_("The class “%(class)s” is not over yet.") % {"class": name} for name in sorted(set(names))]
