"""How every page of a sitting begins."""

from __future__ import annotations

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from quizzes.models import Attempt, Sitting


def find_sitting(request: HttpRequest, sitting_id: int) -> Sitting:
    """The sitting, if the person invigilates it or runs its exam; else 404."""
    found = Sitting.objects.visible_to(request.user).select_related("exam", "unit")
    return get_object_or_404(found, pk=sitting_id)


def find_attempt(sitting: Sitting, attempt_id: int) -> Attempt:
    """An attempt made in the sitting; else 404."""
    return get_object_or_404(sitting.attempts.select_related("exam", "paper", "user", "sitting"), pk=attempt_id)


def state_words() -> dict[str, str]:
    """How the states of the board are called."""
    return {
        "not_started": _("not started"),
        "working": _("at work"),
        "offline": _("offline"),
        "handed_in": _("handed in"),
        "annulled": _("annulled"),
    }
