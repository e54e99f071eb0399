"""Answers for load balancers: does the process live, and can it serve?

A part of the installation is *ok*, *degraded* (people are served, but somebody should look) or *failed* (nobody can
be served). Higher apps add parts of theirs with :func:`register`. Strangers learn the three words only; what is the
matter, in sentences, is for administrators (``lms.operations``).
"""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.cache import caches
from django.core.files.storage import default_storage
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from lms.common.startup import has_pending_migrations
from lms.common.steady_cache import SteadyCache

#: How long a process may repeat what the costlier parts said.
REPEAT = 10.0

_migrated = False


class HealthState(StrEnum):
    """The state of a part of the installation."""

    OK = "ok"
    DEGRADED = "degraded"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Finding:
    """The finding about one part; ``code`` names what is the matter, ``facts`` fill its sentence."""

    state: HealthState = HealthState.OK
    code: str = ""
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        return self.state == HealthState.OK


OK = Finding()


def degraded(code: str, **facts: Any) -> Finding:
    """Return that people are served, but ``code`` is the matter."""
    return Finding(HealthState.DEGRADED, code, facts)


def failed(code: str, **facts: Any) -> Finding:
    """Return that nobody can be served, because of ``code``."""
    return Finding(HealthState.FAILED, code, facts)


type Check = Callable[[], Finding]


@dataclass(frozen=True, slots=True)
class SystemPart:
    """A part of the installation and how to look at it; ``local`` parts may differ from node to node."""

    name: str
    check: Check
    local: bool = False
    live: bool = True  # else a process repeats the answer for some seconds


def check_database() -> Finding:
    """Look whether the database answers and takes writes; one statement."""
    try:
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute("SELECT pg_is_in_recovery() OR current_setting('transaction_read_only')::boolean")
            else:
                cursor.execute("SELECT 0")
            read_only = bool(cursor.fetchone()[0])
    except DatabaseError:
        return failed("no_answer")
    return degraded("read_only") if read_only or not _file_is_writable() else OK


def _file_is_writable() -> bool:
    name = str(connection.settings_dict["NAME"])
    if connection.vendor != "sqlite" or "memory" in name:
        return True
    return os.access(name, os.W_OK) and os.access(Path(name).parent, os.W_OK)


def check_migrations() -> Finding:
    """Look for pending migrations. A database once in line with this code stays so."""
    global _migrated  # noqa: PLW0603 (one flag per process)
    if not _migrated:
        try:
            _migrated = not has_pending_migrations()
        except DatabaseError:
            return failed("unknown")
    return OK if _migrated else failed("pending")


def check_storage() -> Finding:
    """Look whether uploads can be kept."""
    location = getattr(default_storage, "location", None)
    try:
        if location is None:
            default_storage.exists("readyz")
        else:
            Path(location).mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=location) as file:
                file.write(b"sen")
    except OSError:
        return degraded("not_writable", folder=str(location))
    return OK


def check_disk() -> Finding:
    """Look for a disk that is nearly full, among those that the product writes to."""
    folders = [settings.VAR_DIR, settings.MEDIA_ROOT]
    if connection.vendor == "sqlite" and "memory" not in str(connection.settings_dict["NAME"]):
        folders.append(Path(str(connection.settings_dict["NAME"])).parent)
    for folder in folders:
        try:
            free = shutil.disk_usage(folder).free // 2**20
        except OSError:
            continue  # not there yet; the storage says when it cannot be made
        if free < settings.SEN_DISK_FREE_MB:
            return degraded("low", folder=str(folder), free=free)
    return OK


def check_cache() -> Finding:
    """Look whether the shared cache answers; without one there is nothing to miss."""
    cache = caches["default"]
    return degraded("away") if isinstance(cache, SteadyCache) and not cache.answers() else OK


_parts: dict[str, SystemPart] = {
    part.name: part
    for part in (
        SystemPart("database", check_database),
        SystemPart("migrations", check_migrations),
        SystemPart("storage", check_storage, local=True),
        SystemPart("disk", check_disk, local=True),
        SystemPart("cache", check_cache, local=True),
    )
}


def register(part: SystemPart) -> None:
    """Add a part, or replace the one of the same name."""
    _parts[part.name] = part


def parts() -> list[SystemPart]:
    """Return every part, in the order of registration."""
    return list(_parts.values())


def look() -> dict[str, Finding]:
    """Look at every part now. Those that need the database are left out while it does not answer."""
    found = {"database": check_database()}
    for part in parts():
        if part.name == "database":
            continue
        if found["database"].state == HealthState.FAILED and not part.local:
            continue
        try:
            found[part.name] = part.check()
        except DatabaseError:
            found[part.name] = degraded("unknown")
    return found


_repeated: tuple[float, dict[str, Finding]] = (float("-inf"), {})


def _look_quickly() -> dict[str, Finding]:
    """Look as :func:`look` does, repeating for :data:`REPEAT` seconds what costs more than a moment."""
    global _repeated  # noqa: PLW0603 (one memory per process)
    at, costly = _repeated
    if time.monotonic() - at < REPEAT:
        quick = {part.name: part.check() for part in parts() if part.live}
        if quick["database"].state != HealthState.FAILED:
            return quick | costly
    found = look()
    if found["database"].state != HealthState.FAILED:
        _repeated = time.monotonic(), {part.name: found[part.name] for part in parts() if not part.live}
    return found


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers. Touches nothing else, so that a slow database does not get processes killed."""
    return JsonResponse({"status": "ok"})


@never_cache
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """503 when nobody can be served, else 200; and how each part is, without saying what is the matter."""
    states = {name: finding.state for name, finding in _look_quickly().items()}
    worst = next(
        (state for state in (HealthState.FAILED, HealthState.DEGRADED) if state in states.values()), HealthState.OK
    )
    status = {HealthState.OK: "ok", HealthState.DEGRADED: "degraded", HealthState.FAILED: "unavailable"}[worst]
    return JsonResponse({"status": status, **states}, status=503 if worst == HealthState.FAILED else 200)


#: Answered by :class:`lms.common.failures.FrontMiddleware`, before the name of the host matters.
PROBES: dict[str, Callable[[HttpRequest], HttpResponse]] = {"/healthz": healthz, "/readyz": readyz}
