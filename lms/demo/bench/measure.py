"""CPU, SQL and bytes of one request, through the production WSGI application without a socket."""

from __future__ import annotations

import io
import json
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import batched
from pathlib import Path
from typing import Any

import brotli
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection, reset_queries

from lms.people.models import User

TICKS = os.sysconf("SC_CLK_TCK")
BATCHES = 4


@dataclass(frozen=True, slots=True)
class Measured:
    """Means over runs: ``cpu_ms`` of this process and the database together, ``db_ms`` of it the server's."""

    cpu_ms: float
    db_ms: float
    sql: int
    bytes: int


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


class Caller:
    """Calls the WSGI application as one person would, by session cookie or by API token."""

    def __init__(self, application: WSGIHandler, *, user: User | None = None, token: str = "") -> None:
        self.application = application
        self.headers: dict[str, str] = {"HTTP_ACCEPT_ENCODING": "br"}
        self.csrf = "b" * 32
        if token:
            self.headers["HTTP_AUTHORIZATION"] = f"Token {token}"
        elif user is not None:
            session = SessionStore()
            session[SESSION_KEY] = str(user.pk)
            session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
            session[HASH_SESSION_KEY] = user.get_session_auth_hash()
            session.create()
            cookies = f"{settings.SESSION_COOKIE_NAME}={session.session_key}; {settings.CSRF_COOKIE_NAME}={self.csrf}"
            self.headers |= {"HTTP_COOKIE": cookies, "HTTP_X_CSRFTOKEN": self.csrf}

    def __call__(self, method: str, path: str, body: Any = None) -> Answer:
        """Send one request; a body is sent as JSON."""
        payload = b"" if body is None else json.dumps(body).encode()
        address, _mark, query = path.partition("?")
        environ = {
            "REQUEST_METHOD": method,
            "PATH_INFO": address,
            "QUERY_STRING": query,
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "8000",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "CONTENT_LENGTH": str(len(payload)),
            "CONTENT_TYPE": "application/json",
            "wsgi.input": io.BytesIO(payload),
            "wsgi.errors": io.StringIO(),
            "wsgi.url_scheme": "http",
            "wsgi.multithread": False,
            "wsgi.multiprocess": True,
            "wsgi.run_once": False,
            **self.headers,
        }
        started: list[Any] = []
        content: list[bytes] = []

        def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None, /) -> Callable[[bytes], object]:
            started.extend((status, headers))
            return content.append

        chunks = self.application(environ, start)
        content.extend(chunks)
        if close := getattr(chunks, "close", None):
            close()
        return Answer(int(started[0].split()[0]), dict(started[1]), b"".join(content))


def database_cpu() -> float:
    """CPU seconds that the database's server process for this connection has used; 0 where it is this process."""
    if connection.vendor != "postgresql":
        return 0.0
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        pid = cursor.fetchone()[0]
    stat = Path(f"/proc/{pid}/stat")
    if not stat.exists():
        return 0.0
    fields = stat.read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def measure(call: Callable[[int], Answer | None], *, runs: int, warm: int = 3) -> Measured:
    """Run ``call(number)`` ``warm + runs`` times and return what the last ``runs`` cost.

    They are measured in :data:`BATCHES` parts, of which the cheapest counts: a busy neighbour or a slower clock of the
    machine only ever adds. What the database's server has used is counted in its coarse ticks, so over all of them.

    Raises:
        RuntimeError: a call answered with an error; a failing flow has no speed.
    """
    for number in range(warm):
        _check(call(number))
    counted = _count_sql(lambda: call(warm))
    database = database_cpu()
    answer = None
    costs = []
    for batch in batched(range(warm + 1, warm + 1 + runs), max(1, -(-runs // BATCHES)), strict=False):
        began = time.process_time()
        for number in batch:
            answer = call(number)
        costs.append((time.process_time() - began) / len(batch))
    served = max(0.0, database_cpu() - database) / runs
    _check(answer)
    size = _wire_size(answer) if answer else 0
    return Measured(round((min(costs) + served) * 1000, 3), round(served * 1000, 3), counted, size)


def _check(answer: Answer | None) -> None:
    if answer is not None and answer.status >= 400:
        raise RuntimeError(f"The flow answered {answer.status}: {answer.body[:300]!r}")


def _count_sql(call: Callable[[], Any]) -> int:
    statements: list[str] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        statements.append(sql)
        return execute(sql, params, many, context)

    reset_queries()
    with connection.execute_wrapper(note):
        call()
    plumbing = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT", "ROLLBACK")
    return sum(not statement.upper().startswith(plumbing) for statement in statements)


def _wire_size(answer: Answer) -> int:
    """Bytes over the wire: what a compressing proxy would send."""
    if answer.headers.get("Content-Encoding"):
        return len(answer.body)
    return len(brotli.compress(answer.body, quality=5))
