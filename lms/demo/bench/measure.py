"""CPU, SQL and bytes of one request, through the production WSGI application without a socket."""

from __future__ import annotations

import io
import json
import os
import statistics
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
from django.http import HttpResponse

from lms.common.clock import now
from lms.people.models import User
from lms.people.services.sessions import BEGAN, SEEN

ROUNDS = 10
BARE_CALLS = 200


@dataclass(frozen=True, slots=True)
class Measured:
    """Costs of one run: the ratio to a bare view, CPU of this process and the database, and of the latter alone."""

    ratio: float
    cpu_ms: float
    db_ms: float
    sql: int
    bytes: int


@dataclass(frozen=True, slots=True)
class HttpAnswer:
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
            # As after signing in: without them the first page of each caller would note that the session is used,
            # which people's pages do once in half an hour.
            session[BEGAN] = session[SEEN] = now().timestamp()
            session.create()
            cookies = f"{settings.SESSION_COOKIE_NAME}={session.session_key}; {settings.CSRF_COOKIE_NAME}={self.csrf}"
            self.headers |= {"HTTP_COOKIE": cookies, "HTTP_X_CSRFTOKEN": self.csrf}

    def __call__(self, method: str, path: str, body: Any = None) -> HttpAnswer:
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
        return HttpAnswer(int(started[0].split()[0]), dict(started[1]), b"".join(content))


def database_cpu() -> float:
    """CPU seconds that the database's server process for this connection has used; 0 where it is this process."""
    if connection.vendor != "postgresql":
        return 0.0
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        pid = cursor.fetchone()[0]
    try:
        # Nanoseconds on a processor; /proc/<pid>/stat counts in ticks, longer than most of our statements take.
        return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e9
    except FileNotFoundError:
        return 0.0


class Bare:
    """A view that does nothing, through the same server interface without middleware: what a flow is compared with."""

    def __init__(self) -> None:
        handler = WSGIHandler()
        handler._middleware_chain = lambda _request: HttpResponse(b"ok")  # type: ignore[attr-defined]  # not in the stubs
        self._caller = Caller(handler)
        self.measure()

    def measure(self) -> float:
        """Return CPU seconds of one call, at the clock that the machine has at this moment."""
        began = time.process_time()
        for _call in range(BARE_CALLS):
            self._caller("GET", "/")
        return (time.process_time() - began) / BARE_CALLS


def measure(call: Callable[[int], HttpAnswer | None], *, bare: Bare, runs: int, warm: int = 3) -> Measured:
    """Run ``call(number)`` ``warm + runs`` times and return what the last ``runs`` cost.

    They are measured in :data:`ROUNDS` rounds, each between two measurements of the bare view: the clock of a shared
    machine changes by half within minutes, so that only the ratio of the same round can be compared with another run.
    The middle ratio counts. Of the milliseconds the cheapest round counts: a busy neighbour only ever adds.

    Raises:
        RuntimeError: a call answered with an error; a failing flow has no speed.
    """
    for number in range(warm):
        _check(call(number))
    counted = _count_sql(lambda: call(warm))
    answer = None
    rounds = []
    before = bare.measure()
    for batch in batched(range(warm + 1, warm + 1 + runs), max(1, -(-runs // ROUNDS)), strict=False):
        database = database_cpu()
        began = time.process_time()
        for number in batch:
            answer = call(number)
        own = (time.process_time() - began) / len(batch)
        served = (database_cpu() - database) / len(batch)
        after = bare.measure()
        rounds.append((own + served, served, (before + after) / 2))
        before = after
    _check(answer)
    size = _wire_size(answer) if answer else 0
    cpu, served, _bare = min(rounds)
    ratio = statistics.median(cost / nothing for cost, _served, nothing in rounds)
    return Measured(round(ratio, 1), round(cpu * 1000, 3), round(served * 1000, 3), counted, size)


def cpu_with_children() -> float:
    """CPU seconds of this process and of its children that have ended: an uploaded file is read by one."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def measure_once(call: Callable[[], object], *, bare: Bare, clock: Callable[[], float] = time.process_time) -> Measured:
    """Return what one call costs that cannot be repeated; ``clock`` is another one where other processes work too."""
    before = bare.measure()
    began = clock()
    call()
    cost = clock() - began
    return Measured(round(cost * 2 / (before + bare.measure()), 1), round(cost * 1000, 1), 0.0, 0, 0)


def _check(answer: HttpAnswer | None) -> None:
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


def _wire_size(answer: HttpAnswer) -> int:
    """Bytes over the wire: what a compressing proxy would send."""
    if answer.headers.get("Content-Encoding"):
        return len(answer.body)
    return len(brotli.compress(answer.body, quality=5))
