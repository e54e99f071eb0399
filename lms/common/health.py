"""What a load balancer asks: does the process live, and can it serve?"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

from django.core.files.storage import default_storage
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from lms.common.startup import has_pending_migrations

_migrated = False


def check_database() -> str:
    """Return ``"ok"``, or what is wrong with the database."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            cursor.fetchone()
    except DatabaseError:
        return "no answer"
    return "ok"


def check_migrations() -> str:
    """Return ``"ok"``, or that migrations are pending. A database once in line with this code stays so."""
    global _migrated  # noqa: PLW0603 (one flag per process)
    if not _migrated:
        try:
            _migrated = not has_pending_migrations()
        except DatabaseError:
            return "unknown"
    return "ok" if _migrated else "pending"


def check_storage() -> str:
    """Return ``"ok"``, or that uploads cannot be kept."""
    location = getattr(default_storage, "location", None)
    try:
        if location is None:
            default_storage.exists("readyz")
        else:
            Path(location).mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=location) as file:
                file.write(b"sen")
    except OSError:
        return "not writable"
    return "ok"


CHECKS: dict[str, Callable[[], str]] = {
    "database": check_database,
    "migrations": check_migrations,
    "storage": check_storage,
}


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers. Touches nothing else, so that a slow database does not get processes killed."""
    return JsonResponse({"status": "ok"})


@never_cache
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """200 when the process can serve people, else 503 with the part that fails."""
    parts = {name: check() for name, check in CHECKS.items()}
    ready = all(state == "ok" for state in parts.values())
    return JsonResponse({"status": "ok" if ready else "unavailable", **parts}, status=200 if ready else 503)


#: Answered by :class:`lms.common.failures.FrontMiddleware`, before the name of the host matters.
PROBES: dict[str, Callable[[HttpRequest], HttpResponse]] = {"/healthz": healthz, "/readyz": readyz}
