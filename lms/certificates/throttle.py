"""A brake on guessing verification codes.

A code has 2^54 possibilities, so guessing is hopeless anyway; the brake keeps a guesser from costing much. It is
generous, since one hall is one address (docs/domain.md). Counts live in the default cache: with several server
processes and no shared cache, or while it is away, each process counts for itself, so the limit is then that many
times higher.
"""

from __future__ import annotations

from django.conf import settings
from django.core.cache import cache
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from lms.common.clock import now
from lms.common.request_context import client_address

_WINDOW = 60


def allow(address: str) -> bool:
    """Count one look-up of ``address``; whether it is within the limit of this minute."""
    moment = int(now().timestamp())
    key = f"certificates:look-ups:{address}:{moment // _WINDOW}"
    if cache.add(key, 1, timeout=2 * _WINDOW):
        return settings.SEN_VERIFY_PER_MINUTE >= 1
    try:
        count = cache.incr(key)
    except ValueError:  # it expired between the two calls
        return True
    return count <= settings.SEN_VERIFY_PER_MINUTE


class CodeThrottle(BaseThrottle):
    """The same brake for the API."""

    def allow_request(self, request: Request, view: object) -> bool:
        return allow(client_address(request))

    def wait(self) -> float:
        return _WINDOW
