"""Data of the grade book about a person: for the person's own data, and when the person is erased."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy

from lms.exams.queries import shows_score
from lms.gradebook.models import LedgerEntry
from lms.people.erasure import Kept

LABELS = {
    "class": gettext_lazy("class"),
    "item": gettext_lazy("item"),
    "points": gettext_lazy("points"),
    "max_points": gettext_lazy("out of"),
    "at": gettext_lazy("at"),
    "reason": gettext_lazy("reason"),
}


def marks(user: Any) -> list[dict[str, Any]]:
    """Every mark that was given, corrected ones too, newest first; without points that an exam's rules hide for now."""
    rows = LedgerEntry.objects.filter(enrolment__learner=user).select_related(
        "item", "enrolment__training_class", "attempt__exam", "attempt__sitting"
    )
    return [
        {
            "class": row.enrolment.training_class.name,
            "item": row.item.title,
            "points": row.points if row.attempt is None or shows_score(row.attempt) else None,
            "max_points": row.max_points,
            "at": row.at,
            "reason": row.reason,
        }
        for row in rows.order_by("-pk")
    ]


def kept(user: Any) -> list[Kept]:
    """Marks are a ledger: no entry is ever taken out."""
    count = LedgerEntry.objects.filter(enrolment__learner=user).count()
    why = gettext_lazy("marks are a ledger that decisions on completion stand on; without the name")
    return [Kept(gettext_lazy("Entries of the grade ledger"), count, why)]
