"""Where a request comes from."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """Return the client's network address.

    Behind our own proxy (``SEN_BEHIND_PROXY``) that is the last entry of X-Forwarded-For, the only one the proxy
    vouches for; else the peer of the connection.
    """
    if settings.USE_X_FORWARDED_HOST:
        forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2].strip()
        if forwarded:
            return str(forwarded)
    return str(request.META.get("REMOTE_ADDR", ""))
