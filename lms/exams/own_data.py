"""Data of exams about a person: for the person's own data, and when the person is erased."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy

from lms.exams.enums import SittingEventKind
from lms.exams.models import Attempt, SittingEvent, SittingGuest
from lms.exams.queries import shows_score
from lms.people.erasure import Kept

LABELS = {
    "exam": gettext_lazy("exam"),
    "state": gettext_lazy("state"),
    "started_at": gettext_lazy("started at"),
    "submitted_at": gettext_lazy("handed in at"),
    "score": gettext_lazy("score"),
    "max_score": gettext_lazy("highest score possible"),
    "receipt": gettext_lazy("receipt"),
}


def attempts(user: Any) -> list[dict[str, Any]]:
    """The person's attempts, newest first; the questions belong to the bank and stay there.

    A score that the exam's rules hide for now is left out, as it is on the pages.
    """
    rows = Attempt.objects.filter(user=user).select_related("exam", "sitting").order_by("-pk")
    return [
        {
            "exam": row.exam.title,
            "state": row.get_state_display(),
            "started_at": row.started_at,
            "submitted_at": row.submitted_at,
            "score": row.score if shows_score(row) else None,
            "max_score": row.max_score,
            "receipt": row.receipt,
        }
        for row in rows
    ]


def kept(user: Any) -> list[Kept]:
    """Attempts prove the marks."""
    why = gettext_lazy("they prove the marks given for them; without the name")
    return [Kept(gettext_lazy("Exam attempts and their answers"), Attempt.objects.filter(user=user).count(), why)]


def forget(user: Any) -> dict[str, int]:
    """Erase by what a guest of sittings comes back: name, browser and code. The places stay, for their attempts."""
    places = SittingGuest.objects.filter(user=user)
    told = SittingEvent.objects.filter(kind=SittingEventKind.GUEST_CODE, sitting__guests__user=user, text=str(user))
    SittingEvent.objects.filter(pk__in=list(told.values_list("pk", flat=True))).update(text="")
    return {"guest_places": places.update(code_digest="", device="", name_key="")}
