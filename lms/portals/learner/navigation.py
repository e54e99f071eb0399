"""The learner's part of the menu, where a handed-in test leads back to, and what guests may open."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from lms.common.menu import MenuItem
from lms.exams.models import Attempt, SittingGuest
from lms.people.access import memberships_of

# Every one of them starts from the person's own places and attempts.
GUEST_VIEWS = (
    "learner:join",
    "learner:join-code",
    "learner:contest-ranking",
    "learner:guest",
    "learner:guest-leave",
    "learner:guest-return",
    "learner:guest-start",
    "attempts:attempt",
    "attempts:hand-in",
    "attempts:receipt",
    "attempts:result",
    "api:attempt",
    "api:attempt-device",
    "api:attempt-heartbeat",
    "api:attempt-page",
    "api:attempt-paper",
    "api:attempt-responses",
    "api:attempt-review",
    "api:attempt-submit",
)


def learner_menu(request: HttpRequest) -> Sequence[MenuItem]:
    """Study entries: in full for learners, one entry for people with an office, who may study too."""
    if not request.user.is_authenticated or request.user.is_guest:
        return ()
    if memberships_of(request.user):
        return (MenuItem(_("My study"), reverse("learner:home"), "book-open", order=80, section=_("For me")),)
    return (
        MenuItem(_("Study"), reverse("learner:home"), "book-open", order=10),
        MenuItem(_("Schedule"), reverse("learner:schedule"), "calendar", order=20),
        MenuItem(_("Certificates"), reverse("learner:certificates"), "certificate", order=30),
    )


def return_url(attempt: Attempt) -> str:
    """The test in the class that the attempt counts for; of a guest the page of the sitting."""
    if attempt.guest_id:
        return reverse("learner:guest", args=[attempt.guest_id])
    return reverse("learner:item", args=[attempt.enrolment_id, attempt.item_id])


def guest_return(attempt: Attempt) -> str:
    """Return the address where a guest comes back by the personal code."""
    return reverse("learner:guest-return")


def guest_home(user: Any) -> str:
    """The page of the sitting whose guest the person is; of several the latest."""
    place = SittingGuest.objects.own(user).order_by("-pk").values_list("pk", flat=True).first()
    return reverse("learner:guest", args=[place]) if place else reverse("learner:join")
