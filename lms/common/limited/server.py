"""Forks a child with hard limits for every job. Run by path, in a process of its own with an empty environment.

A fork of a process that has imported the parsers already costs milliseconds, a new interpreter some hundred of them.
This process has one thread, so forking is safe, and parses nothing itself. It ends when its client does: then its
socket reads empty, and it kills what still runs.

A request is one packet: JSON ``{"job": "module.function", "arguments": {…}, "limits": {…}}`` with three file
descriptors: the file, where the answer is written, and a socket for what became of the job. On that socket the client
reads one byte when the child has started and then one JSON object, ``{"status": …}`` as :mod:`subprocess` counts it
or ``{"timeout": true}``; closing it ends the job.

The answer is a line of JSON, ``{"value": …, "blobs": [lengths]}`` or ``{"error": traceback}``, and the blobs. It is
never a pickle: whoever made the file may be who writes the answer.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import importlib
import json
import os
import resource
import selectors
import signal
import socket
import sys
import time
import traceback
from dataclasses import dataclass
from typing import Any

#: Exit codes of a child that could say why it ended.
NO_MEMORY, NO_ROOM = 3, 4
PACKET = 60_000
_DESCRIPTORS = 256  # more than this process ever opens
_PR_SET_PDEATHSIG, _PR_SET_NO_NEW_PRIVS = 1, 38


@dataclass(slots=True)
class Running:
    """A child at work."""

    pid: int
    control: socket.socket
    deadline: float
    late: bool = False

    def kill(self) -> None:
        # The child is the leader of its group before it reads a byte of the file, so nothing it starts outlives it.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)


class JobServer:
    """Takes requests from one socket and watches over the children."""

    def __init__(self, requests: socket.socket) -> None:
        self.requests = requests
        self.running: dict[int, Running] = {}
        self.selector = selectors.DefaultSelector()
        self.wake, wake_write = os.pipe()
        os.set_blocking(self.wake, False)
        os.set_blocking(wake_write, False)
        signal.set_wakeup_fd(wake_write)
        signal.signal(signal.SIGCHLD, lambda _number, _frame: None)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)  # the client decides when we end: by its own end
        self.selector.register(requests, selectors.EVENT_READ)
        self.selector.register(self.wake, selectors.EVENT_READ)

    def serve(self) -> None:
        """Work until the client has gone."""
        while True:
            for key, _events in self.selector.select(self._patience()):
                if key.fileobj is self.requests:
                    if not self._take():
                        for job in self.running.values():
                            job.kill()
                        return
                elif key.fileobj == self.wake:
                    with contextlib.suppress(BlockingIOError):
                        os.read(self.wake, 512)
                elif key.data in self.running:  # the client has closed its end: nobody waits for the answer
                    self.selector.unregister(key.fileobj)
                    self.running[key.data].kill()
            self._end_late()
            self._reap()

    def _patience(self) -> float | None:
        if not self.running:
            return None
        first = min(job.deadline for job in self.running.values())
        return min(60.0, max(0.0, first - time.monotonic()) + 0.001)

    def _take(self) -> bool:
        packet, descriptors, _flags, _address = socket.recv_fds(self.requests, PACKET, 3)
        if not packet:
            return False
        source, target, control = descriptors
        job = json.loads(packet)
        connection = socket.socket(fileno=control)
        try:
            function = find(job["job"])
        except Exception:  # noqa: BLE001 (a mistake of ours in one job must not end the others)
            answer(target, {"error": traceback.format_exc()}, [])
            self._tell(connection, {"status": 0})
        else:
            gc.freeze()  # the children's collectors leave these pages alone, so that all share them
            pid = os.fork()
            if pid == 0:
                self._become_child(function, job, source, target)
            connection.sendall(b"+")
            self.running[pid] = Running(pid, connection, time.monotonic() + job["limits"]["wall"])
            self.selector.register(connection, selectors.EVENT_READ, pid)
        os.close(source)
        os.close(target)
        return True

    def _become_child(self, function: Any, job: dict[str, Any], source: int, target: int) -> None:
        code = 1
        try:
            os.setsid()
            signal.set_wakeup_fd(-1)
            for number in (signal.SIGCHLD, signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                signal.signal(number, signal.SIG_DFL)
            keep = {0, 1, 2, source, target}
            for descriptor in set(range(_DESCRIPTORS)) - keep:
                with contextlib.suppress(OSError):
                    os.close(descriptor)
            limit(job["limits"])
            code = work(function, job["arguments"], source, target)
        finally:
            os._exit(code)

    def _end_late(self) -> None:
        for job in self.running.values():
            if not job.late and job.deadline <= time.monotonic():
                job.late = True
                job.deadline = float("inf")
                job.kill()

    def _reap(self) -> None:
        while self.running:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            job = self.running.pop(pid, None)
            if job is None:
                continue
            with contextlib.suppress(KeyError):
                self.selector.unregister(job.control)
            job.kill()  # what it started
            told = {"timeout": True} if job.late else {"status": os.waitstatus_to_exitcode(status)}
            self._tell(job.control, told)

    @staticmethod
    def _tell(connection: socket.socket, what: dict[str, Any]) -> None:
        with contextlib.suppress(OSError):  # the client has gone
            connection.sendall(json.dumps(what).encode())
        connection.close()


def find(name: str) -> Any:
    """Return the function of a job; its module is imported once, before any fork."""
    module, _dot, function = name.rpartition(".")
    return getattr(importlib.import_module(module), function)


def limit(limits: dict[str, int]) -> None:
    """Set the limits of this process; there is no way back."""
    memory, seconds, output = limits["memory"], limits["seconds"], limits["output"]
    if sys.platform == "linux":
        libc = ctypes.CDLL(None)
        libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
        with contextlib.suppress(OSError), open("/proc/self/oom_score_adj", "w") as score:
            score.write("1000")  # if the machine runs out of memory all the same, it is we who go
    os.nice(5)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
    resource.setrlimit(resource.RLIMIT_FSIZE, (output, output))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))


def work(function: Any, arguments: dict[str, Any], source: int, target: int) -> int:
    """Do a job and write its answer; return the exit code."""
    try:
        with open(source, "rb") as file:
            data = file.read()
        found = function(data, **arguments)
        value, blobs = found if isinstance(found, tuple) else (found, [])
        return answer(target, {"value": value, "blobs": [len(blob) for blob in blobs]}, blobs)
    except MemoryError:
        return NO_MEMORY
    except Exception:  # noqa: BLE001 (said to the client, which logs it)
        return answer(target, {"error": traceback.format_exc(limit=-20)[-8000:]}, [])


def answer(target: int, head: dict[str, Any], blobs: list[bytes]) -> int:
    """Write an answer; more than the limit on the size of files lets through ends with its own code."""
    try:
        with open(target, "wb", closefd=False) as file:
            file.write(json.dumps(head, ensure_ascii=True, separators=(",", ":")).encode() + b"\n")
            file.writelines(blobs)
    except OSError:
        return NO_ROOM
    return 0


def main() -> None:
    """Serve the socket whose number is the second argument; the first is the folder of our code."""
    sys.path.insert(0, sys.argv[1])
    os.umask(0o077)
    os.chdir("/")
    from django.conf import settings

    settings.configure(USE_I18N=False)  # readers answer codes; sentences are made where the person's language is known
    JobServer(socket.socket(fileno=int(sys.argv[2]))).serve()


if __name__ == "__main__":
    main()
