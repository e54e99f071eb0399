"""Facts of the present request, for log lines and records written far below the view."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

HEADER = "X-Request-ID"
# Attribute of a request with the id of the person whose token was known but refused.
REFUSED = "sen_refused_user_id"
_TRUSTED = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{7,63}\Z")


@dataclass(frozen=True, slots=True)
class RequestFacts:
    """Identifier and origin of one request. ``request`` is kept to learn later which person it belongs to."""

    id: str
    address: str
    agent: str
    request: HttpRequest

    @property
    def user_id(self) -> int | None:
        """Return the id of the signed-in person if it is known already; never asks the database."""
        held = self.request.__dict__.get("user")
        # AuthenticationMiddleware leaves a lazy object; the person stands beside it once somebody has asked.
        user: Any = self.request.__dict__.get("_cached_user") if "_wrapped" in getattr(held, "__dict__", {}) else held
        return getattr(user, "pk", None) or self.request.__dict__.get(REFUSED)


_current: ContextVar[RequestFacts | None] = ContextVar("sen_request", default=None)


def current_request() -> RequestFacts | None:
    """Return the facts of the request of this thread or task; ``None`` in commands and background work."""
    return _current.get()


@contextmanager
def request_facts(facts: RequestFacts) -> Iterator[None]:
    """Make ``facts`` the current ones for the block."""
    token = _current.set(facts)
    try:
        yield
    finally:
        _current.reset(token)


def client_address(request: HttpRequest) -> str:
    """Return the client's network address.

    Behind our own proxy (``SEN_BEHIND_PROXY``) that is the last entry of X-Forwarded-For, the only one the proxy
    vouches for; else the peer of the connection.
    """
    if settings.USE_X_FORWARDED_HOST:
        forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2].strip()
        if forwarded:
            return str(forwarded)[:64]
    return str(request.META.get("REMOTE_ADDR", ""))


def identifier_of(request: HttpRequest) -> str:
    """Return the identifier that our own proxy gave the request, else a new one.

    A client must not choose it: two records could be made to look like one request.
    """
    given = request.headers.get(HEADER, "") if settings.USE_X_FORWARDED_HOST else ""
    return given if _TRUSTED.match(given) else uuid.uuid4().hex


class RequestContextMiddleware:
    """Gives every request an identifier that stands in the answer, in the log and in the records; stands first."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        facts = RequestFacts(
            id=identifier_of(request),
            address=client_address(request),
            agent=request.headers.get("User-Agent", "")[:200],
            request=request,
        )
        with request_facts(facts):
            response = self.get_response(request)
        response.headers[HEADER] = facts.id
        return response
