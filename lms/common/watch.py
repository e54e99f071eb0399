"""Ends children of the supervisor that live but do nothing: their heartbeat file grows old."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from django_ox import heartbeat

if TYPE_CHECKING:
    from lms.common.supervisor import Child

#: A worker beats about once a second; one that waits for the database may take a while.
LONGEST_SILENCE = 90.0
LOOK = 5.0


class HangWatch:
    """Looks at heartbeat files now and then. It needs no database: one that hangs hides no hung child."""

    def __init__(self, children: Sequence[Child], say: Callable[[str], None]) -> None:
        self.children = [child for child in children if child.heartbeat is not None]
        self.say = say
        self._looked = time.monotonic()

    def end_hung(self) -> None:
        """Kill every child whose file is too old; the supervisor finds it dead and starts another."""
        moment = time.monotonic()
        if moment - self._looked < LOOK:
            return
        self._looked = moment
        for child in self.children:
            if moment - child.started < LONGEST_SILENCE or not child.process or not child.process.is_alive():
                continue
            if self._silent(child.heartbeat):
                self.say(f"The {child.name} has not moved for {LONGEST_SILENCE:.0f} s and is ended.")
                child.signal_group(signal.SIGKILL)

    def _silent(self, file: Path | None) -> bool:
        report = heartbeat.check_file(str(file), LONGEST_SILENCE)
        # A time ahead of ours is a clock that was set back, a missing file a disk that is full: no proof of silence.
        return report.age is not None and report.age > LONGEST_SILENCE
