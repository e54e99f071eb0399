"""Coming in by the code that stands on the wall: find the sitting, give a name where that is allowed, start."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_http_methods, require_safe

from lms.common.clock import now
from lms.common.errors import DomainError
from lms.common.request_context import client_address
from lms.common.text import normalise
from lms.exams.device_cookie import device_of, remember_device
from lms.exams.engine.admission import clean_code
from lms.exams.enums import SignUp, SittingMode
from lms.exams.models import Sitting, SittingGuest
from lms.exams.queries.leaderboards import recent_leaderboard
from lms.exams.services import joining
from lms.exams.services.guests import refusal_sentence, why_no_guests
from lms.exams.services.starting import start_for_enrolment
from lms.people.models import User
from lms.people.services.sessions import open_session
from lms.people.validators import validate_full_name, validate_name_letters

_BACKEND = settings.AUTHENTICATION_BACKENDS[0]


class NameForm(forms.Form):
    """The name of a person without an account."""

    full_name = forms.CharField(
        label=gettext_lazy("Full name"),
        max_length=120,
        help_text=gettext_lazy("As it shall stand in the results."),
        widget=forms.TextInput({"autocomplete": "name", "autocapitalize": "words"}),
    )
    organisation = forms.CharField(
        label=gettext_lazy("Unit / Party cell"), max_length=200, required=False, validators=[validate_name_letters]
    )

    def clean_full_name(self) -> str:
        """Return the name in its one form.

        Raises:
            ValidationError: it is no name.
        """
        name = normalise(self.cleaned_data["full_name"])
        validate_full_name(name)
        if any(len(word) > 60 for word in name.split()):
            raise ValidationError(_("This is too long for a name."), code="name_long")
        return name


def sign_in_guest(request: HttpRequest, user: User, sitting: Sitting) -> None:
    """Sign a guest in until a day after the sitting: closing the browser on a phone must not end a test."""
    open_session(request=request, user=user, remember=False, by="sitting_code", backend=_BACKEND)
    left = sitting.closes_at - now()
    request.session.set_expiry(max(0, int(left.total_seconds())) + 24 * 3600)


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
        sitting = joining.find_sitting(code=typed, user=request.user, address=client_address(request))
    except DomainError as error:
        return _code_page(request, typed, str(error))
    if sitting is None:
        if request.user.is_authenticated:
            return _code_page(request, typed, _("No test has this code. Compare it with the wall."))
        said = _("Nobody comes in with this code without an account. Sign in, or compare the code with the wall.")
        return _code_page(request, typed, said)
    if request.user.is_authenticated:
        place = SittingGuest.objects.own(request.user).filter(sitting=sitting).first()
        if place is not None:
            return redirect("learner:guest", place.pk)
    if request.method == "POST" and code:
        return _come_in(request, sitting, typed)
    if not code:
        return redirect("learner:join-code", typed)
    return _page(request, sitting, NameForm())


def _code_page(request: HttpRequest, typed: str, problem: str) -> HttpResponse:
    """The form again, with the code as it was typed: the same for a wrong code and for one that asks for an account."""
    context = {"code": typed, "problem": problem, "stranger": not request.user.is_authenticated}
    return render(request, "learner/join.html", context, status=422)


def _is_known(request: HttpRequest) -> bool:
    """Whether the person has an account; a guest of another sitting is a stranger here."""
    return bool(request.user.is_authenticated and not request.user.is_guest)


def _page(
    request: HttpRequest, sitting: Sitting, form: NameForm, *, waiting: str = "", status: int = 200
) -> HttpResponse:
    moment = now()
    asks_name = not _is_known(request)
    learner = not asks_name and joining.own_enrolment(sitting=sitting, user=request.user) is not None  # type: ignore[arg-type]
    refusal = (
        "" if learner or sitting.sign_up == SignUp.ENROLLED or moment < sitting.opens_at else why_no_guests(sitting)
    )
    over = moment >= sitting.closes_at
    context: dict[str, Any] = {
        "sitting": sitting,
        "form": form,
        "asks_name": asks_name,
        "waiting": waiting,
        "refusal": refusal_sentence(refusal) if refusal and not over else "",
        "not_yet": moment < sitting.opens_at or (sitting.needs_opening and sitting.opened_at is None),
        "over": over,
        "code": sitting.code,
        "is_contest": sitting.mode == SittingMode.CONTEST,
    }
    return render(request, "learner/join_sitting.html", context, status=status)


def _come_in(request: HttpRequest, sitting: Sitting, code: str) -> HttpResponse:
    form = NameForm(request.POST)
    device = device_of(request)
    try:
        if not _is_known(request):
            if sitting.sign_up != SignUp.OPEN or not form.is_valid():
                return _page(request, sitting, form, status=422)
            data = form.cleaned_data
            guest = joining.sign_up(
                sitting=sitting,
                full_name=data["full_name"],
                organisation=data["organisation"],
                device=device,
                address=client_address(request),
            )
            sign_in_guest(request, guest.user, sitting)
            # the page that shows the personal code, to be written down before anything else
            return remember_device(request, redirect("learner:guest", guest.pk))
        user: User = request.user  # type: ignore[assignment]
        enrolment = joining.own_enrolment(sitting=sitting, user=user)
        if enrolment is not None:
            attempt = start_for_enrolment(
                enrolment=enrolment, item_id=sitting.item_id, user=user, code=code, device=device
            )
        else:
            attempt = joining.start_for_guest(guest=joining.join(sitting=sitting, user=user), device=device)
    except DomainError as error:
        if _is_known(request):
            messages.warning(request, str(error))
            return redirect("learner:join-code", code)
        return _page(request, sitting, form, waiting=str(error), status=409)
    return remember_device(request, redirect("attempts:attempt", attempt.pk))


@require_safe
def contest_ranking(request: HttpRequest, code: str) -> HttpResponse:
    """The leaderboard, for those who may know the sitting; worked out at most twice a minute."""
    try:
        sitting = joining.find_sitting(code=code, user=request.user, address=client_address(request))
    except DomainError as error:  # too many wrong codes
        return _code_page(request, clean_code(code), str(error))
    if sitting is None or not sitting.leaderboard:
        raise Http404
    board = recent_leaderboard(sitting)
    return render(request, "learner/ranking.html", {"sitting": sitting, "board": board})
