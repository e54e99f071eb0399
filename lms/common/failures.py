"""What is answered when a request cannot be: pages that stand alone, JSON for programs.

Whatever they would need may be what failed, so these pages have no session, no menu and no database. Only a page that
is absent, or closed to somebody, keeps the frame of the site while the request has come far enough for one.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import DisallowedHost, RequestDataTooBig, TooManyFilesSent
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views import csrf, defaults

from lms.common.health import PROBES
from lms.common.middleware import language_of
from lms.common.outage import Outage, outage_of

logger = logging.getLogger(__name__)

API = "/api/"
# What pages and the API are asked by. TRACE and its like would give back the cookies that a script may not read.
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")


@dataclass(frozen=True, slots=True)
class Failure:
    """One kind of answer: its code for programs, its words for people."""

    status: int
    code: str
    title: str | Promise
    text: str | Promise
    retry_after: int = 0


BAD_REQUEST = Failure(
    400,
    "bad_request",
    _("This request could not be read"),
    _("The address or the form was not complete. Go back and try once more."),
)
FORBIDDEN = Failure(
    403,
    "permission_denied",
    _("This page is not open to you"),
    _("If you think it should be, ask the centre that runs your class."),
)
EXPIRED = Failure(
    403,
    "csrf",
    _("This form has expired"),
    _(
        "It was open for too long, or somebody signed in or out meanwhile. Nothing was saved. Go back, reload the "
        "page, then send it again."
    ),
)
NOT_FOUND = Failure(
    404,
    "not_found",
    _("This page is not here"),
    _("The address may be old or mistyped. Search, or start again from the home page."),
)
NOT_ALLOWED = Failure(
    405,
    "method_not_allowed",
    _("This address only takes a form"),
    _("It was opened as a page, or a form was sent to a page that takes none. Start again from the home page."),
)
TOO_LARGE = Failure(
    413,
    "too_large",
    _("What you sent is too large"),
    _("Nothing was saved. Send a smaller file, or several files one after another."),
)
READ_ONLY = Failure(
    503,
    "read_only",
    _("Nothing can be saved for the moment"),
    _(
        "The system is being maintained: pages can be read, but what you have just sent was not saved. Please try "
        "again in a few minutes. Answers of a test in progress stay on your device and are sent by themselves."
    ),
    retry_after=120,
)
AWAY = Failure(
    503,
    "unavailable",
    _("The system does not answer for the moment"),
    _(
        "It is being restarted or repaired; what you have saved is kept. Please try again in a minute. Answers of a "
        "test in progress stay on your device and are sent by themselves."
    ),
    retry_after=30,
)
_OUTAGES = {Outage.READ_ONLY: READ_ONLY, Outage.AWAY: AWAY}


def answer(request: HttpRequest, failure: Failure) -> HttpResponse:
    """Return ``failure`` as a page, or in the API's shape of errors under ``/api/``."""
    language = language_of(request)
    with translation.override(language):
        response: HttpResponse
        if request.path_info.startswith(API):
            body = {"code": failure.code, "detail": str(failure.text), "fields": {}}
            response = JsonResponse(body, status=failure.status)
        else:
            context = {"failure": failure, "language": language}
            response = HttpResponse(render_to_string("failure.html", context), status=failure.status)
    response.headers["Content-Language"] = language
    response.headers["Cache-Control"] = "no-store"
    if failure.retry_after:
        response.headers["Retry-After"] = str(failure.retry_after)
    return response


def handler400(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer what could not be read; also a session that could not be saved because nothing can."""
    outage = outage_of(exception)
    if outage is not None:
        return answer(request, _OUTAGES[outage])
    return answer(request, TOO_LARGE if isinstance(exception, (RequestDataTooBig, TooManyFilesSent)) else BAD_REQUEST)


def handler403(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer what is not open to this person."""
    if _framed(request):
        return defaults.permission_denied(request, exception or Exception())
    return answer(request, FORBIDDEN)


def handler404(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer what is not there."""
    return defaults.page_not_found(request, exception) if _framed(request) else answer(request, NOT_FOUND)


def handler500(request: HttpRequest) -> HttpResponse:
    """Answer an error that nobody expected: 503 when a part of the installation is away, else 500."""
    outage = outage_of(sys.exc_info()[1])
    if outage is not None:
        return answer(request, _OUTAGES[outage])
    if request.path_info.startswith(API):
        detail = _("Something went wrong on our side. It has been recorded; please try again in a few minutes.")
        return JsonResponse({"code": "error", "detail": str(detail), "fields": {}}, status=500)
    return defaults.server_error(request)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form without its token."""
    return csrf.csrf_failure(request, reason=reason) if _framed(request) else answer(request, EXPIRED)


def _framed(request: HttpRequest) -> bool:
    """Whether the frame of the site can be shown: the request is a page's and has its person."""
    return hasattr(request, "user") and not request.path_info.startswith(API)


class FrontMiddleware:
    """Stands before everything else: answers probes under any name, and refuses what no page of ours can mean.

    - ``/healthz`` and ``/readyz`` answer whatever name a load balancer uses, and open nothing else by it.
    - A request for another host gets 400, without a traceback in the log for each stranger who tries.
    - The character NUL in an address (``?q=%00``): no page of ours makes one, and PostgreSQL answers every look-up by
      one with an error.
    - Another method than :data:`METHODS` gets 405 whatever the address, and nothing of the request comes back.
    - A refusal without a body (405) gets one.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.method not in METHODS:
            refused = _guarded(answer(request, NOT_ALLOWED))
            refused.headers["Allow"] = ", ".join(METHODS)
            return refused
        probe = PROBES.get(request.path_info)
        if probe is not None:
            return probe(request)
        if not self._understood(request):
            return _guarded(answer(request, BAD_REQUEST))
        response = self.get_response(request)
        bare = isinstance(response, HttpResponse) and not response.content
        if response.status_code == NOT_ALLOWED.status and bare:
            page = answer(request, NOT_ALLOWED)
            for name, value in response.headers.items():
                if name not in {"Content-Type", "Content-Length"}:
                    page.headers[name] = value
            return page
        return response

    def _understood(self, request: HttpRequest) -> bool:
        if "%00" in request.META.get("QUERY_STRING", "") or "\x00" in request.path_info:
            return False
        try:
            request.get_host()
        except DisallowedHost as error:
            logger.info("refused: %s", error)
            return False
        return True


def _guarded(response: HttpResponse) -> HttpResponse:
    """Add by hand what the middleware behind would have added."""
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["X-Frame-Options"] = settings.X_FRAME_OPTIONS
    response.headers["Content-Security-Policy"] = "default-src 'self'; frame-ancestors 'none'"
    return response
