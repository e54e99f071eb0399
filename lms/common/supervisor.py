"""Runs a few child processes side by side, restarts one that dies, and stops all of them together.

The children are forks: they begin with everything the parent has imported, which is most of the time of a start.
"""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import signal
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from multiprocessing.process import BaseProcess
from pathlib import Path
from types import FrameType

from lms.common.watch import HangWatch

# A child that dies sooner than this after its start would only die again.
SHORTEST_LIFE = 10.0
GRACE = 15.0
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@dataclass
class Child:
    """One part of the server to keep running: ``target`` runs in a process of its own until told to stop."""

    name: str
    target: Callable[[], None]
    heartbeat: Path | None = None  # a file that it touches while it moves
    process: BaseProcess | None = field(default=None, init=False)
    started: float = field(default=0.0, init=False)

    def start(self) -> None:
        self.process = multiprocessing.get_context("fork").Process(target=self._run, name=self.name)
        self.process.start()
        self.started = time.monotonic()

    def _run(self) -> None:
        # A group of its own: the terminal's Ctrl-C reaches only the parent, which can end us with all our workers.
        os.setsid()
        for number in STOP_SIGNALS:
            signal.signal(number, signal.SIG_DFL)
        if sys.platform == "linux":
            # The kernel ends us should the parent be killed without a chance to tell.
            pr_set_pdeathsig = 1
            ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGTERM)
        self.target()

    def signal_group(self, number: int) -> None:
        """Send a signal to the child and to all that it started."""
        if self.process is not None and self.process.pid is not None:
            try:
                os.killpg(self.process.pid, number)
            except ProcessLookupError:
                return  # already gone, with all its workers


class Supervisor:
    """Keeps ``children`` running until a signal comes or one of them cannot be kept alive."""

    def __init__(self, children: Sequence[Child], say: Callable[[str], None]) -> None:
        self.children = children
        self.say = say
        self.stopping = False

    def run(self, on_start: Callable[[], None]) -> int:
        """Start the children, call ``on_start`` and wait. Return 0 after a signal, 1 after a failure."""
        for child in self.children:
            child.start()
        for number in STOP_SIGNALS:
            signal.signal(number, self._stop_asked)
        code = 0
        on_start()
        hung = HangWatch(self.children, self.say)
        while not self.stopping:
            hung.end_hung()
            dead = next((child for child in self.children if child.process and not child.process.is_alive()), None)
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
        return not self.stopping and child.process is not None and child.process.is_alive()

    def _revive(self, child: Child) -> int:
        assert child.process is not None
        status = child.process.exitcode
        child.signal_group(signal.SIGKILL)  # workers that outlived it would hold the port
        if time.monotonic() - child.started < SHORTEST_LIFE:
            self.say(f"The {child.name} stopped at once (exit {status}); see its messages above. Stopping everything.")
            return 1
        self.say(f"The {child.name} stopped (exit {status}); starting it again.")
        child.start()
        return 0

    def _stop_asked(self, number: int, frame: FrameType | None) -> None:
        self.stopping = True

    def _stop_all(self) -> None:
        for child in self.children:
            if child.process is not None and child.process.is_alive():
                child.process.terminate()
        until = time.monotonic() + GRACE
        for child in self.children:
            if child.process is None:
                continue
            child.process.join(max(0.1, until - time.monotonic()))
            if child.process.is_alive():
                self.say(f"The {child.name} did not stop in time and is ended.")
            child.signal_group(signal.SIGKILL)
            child.process.join()
