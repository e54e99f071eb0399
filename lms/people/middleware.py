"""Ends sessions that are over; keeps people at the pages that are theirs now: a password to change, a second factor to
set up, a guest's one test.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import resolve, reverse
from django.utils.translation import gettext as _

from lms.people.access import must_have_factor
from lms.people.guests import guest_home, is_open_to_guests
from lms.people.services.factors import has_factor
from lms.people.services.sessions import forget_session, is_over, note_presence

# Open to strangers, but nothing for somebody who is signed in without a password.
CLOSED_TO_GUESTS = frozenset(
    {
        "activate",
        "activate-password",
        "email-confirm",
        "login-code",
        "login-oidc",
        "login-oidc-answer",
        "login-passkey",
        "password-reset",
        "password-reset-confirm",
        "password-reset-done",
        # what django-allauth calls some of them
        "account_confirm_email",
        "account_reset_password_from_key",
        "mfa_authenticate",
        "mfa_login_webauthn",
    }
)
# Setting a factor up, and what that asks for.
_FACTOR_PAGES = frozenset(
    {
        "factor",
        "factor-app",
        "factor-codes",
        "passkey-add",
        "reauthenticate",
        "reauthenticate-code",
        "reauthenticate-passkey",
    }
)
OPEN = frozenset({"logout", "offline", "password-change", "service-worker", "set-language"})


class SessionLifeMiddleware:
    """Ends a session in which nothing was asked for too long, or that has lasted too long; stands before the middleware
    that asks strangers to sign in, so that an ended one is answered like any stranger.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view_func: object, view_args: object, view_kwargs: object) -> None:
        if settings.SESSION_COOKIE_NAME not in request.COOKIES:
            return  # a stranger's public page must not read the session
        user: Any = request.user
        if not user.is_authenticated:
            return
        # Our backend says whether there is a role; a person from elsewhere is taken for staff, whose limits are closer.
        staff = user.is_superuser or getattr(user, "has_roles", True)
        if is_over(request.session, staff=staff):
            key = request.session.session_key
            logout(request)
            forget_session(key)
        else:
            note_presence(request=request, user=user)


class PasswordChangeMiddleware:
    """Sends to ``password-change`` while ``must_change_password`` is set; stands after the authentication."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view_func: object, view_args: object, view_kwargs: object
    ) -> HttpResponse | None:
        if settings.SESSION_COOKIE_NAME not in request.COOKIES:
            return None  # a stranger's public page must not read the session
        user = request.user
        if not user.is_authenticated or not user.must_change_password:
            return None
        detail = _("Change your password first.")
        return _send(request, "password-change", OPEN, code="password_change_required", detail=detail)


class SecondFactorMiddleware:
    """Sends to ``factor`` while a role asks for a second factor that is not set up (``SEN_SECOND_FACTOR_ROLES``)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view_func: object, view_args: object, view_kwargs: object
    ) -> HttpResponse | None:
        if not settings.SEN_SECOND_FACTOR_ROLES or settings.SESSION_COOKIE_NAME not in request.COOKIES:
            return None
        user = request.user
        if not user.is_authenticated or not must_have_factor(user) or has_factor(user):
            return None
        detail = _("Set up your second factor first.")
        return _send(request, "factor", OPEN | _FACTOR_PAGES, code="second_factor_required", detail=detail)


# Where signed-in people land: a guest is sent on from there.
_LANDINGS = frozenset({"start", "learner:home"})


class GuestMiddleware:
    """Leaves a guest (``User.is_guest``) nothing but the one sitting; what is forbidden looks as if it were not there.

    Raises:
        Http404: for every page that is neither a guest's nor a stranger's.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view_func: object, view_args: object, view_kwargs: object
    ) -> HttpResponse | None:
        if settings.SESSION_COOKIE_NAME not in request.COOKIES:
            return None
        user = request.user
        if not user.is_authenticated or not user.is_guest:
            return None
        name = (request.resolver_match or resolve(request.path_info)).view_name
        if is_open_to_guests(name):
            return None
        api = request.path_info.startswith("/api/")
        # The API's views ask for themselves who calls; everywhere else Django's mark says what strangers may read.
        if not api and getattr(view_func, "login_required", True) is False and name not in CLOSED_TO_GUESTS:
            return None
        if api:
            detail = _("Guests of a sitting have only its test.")
            return JsonResponse({"code": "not_found", "detail": detail, "fields": {}}, status=404)
        if name in _LANDINGS:
            return redirect(guest_home(user))
        raise Http404


def _send(request: HttpRequest, name: str, allowed: frozenset[str], *, code: str, detail: str) -> HttpResponse | None:
    """Answer with the way to the page ``name``, unless the request is for a page that stays open."""
    match = request.resolver_match or resolve(request.path_info)
    if match.view_name in allowed:
        return None
    if request.path_info.startswith("/api/"):
        return JsonResponse({"code": code, "detail": detail, "fields": {}}, status=403)
    if request.headers.get("HX-Request"):
        return HttpResponse(headers={"HX-Redirect": reverse(name)})
    return redirect(name)
