"""Background tasks that kill their worker, and one that does not."""

from __future__ import annotations

import os
import signal
from pathlib import Path

from django.tasks import task


@task()
def die(note: str) -> None:
    with Path(note).open("a") as file:
        file.write("x")
    os.kill(os.getpid(), signal.SIGKILL)


@task(max_attempts=1)
def fail() -> None:
    raise RuntimeError("no")


@task()
def write(note: str) -> None:
    Path(note).write_text("done")
