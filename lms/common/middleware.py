"""Chooses the language of a request; refuses addresses that nothing can be looked up by."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.views.defaults import bad_request


class LanguageMiddleware:
    """Vietnamese unless the person chose otherwise with the language switch (a cookie).

    The browser's Accept-Language is ignored on purpose: office machines in Vietnam are often set to English,
    and their users still expect Vietnamese.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.known = {code for code, _name in settings.LANGUAGES}

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        language = chosen if chosen in self.known else settings.LANGUAGE_CODE
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", language)
        return response


class NulMiddleware:
    """Refuses addresses that hold the character NUL (``?q=%00``): no page of ours makes one, and PostgreSQL answers
    every look-up by one with an error.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "%00" in request.META.get("QUERY_STRING", "") or "\x00" in request.path_info:
            return bad_request(request, BadRequest("NUL in the address"))
        return self.get_response(request)
