"""Runs a few child processes side by side, restarts one that dies, and stops all of them together."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import FrameType

# A child that dies sooner than this after its start would only die again.
SHORTEST_LIFE = 10.0
GRACE = 15.0


@dataclass
class Child:
    """One program to keep running."""

    name: str
    command: Sequence[str]
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)
    started: float = field(default=0.0, init=False)

    def start(self, env: Mapping[str, str]) -> None:
        self.process = subprocess.Popen(  # noqa: S603 (our own commands)
            self.command,
            env=env,
            # A group of its own: the terminal's Ctrl-C reaches only us, and we can end it with all its workers.
            start_new_session=True,
            preexec_fn=_die_with_parent if sys.platform == "linux" else None,  # noqa: PLW1509 (no threads here)
        )
        self.started = time.monotonic()

    def signal_group(self, number: int) -> None:
        if self.process is not None:
            try:
                os.killpg(self.process.pid, number)
            except ProcessLookupError:
                return  # already gone, with all its workers


def _die_with_parent() -> None:
    """Ask the kernel to end this child should the supervisor be killed without a chance to tell."""
    pr_set_pdeathsig = 1
    ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGTERM)


class Supervisor:
    """Keeps ``children`` running until a signal comes or one of them cannot be kept alive."""

    def __init__(self, children: Sequence[Child], env: Mapping[str, str], say: Callable[[str], None]) -> None:
        self.children = children
        self.env = env
        self.say = say
        self.stopping = False

    def run(self, on_start: Callable[[], None]) -> int:
        """Start the children, call ``on_start`` and wait. Return 0 after a signal, 1 after a failure."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._stop_asked)
        for child in self.children:
            child.start(self.env)
        code = 0
        on_start()
        while not self.stopping:
            dead = next((child for child in self.children if child.process and child.process.poll() is not None), None)
            if dead is None:
                time.sleep(0.2)
                continue
            code = self._revive(dead)
            if code:
                break
        self._stop_all()
        return code

    def alive(self, child: Child) -> bool:
        """Whether ``child`` runs and nobody asked to stop."""
        return not self.stopping and child.process is not None and child.process.poll() is None

    def _revive(self, child: Child) -> int:
        assert child.process is not None
        status = child.process.returncode
        child.signal_group(signal.SIGKILL)  # workers that outlived it would hold the port
        if time.monotonic() - child.started < SHORTEST_LIFE:
            self.say(f"The {child.name} stopped at once (exit {status}); see its messages above. Stopping everything.")
            return 1
        self.say(f"The {child.name} stopped (exit {status}); starting it again.")
        child.start(self.env)
        return 0

    def _stop_asked(self, number: int, frame: FrameType | None) -> None:
        self.stopping = True

    def _stop_all(self) -> None:
        for child in self.children:
            if child.process is not None and child.process.poll() is None:
                child.process.terminate()
        until = time.monotonic() + GRACE
        for child in self.children:
            if child.process is None:
                continue
            try:
                child.process.wait(max(0.1, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                self.say(f"The {child.name} did not stop in time and is ended.")
            child.signal_group(signal.SIGKILL)
            child.process.wait()
