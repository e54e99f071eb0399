"""Coming in by the code that stands on the wall: find the sitting, sign up where that is allowed, start."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_http_methods, require_safe

from lms.common.clock import now
from lms.common.errors import DomainError
from lms.people.services.sessions import open_session
from lms.progress.services import joining
from lms.progress.services.exams import start_for_enrolment
from lms.progress.sittings import recent_leaderboard
from quizzes.device_cookie import device_of, remember_device
from quizzes.engine.admission import clean_code
from quizzes.enums import SignUp, SittingMode
from quizzes.models import Sitting

_BACKEND = settings.AUTHENTICATION_BACKENDS[0]


class NameForm(forms.Form):
    """Who comes in without an account."""

    full_name = forms.CharField(label=gettext_lazy("Full name"), max_length=120, min_length=3)
    organisation = forms.CharField(label=gettext_lazy("Unit / Party cell"), max_length=200, required=False)


@login_not_required
@csrf_protect
@never_cache
@require_http_methods(["GET", "POST"])
def join(request: HttpRequest, code: str = "") -> HttpResponse:
    """The code form; with a code the sitting: what it is, and the button that starts."""
    typed = clean_code(code or request.POST.get("code", "") or request.GET.get("code", ""))
    if not typed:
        return render(request, "learner/join.html", {})
    try:
        sitting = joining.find_sitting(code=typed, user=request.user)
    except DomainError as error:
        messages.error(request, str(error))
        return render(request, "learner/join.html", {"code": typed}, status=422)
    if sitting is None:
        if not request.user.is_authenticated:
            # The same for a wrong code and for a sitting that asks who comes in.
            messages.info(request, _("Please sign in to come in with this code."))
            return redirect_to_login(request.get_full_path())
        messages.error(request, _("No test has this code."))
        return render(request, "learner/join.html", {"code": typed}, status=422)
    if request.method == "POST" and code:
        return _come_in(request, sitting, typed)
    if not code:
        return redirect("learner:join_code", typed)
    return _page(request, sitting, NameForm())


def _page(
    request: HttpRequest, sitting: Sitting, form: NameForm, *, waiting: str = "", status: int = 200
) -> HttpResponse:
    moment = now()
    context: dict[str, Any] = {
        "sitting": sitting,
        "form": form,
        "asks_name": not request.user.is_authenticated,
        "waiting": waiting,
        "not_yet": moment < sitting.opens_at or (sitting.needs_opening and sitting.opened_at is None),
        "over": moment >= sitting.closes_at,
        "code": sitting.code,
        "is_contest": sitting.mode == SittingMode.CONTEST,
    }
    return render(request, "learner/join_sitting.html", context, status=status)


def _come_in(request: HttpRequest, sitting: Sitting, code: str) -> HttpResponse:
    form = NameForm(request.POST)
    try:
        if not request.user.is_authenticated:
            if sitting.sign_up != SignUp.OPEN or not form.is_valid():
                return _page(request, sitting, form, status=422)
            data = form.cleaned_data
            user = joining.sign_up(sitting=sitting, full_name=data["full_name"], organisation=data["organisation"])
            open_session(request=request, user=user, remember=False, by="sitting_code", backend=_BACKEND)
        enrolment = joining.join(sitting=sitting, user=request.user)  # type: ignore[arg-type]
        attempt = start_for_enrolment(
            enrolment=enrolment, item_id=sitting.item_id, user=request.user, code=code, device=device_of(request)
        )
    except DomainError as error:
        if request.user.is_authenticated:
            # An address to look at again: signing in has changed the token of the form that was sent, so that
            # reloading the page of a refusal would say that the form has expired.
            messages.warning(request, str(error))
            return redirect("learner:join_code", code)
        return _page(request, sitting, form, waiting=str(error), status=409)
    return remember_device(request, redirect("quizzes:attempt", attempt.pk))


@require_safe
def contest_ranking(request: HttpRequest, code: str) -> HttpResponse:
    """The leaderboard, for those who may know the sitting; worked out at most twice a minute."""
    sitting = joining.find_sitting(code=code, user=request.user)
    if sitting is None or not sitting.leaderboard:
        raise Http404
    board = recent_leaderboard(sitting)
    return render(request, "learner/ranking.html", {"sitting": sitting, "board": board})
