"""Jobs that do what hostile files make a reader do."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from pathlib import Path


def echo(data: bytes, *, times: int = 1) -> tuple[dict[str, int], list[bytes]]:
    return {"length": len(data)}, [data] * times


def grow(_data: bytes) -> int:
    held = []
    while True:
        held.append(bytearray(8 * 1024 * 1024))


def spin(_data: bytes) -> None:
    while True:
        pass


def sleep(_data: bytes) -> None:
    time.sleep(3600)


def abort(_data: bytes) -> None:
    os.abort()


def fall(_data: bytes) -> None:
    ctypes.string_at(0)


def leave(_data: bytes) -> None:
    os._exit(9)


def babble(_data: bytes) -> str:
    return "x" * 5_000_000


def lie(_data: bytes) -> None:
    """Write what is no answer and end well, as a reader that was taken over could."""
    for name in os.listdir("/proc/self/fd"):
        if int(name) > 2:
            try:
                os.write(int(name), b"cos\nsystem\n(S'true'\ntR.")
            except OSError:
                continue
    os._exit(0)


def mistake(_data: bytes) -> None:
    raise KeyError("ours")


def deep(_data: bytes) -> list:
    value: list = []
    for _level in range(100_000):
        value = [value]
    return value


def look(_data: bytes) -> dict[str, object]:
    """Return what the child can see of the world."""
    names = sorted(int(name) for name in os.listdir("/proc/self/fd"))
    others = [name for name in names if name > 2 and "memfd" not in _target(name) and "proc" not in _target(name)]
    return {
        "environment": sorted(os.environ),
        "inherited": others,
        "folder": str(Path.cwd()),
        "django": "django.db" in sys.modules,
        "own_group": os.getpgid(0) == os.getpid(),
        "stdin": _target(0),
        "privileges": "NoNewPrivs:\t1" in Path("/proc/self/status").read_text(),
    }


def _target(name: int) -> str:
    try:
        return os.readlink(f"/proc/self/fd/{name}")
    except OSError:
        return "proc"


def keep(_data: bytes, *, folder: str) -> str:
    """Write more into a file than the limit lets through."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        Path(folder, "kept").write_bytes(bytes(2_000_000))
    except OSError as error:
        return type(error).__name__
    return ""


def breed(_data: bytes, *, note: str) -> None:
    """Start a process that would outlive us, and never end."""
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(3600)"])
    Path(note).write_text(str(child.pid))
    time.sleep(3600)


def who(_data: bytes) -> list[int]:
    return [os.getpid(), os.getppid()]
