"""Chooses the language of a request."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation


def language_of(request: HttpRequest) -> str:
    """Return Vietnamese unless the person chose otherwise with the language switch (a cookie).

    The browser's Accept-Language is ignored on purpose: office machines in Vietnam are often set to English,
    and their users still expect Vietnamese.
    """
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    return chosen if any(chosen == code for code, _name in settings.LANGUAGES) else settings.LANGUAGE_CODE


class LanguageMiddleware:
    """Puts a request into the language of :func:`language_of`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = language_of(request)
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", language)
        return response
