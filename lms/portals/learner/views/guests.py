"""A guest's one page: the test of the sitting, the personal code, the result; and coming back by the code."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lms.common.clock import now
from lms.common.errors import DomainError
from lms.common.request_context import client_address
from lms.exams.device_cookie import device_of, remember_device
from lms.exams.enums import AttemptState
from lms.exams.models import Attempt, SittingGuest
from lms.exams.services import joining
from lms.exams.services.guests import code_of
from lms.portals.learner.views.joining import sign_in_guest


def _find_guest(request: HttpRequest, guest_id: int) -> SittingGuest:
    found = SittingGuest.objects.own(request.user).select_related("sitting__exam", "user")
    return get_object_or_404(found, pk=guest_id)


@require_safe
@never_cache
def place(request: HttpRequest, guest_id: int) -> HttpResponse:
    """Show the guest's test, the personal code and the way on: start, go on, result."""
    guest = _find_guest(request, guest_id)
    sitting, moment = guest.sitting, now()
    attempts = list(Attempt.objects.filter(guest=guest).only("number", "state", "exam_id").order_by("-number"))
    used = sum(one.state != AttemptState.ANNULLED for one in attempts)
    most = sitting.exam.max_attempts
    context = {
        "guest": guest,
        "sitting": sitting,
        "personal_code": code_of(guest),
        "running": next((one for one in attempts if one.state == AttemptState.OPEN), None),
        "done": [one for one in attempts if one.state == AttemptState.SUBMITTED],
        "may_start": moment < sitting.closes_at and (most is None or used < most),
        "over": moment >= sitting.closes_at,
        "not_yet": moment < sitting.opens_at or (sitting.needs_opening and sitting.opened_at is None),
    }
    return render(request, "learner/guest.html", context)


@require_POST
@never_cache
def start(request: HttpRequest, guest_id: int) -> HttpResponse:
    """Start the test, or go on with it."""
    guest = _find_guest(request, guest_id)
    try:
        attempt = joining.start_for_guest(guest=guest, device=device_of(request))
    except DomainError as error:
        messages.warning(request, str(error))
        return redirect("learner:guest", guest.pk)
    return remember_device(request, redirect("attempts:attempt", attempt.pk))


@require_POST
def leave(request: HttpRequest, guest_id: int) -> HttpResponse:
    """Make room for somebody else at this machine: sign out, and back to the sitting."""
    guest = _find_guest(request, guest_id)
    code = guest.sitting.code
    if guest.user.is_guest:
        logout(request)
    response = redirect("learner:join-code", code) if code else redirect("learner:join")
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


@login_not_required
@csrf_protect
@never_cache
@require_http_methods(["GET", "POST"])
def come_back(request: HttpRequest) -> HttpResponse:
    """Come back by the personal code: on another phone, after the session ended, in the middle of the test."""
    typed, problem = request.POST.get("personal_code", ""), ""
    if request.method == "POST":
        try:
            guest = joining.come_back(code=typed, address=client_address(request))
        except DomainError as error:
            status = 429 if error.code == "code_throttled" else 422
            context = {"typed": typed, "problem": str(error)}
            return render(request, "learner/guest_return.html", context, status=status)
        sign_in_guest(request, guest.user, guest.sitting)
        return redirect("learner:guest", guest.pk)
    return render(request, "learner/guest_return.html", {"typed": typed, "problem": problem})
