"""Signing in and out, and where to go then."""

from __future__ import annotations

from typing import Any

from allauth.account.views import LoginView
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import NoReverseMatch, reverse
from django.utils.decorators import method_decorator
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_GET, require_POST

from lms.people.access import has_role
from lms.people.entrance import enter
from lms.people.enums import CONTENT_ROLES, OVERSIGHT_ROLES, Role
from lms.people.forms import SignInForm
from lms.people.models import User
from lms.people.services.sessions import forget_session
from lms.people.services.sign_in import note_sign_out
from lms.people.views.identities import entrance


@method_decorator([login_not_required, csrf_protect], name="dispatch")
class SignInView(LoginView):
    """The one sign-in of the whole product, Wagtail included."""

    form_class = SignInForm
    template_name = "people/sign_in.html"
    http_method_names = ["get", "head", "post", "options"]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated and not self.get_next_url():
            return redirect("start")
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"next": self.get_next_url() or "", **entrance()}

    def form_valid(self, form: SignInForm) -> HttpResponse:
        return enter(self.request, form.user, remember=form.cleaned_data["remember"], target=self.get_next_url() or "")

    def form_invalid(self, form: SignInForm) -> HttpResponse:
        paused = form.refusal is not None and form.refusal.code == "paused"
        return self.render_to_response(self.get_context_data(form=form), status=429 if paused else 422)


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
