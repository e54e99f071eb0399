"""Keeps a person who must change the password at the page that does it."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import resolve, reverse
from django.utils.translation import gettext as _

OPEN = frozenset({"logout", "offline", "password_change", "service-worker", "set_language"})


class PasswordChangeMiddleware:
    """Sends to ``password_change`` while ``must_change_password`` is set; stands after the authentication."""

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
        match = request.resolver_match or resolve(request.path_info)
        if match.view_name in OPEN:
            return None
        if request.path_info.startswith("/api/"):
            body = {"code": "password_change_required", "detail": _("Change your password first."), "fields": {}}
            return JsonResponse(body, status=403)
        if request.headers.get("HX-Request"):
            return HttpResponse(headers={"HX-Redirect": reverse("password_change")})
        return redirect("password_change")
