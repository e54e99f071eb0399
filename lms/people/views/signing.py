"""Signing in and out, and where to go then."""

from __future__ import annotations

from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lms.common.request_context import client_address
from lms.people.access import has_role
from lms.people.enums import CONTENT_ROLES, OVERSIGHT_ROLES, Role
from lms.people.forms import SignInForm
from lms.people.models import User
from lms.people.services.sessions import forget_session
from lms.people.services.sign_in import SignInError, note_sign_out, sign_in
from lms.people.views.factors import finish_sign_in
from lms.people.views.next_page import safe_next


@login_not_required
@sensitive_post_parameters("password")
@csrf_protect
@never_cache
@require_http_methods(["GET", "POST"])
def sign_in_page(request: HttpRequest) -> HttpResponse:
    """The one sign-in of the whole product, Wagtail included."""
    target = safe_next(request)
    if request.method == "GET" and request.user.is_authenticated and not target:
        return redirect("start")
    form = SignInForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                user = sign_in(
                    identifier=form.cleaned_data["username"],
                    password=form.cleaned_data["password"],
                    address=client_address(request),
                    request=request,
                )
            except SignInError as error:
                form.add_error(None, str(error))
                status = 429 if error.code == "paused" else 422
            else:
                return finish_sign_in(request, user, remember=form.cleaned_data["remember"], target=target)
    return render(request, "people/sign_in.html", {"form": form, "next": target}, status=status)


@login_not_required
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session; the browser forgets what it kept of the pages.

    Not what its storage holds: that is work which has not reached the server yet (answers of a test, marks).
    """
    user, key = request.user, request.session.session_key
    logout(request)
    if isinstance(user, User):
        forget_session(key)
        note_sign_out(user)
    response = redirect("/")
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


# Which portal is whose, the widest first.
_PORTALS: tuple[tuple[frozenset[Role], str], ...] = (
    (OVERSIGHT_ROLES, "office:home"),
    (CONTENT_ROLES, "teacher:home"),
    (frozenset({Role.EXAM_OFFICER}), "exams:home"),
)


@require_GET
def start(request: HttpRequest) -> HttpResponse:
    """Send each person to the portal of their work."""
    names = [name for roles, name in _PORTALS if has_role(request.user, roles)]
    if request.user.is_superuser:
        names.append("wagtailadmin_home")
    return redirect(_first_address([*names, "learner:home"]))


def _first_address(names: list[str]) -> str:
    for name in names:
        try:
            return reverse(name)
        except NoReverseMatch:
            continue  # a portal that is not installed here
    return "/"
