"""How every page of a sitting begins."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from lms.people.access import has_role
from quizzes.access import INVIGILATION_ROLES
from quizzes.models import Attempt, Sitting


def require_invigilator(user: Any) -> None:
    """404 for whoever has nothing to do with sittings: no role for them, and none to invigilate."""
    if not has_role(user, INVIGILATION_ROLES) and not Sitting.objects.visible_to(user).exists():
        raise Http404


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
