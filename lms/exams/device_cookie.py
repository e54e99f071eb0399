"""The mark of a browser's device, for attempts that move from one to another: a random mark in a cookie."""

from __future__ import annotations

import re
import secrets

from django.conf import settings
from django.http import HttpRequest, HttpResponse

_MARK = re.compile(r"[A-Za-z0-9_-]{16,40}\Z")
_YEAR = 365 * 24 * 3600


def device_of(request: HttpRequest) -> str:
    """Return the mark of the browser, a new one for a browser that has none (:func:`remember_device` keeps it)."""
    mark = request.COOKIES.get(settings.SEN_EXAM_DEVICE_COOKIE, "")
    if not _MARK.match(mark):
        mark = request.COOKIES[settings.SEN_EXAM_DEVICE_COOKIE] = secrets.token_urlsafe(16)
        request.META["sen.new_device"] = "1"
    return mark


def known_device(request: HttpRequest) -> str:
    """Return the mark that the browser brought, "" for none; makes no new one."""
    mark = request.COOKIES.get(settings.SEN_EXAM_DEVICE_COOKIE, "")
    return mark if _MARK.match(mark) else ""


def remember_device[R: HttpResponse](request: HttpRequest, response: R) -> R:
    """Keep a new mark in the browser."""
    if request.META.get("sen.new_device"):
        response.set_cookie(
            settings.SEN_EXAM_DEVICE_COOKIE,
            request.COOKIES[settings.SEN_EXAM_DEVICE_COOKIE],
            max_age=_YEAR,
            httponly=True,
            samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE,
        )
    return response
