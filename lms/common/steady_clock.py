"""A clock that does not follow wild steps of the machine's time.

A wrong hour in a virtual machine's clock would close every test of a hall for good. The kernel also counts the time
since the machine was started, which no setting of the clock changes; the two go side by side, so a step shows as a
change of their difference. A step of more than :data:`STEP` seconds, forward or back, is not followed: time goes on as
before it.

All processes of a node agree through one small file: it keeps the difference that was believed last, so that a restart
does not make a step believed, and says to every process that a step was confirmed.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from pathlib import Path

STEP = 300.0
#: A waiting process looks into the file once in so many seconds.
LOOK = 1.0
_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


def since_boot() -> float:
    """Return the seconds since the machine was started, including those it slept where the system tells."""
    source = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic() if source is None else time.clock_gettime(source)


def boot_id() -> str:
    """Return what names this run of the machine; empty where the system does not tell."""
    try:
        return _BOOT_ID.read_text().strip()
    except OSError:
        return ""


class SteadyClock:
    """Tells the time; safe to share by threads and across forks."""

    def __init__(
        self,
        file: Path,
        *,
        wall: Callable[[], float] = time.time,
        steady: Callable[[], float] = since_boot,
        boot: Callable[[], str] = boot_id,
    ) -> None:
        self.file = file
        self._wall, self._steady = wall, steady
        self._boot = boot()
        self._looked = float("-inf")
        believed = self._believed()
        self._offset = wall() - steady() if believed is None else believed

    def time(self) -> float:
        """Return the present moment as seconds of the epoch."""
        steady = self._steady()
        wall = self._wall()
        if self._follows(wall - steady, steady):
            return wall
        return steady + self._offset

    @property
    def step(self) -> float:
        """By how many seconds the machine's clock is ahead of the time that is told; 0 while it is believed."""
        steady = self._steady()
        offset = self._wall() - steady
        return 0.0 if self._follows(offset, steady) else offset - self._offset

    def accept(self) -> None:
        """Believe the machine's clock as it stands, in every process of this node."""
        self._offset = self._wall() - self._steady()
        self._write()

    def keep(self) -> None:
        """Note what is believed for processes to come; does nothing during a step."""
        if not self.step:
            self._write()

    def _follows(self, offset: float, steady: float) -> bool:
        if abs(offset - self._offset) > STEP:
            if steady - self._looked < LOOK:
                return False
            self._looked = steady
            believed = self._believed()
            if believed is None or abs(offset - believed) > STEP:
                return False
        self._offset = offset  # small steps are how a clock is kept right
        return True

    def _believed(self) -> float | None:
        try:
            kept = json.loads(self.file.read_text())
            return float(kept["offset"]) if self._boot and kept["boot"] == self._boot else None
        except (OSError, ValueError, KeyError, TypeError):
            return None  # none yet, of another run of the machine, or cut short by a full disk

    def _write(self) -> None:
        making = self.file.with_suffix(f".{os.getpid()}")
        try:
            making.write_text(json.dumps({"boot": self._boot, "offset": self._offset}))
            making.replace(self.file)
        except OSError:
            making.unlink(missing_ok=True)  # a full disk: the next minute tries again
