"""The client of the limited process: starts it when it is first needed, asks, and makes an answer of every end."""

from __future__ import annotations

import atexit
import contextlib
import json
import logging
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from lms.common.limited.errors import LimitedError, Trouble
from lms.common.limited.server import NO_MEMORY, NO_ROOM

MEGABYTE = 1024 * 1024
#: Beyond the seconds of a job: the server of the children keeps the time itself and only has to say so.
_SPARE_SECONDS = 10.0
_SERVER = Path(__file__).with_name("server.py")
_ROOT = Path(__file__).resolve().parents[3]

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class JobLimits:
    """Bounds of one job."""

    seconds: int = 20
    """Of processor time."""
    wall: int = 60
    """Seconds by the clock: more, because the processor has others to serve."""
    output: int = 16 * MEGABYTE
    """Bytes of the answer."""
    wait: float = 2.0
    """How long to wait when other files are being read."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer of a job: plain data, and byte strings beside it."""

    value: Any
    blobs: list[bytes]


class _GoneError(Exception):
    """The process that forks has ended before the job started."""


class _Server:
    """One process that forks, and the socket to it."""

    def __init__(self) -> None:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self.process = subprocess.Popen(  # noqa: S603 (our own interpreter and file)
                [sys.executable, "-I", str(_SERVER), str(_ROOT), str(theirs.fileno())],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                env={"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "OMP_NUM_THREADS": "1"},  # no secret of ours
                pass_fds=[theirs.fileno()],
                start_new_session=True,
            )
        self.socket = ours

    def ask(self, packet: bytes, source: int, target: int, wall: int) -> dict[str, Any]:
        """Return what became of the job."""
        control, theirs = socket.socketpair()
        with control:
            with theirs:
                try:
                    socket.send_fds(self.socket, [packet], [source, target, theirs.fileno()])
                except OSError as error:
                    raise _GoneError from error
            control.settimeout(wall + _SPARE_SECONDS)
            said = b""
            try:
                while part := control.recv(4096):
                    said += part
            except ConnectionResetError:
                said += b""  # it ended with our request unread: the same as an empty answer
        if not said:
            raise _GoneError
        told: dict[str, Any] = json.loads(said.removeprefix(b"+") or b"{}")
        return told

    def close(self) -> None:
        self.socket.close()  # which ends it, and what runs in it
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(1)
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()


class _Client:
    """The server of this process, and how many jobs may run in it."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.server: _Server | None = None
        # Half of the threads at most read files, and at most one more waits for that: the others serve the site.
        self.slots = threading.BoundedSemaphore(max(1, settings.SEN_THREADS // 2))
        self.waiting = threading.BoundedSemaphore(1)

    def current(self) -> _Server:
        with self.lock:
            if self.server is not None and self.server.process.poll() is not None:
                self.server.close()
                self.server = None
            if self.server is None:
                self.server = _Server()
            return self.server

    def drop(self, server: _Server) -> None:
        with self.lock:
            if self.server is server:
                self.server = None
        server.close()

    @contextlib.contextmanager
    def slot(self, seconds: float) -> Iterator[None]:
        """Hold one of the places.

        Raises:
            LimitedError: ``busy``.
        """
        if not self.slots.acquire(blocking=False):
            if not self.waiting.acquire(blocking=False):
                raise LimitedError(Trouble.BUSY)
            try:
                got = self.slots.acquire(timeout=seconds)
            finally:
                self.waiting.release()
            if not got:
                raise LimitedError(Trouble.BUSY)
        try:
            yield
        finally:
            self.slots.release()


_client: _Client | None = None
_client_lock = threading.Lock()


def _own_client() -> _Client:
    global _client  # noqa: PLW0603 (one for each process)
    with _client_lock:
        if _client is None:
            _client = _Client()
        return _client


def _forget() -> None:
    """In a fork of this process: the server belongs to the parent."""
    global _client, _client_lock  # noqa: PLW0603
    _client_lock = threading.Lock()
    if _client is not None and _client.server is not None:
        _client.server.socket.close()
        _client.server.process.returncode = 0  # not our child: nothing to wait for
    _client = None


os.register_at_fork(after_in_child=_forget)


@atexit.register
def close() -> None:
    """End the process that forks; the next job starts a new one."""
    with _client_lock:
        if _client is not None and _client.server is not None:
            _client.drop(_client.server)


def run(job: str, data: bytes, *, limits: JobLimits | None = None, **arguments: Any) -> Answer:
    """Call a function on bytes of strangers in a process with limits, and return what it returns.

    Args:
        job: ``module.function``. It takes the bytes and ``arguments``, returns what JSON can hold, or that and a
            list of byte strings; it uses no setting, no database and no translation.
        data: the file.
        limits: what it may use.

    Raises:
        LimitedError: with the reason in words. A mistake in the function itself is logged with its traceback and
            told to the person as a file that cannot be read.
    """
    limits = limits or JobLimits()
    request = {
        "job": job,
        "arguments": arguments,
        "limits": {
            "seconds": limits.seconds,
            "wall": limits.wall,
            "output": limits.output,
            "memory": settings.SEN_UPLOAD_MEMORY * MEGABYTE,
        },
    }
    client = _own_client()
    with client.slot(limits.wait), _memory_file() as source, _memory_file() as target:
        source.write(data)
        source.seek(0)
        told = _ask(client, json.dumps(request).encode(), source.fileno(), target.fileno(), limits.wall)
        trouble = _trouble(told)
        if trouble is not None:
            logger.warning("A file (%s, %d bytes) was not read: %s %s", job, len(data), trouble.value, told)
            raise LimitedError(trouble)
        target.seek(0)
        return _parsed(target.read(limits.output), job)


def _ask(client: _Client, packet: bytes, source: int, target: int, wall: int) -> dict[str, Any]:
    for _attempt in range(2):
        server = client.current()
        try:
            return server.ask(packet, source, target, wall)
        except _GoneError:
            client.drop(server)  # it was killed between two jobs; a new one takes this job
        except (TimeoutError, ValueError):
            client.drop(server)
            return {"timeout": True}
    raise LimitedError(Trouble.BUSY)


def _memory_file() -> Any:
    if hasattr(os, "memfd_create"):
        return open(os.memfd_create("sen", os.MFD_CLOEXEC), "w+b")
    return tempfile.TemporaryFile()


def _trouble(told: dict[str, Any]) -> Trouble | None:
    if told.get("timeout"):
        return Trouble.TIME
    match told.get("status"):
        case 0:
            return None
        case code if code in (NO_MEMORY, -signal.SIGABRT):  # a reader in Rust or C++ aborts when it gets no memory
            return Trouble.MEMORY
        case code if code in (NO_ROOM, -signal.SIGXFSZ):
            return Trouble.OUTPUT
        case code if code in (-signal.SIGXCPU, -signal.SIGKILL):
            return Trouble.TIME
    return Trouble.CRASH


def _parsed(body: bytes, job: str) -> Answer:
    """Return the answer of a child that may have been taken over by the file: only its shape is trusted."""
    line, _newline, rest = body.partition(b"\n")
    try:
        head = json.loads(line)
        if "error" in head:
            logger.error("The job %s failed:\n%s", job, head["error"])
            raise LimitedError(Trouble.CRASH)
        blobs = []
        for length in head["blobs"]:
            blobs.append(rest[:length])
            rest = rest[length:]
        return Answer(head["value"], blobs)
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        logger.warning("The job %s answered what is no answer: %s", job, error)
        raise LimitedError(Trouble.CRASH) from error
