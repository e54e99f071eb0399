"""The learner's part of the menu, and where a handed-in test leads back to."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from lms.common.menu import MenuItem
from lms.people.access import memberships_of
from quizzes.models import Attempt


def learner_menu(request: HttpRequest) -> Sequence[MenuItem]:
    """Study entries: in full for learners, one entry for people with an office, who may study too."""
    if not request.user.is_authenticated:
        return ()
    if memberships_of(request.user):
        return (MenuItem(_("My study"), reverse("learner:home"), "book-open", order=80, section=_("For me")),)
    return (
        MenuItem(_("Study"), reverse("learner:home"), "book-open", order=10),
        MenuItem(_("Schedule"), reverse("learner:schedule"), "calendar", order=20),
        MenuItem(_("Certificates"), reverse("learner:certificates"), "certificate", order=30),
    )


def return_url(attempt: Attempt) -> str:
    """The outline of the class that the attempt counts for."""
    return reverse("learner:item", args=[attempt.context_id, attempt.context_item_id])
