"""Activation slips: one-time codes on paper for learners who have not opened their account yet."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from lms.classes.enums import EnrolmentStatus
from lms.classes.models import Enrolment, TrainingClass
from lms.common.errors import DomainError
from lms.people.models import ActivationCode, User
from lms.people.once import is_repeat
from lms.people.services.accounts import issue_activation_codes
from lms.portals.office.classes.views.common import find_class_to_manage
from lms.portals.office.classes.views.learners import UNUSABLE
from lms.portals.shared import actor_of


def _waiting(request: HttpRequest, training_class: TrainingClass) -> Any:
    """Return enrolments of learners whose account is not opened; ``has_code`` tells who holds a slip already.

    Only of people whom the person administers: the slips of others are made by their own units.
    """
    codes = ActivationCode.objects.filter(user_id=OuterRef("learner_id"), used_at__isnull=True)
    return (
        _unopened(request, training_class)
        .filter(learner__in=User.objects.administered_by(request.user).order_by().values("pk"))
        .annotate(has_code=Exists(codes))
        .select_related("learner__profile")
        .order_by("learner__sort_key", "pk")
    )


def _unopened(request: HttpRequest, training_class: TrainingClass) -> QuerySet[Enrolment]:
    """Return enrolments of all learners whose account is not opened."""
    return (
        Enrolment.objects.visible_to(request.user)
        .filter(training_class=training_class, learner__password__startswith=UNUSABLE, learner__is_active=True)
        .exclude(status=EnrolmentStatus.WITHDRAWN)
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def slips(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask whose slips to print; a POST makes the codes and shows them, this once, ready to print."""
    training_class = find_class_to_manage(request, pk)
    waiting = list(_waiting(request, training_class))
    without = [row for row in waiting if not row.has_code]
    if request.method == "POST" and is_repeat(request):
        messages.info(request, _("These slips were shown once. If they are lost, make new ones."))
        return redirect("office:class-slips", pk=pk)
    if request.method == "POST":
        verb, _colon, only = request.POST.get("act", "").partition(":")
        chosen = waiting if verb == "replace" else without
        if only:
            chosen = [row for row in waiting if str(row.pk) == only]
        try:
            codes = issue_activation_codes([row.learner for row in chosen], actor=actor_of(request))
        except DomainError as error:
            messages.error(request, str(error))
            return redirect("office:class-slips", pk=pk)
        if not codes:
            messages.info(request, _("Nobody needs a slip."))
            return redirect("office:class-learners", pk=pk)
        context = {"class": training_class, "slips": [(row.learner, codes[row.learner_id]) for row in chosen]}
        return render(request, "office/classes/slips_print.html", context)
    others = _unopened(request, training_class).count() - len(waiting)
    context = {"class": training_class, "waiting": waiting, "without": without, "others": others}
    return render(request, "office/classes/slips.html", context)
