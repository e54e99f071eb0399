"""Runs a few child processes side by side, restarts one that dies, and stops all of them together.

No child's death stops another: what dies again and again is started again and again, after ever longer pauses. Only at
the beginning is a death final: a web server that cannot start at all (a setting, the port) says so and ends.

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

# A child that dies sooner than this after its start would die again: it waits longer before each new start.
SHORTEST_LIFE = 60.0
LONGEST_PAUSE = 60.0
GRACE = 15.0
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@dataclass
class Child:
    """One part of the server to keep running: ``target`` runs in a process of its own until told to stop.

    ``needed`` at the start: when it dies before the site has answered once, everything ends.
    """

    name: str
    target: Callable[[], None]
    heartbeat: Path | None = None  # a file that it touches while it moves
    needed: bool = False
    process: BaseProcess | None = field(default=None, init=False)
    started: float = field(default=0.0, init=False)
    pause: float = field(default=0.0, init=False)
    restart_at: float | None = field(default=None, init=False)

    def start(self) -> None:
        self.process = multiprocessing.get_context("fork").Process(target=self._run, name=self.name)
        self.process.start()
        self.started = time.monotonic()
        self.restart_at = None

    def rest(self) -> float:
        """Decide when to start again after a death; return the seconds until then: 1, 2, 4 … 60 after short lives."""
        lived = time.monotonic() - self.started
        self.pause = 1.0 if lived >= SHORTEST_LIFE or not self.pause else min(LONGEST_PAUSE, self.pause * 2)
        self.restart_at = time.monotonic() + self.pause
        return self.pause

    @property
    def dead(self) -> bool:
        """Whether it has ended and nobody has noticed yet."""
        return self.restart_at is None and self.process is not None and not self.process.is_alive()

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
    """Keeps ``children`` running until a signal comes; only before the site has answered once may a death end it."""

    def __init__(self, children: Sequence[Child], say: Callable[[str], None]) -> None:
        self.children = children
        self.say = say
        self.stopping = False
        self.running = False

    def run(self, on_start: Callable[[], bool]) -> int:
        """Start the children, call ``on_start``, which says whether the site runs, and wait.

        Return 0 after a signal, 1 when a child that is needed did not come up.
        """
        for child in self.children:
            child.start()
        for number in STOP_SIGNALS:
            signal.signal(number, self._stop_asked)
        code = 0
        self.running = on_start()
        hung = HangWatch(self.children, self.say)
        while not self.stopping and not code:
            hung.end_hung()
            for child in self.children:
                if child.dead:
                    code = code or self._mourn(child)
                elif child.restart_at is not None and child.restart_at <= time.monotonic():
                    child.start()
            time.sleep(0.2)
        self._stop_all()
        return code

    def alive(self, child: Child) -> bool:
        """Whether ``child`` runs and nobody asked to stop."""
        return not self.stopping and child.process is not None and child.process.is_alive()

    def _mourn(self, child: Child) -> int:
        assert child.process is not None
        status = child.process.exitcode
        child.signal_group(signal.SIGKILL)  # workers that outlived it would hold the port
        if child.needed and not self.running:
            self.say(f"The {child.name} stopped at once (exit {status}); see its messages above. Stopping everything.")
            return 1
        self.say(f"The {child.name} stopped (exit {status}); starting it again in {child.rest():.0f} s.")
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
