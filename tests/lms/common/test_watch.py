"""A child that lives but does nothing is ended and started again."""

from __future__ import annotations

import os
import signal
import threading
import time
from pathlib import Path

import pytest

from lms.common import watch
from lms.common.supervisor import Child, Supervisor


def _beat(file: Path) -> None:
    while True:
        file.touch()
        time.sleep(0.05)


def _stand_still(file: Path) -> None:
    file.touch()
    time.sleep(600)


@pytest.fixture(autouse=True)
def _quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "LONGEST_SILENCE", 1.0)
    monkeypatch.setattr(watch, "LOOK", 0.1)
    monkeypatch.setattr("lms.common.supervisor.SHORTEST_LIFE", 0.5)


def _run(children: list[Child], until: threading.Event, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Supervise ``children`` until the event; return what was said."""
    said: list[str] = []
    monkeypatch.setattr(signal, "signal", lambda number, handler: None)
    supervisor = Supervisor(children, lambda line: (said.append(line), until.set()))

    def stop() -> None:
        until.wait(20)
        time.sleep(0.5)
        supervisor.stopping = True

    threading.Thread(target=stop, daemon=True).start()
    supervisor.run(lambda: None)
    return said


@pytest.mark.slow
def test_a_child_that_hangs_is_ended_and_started_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    moving = Child("web server", lambda: _beat(tmp_path / "moving"), heartbeat=tmp_path / "moving")
    stuck = Child("task worker", lambda: _stand_still(tmp_path / "stuck"), heartbeat=tmp_path / "stuck")
    said = _run([moving, stuck], threading.Event(), monkeypatch)
    assert said[:2] == [
        "The task worker has not moved for 1 s and is ended.",
        "The task worker stopped (exit -9); starting it again in 1 s.",
    ]
    assert not [line for line in said if "web server" in line]


def test_a_stopped_process_is_ended_too(tmp_path: Path) -> None:
    child = Child("task worker", lambda: _beat(tmp_path / "beat"), heartbeat=tmp_path / "beat")
    child.start()
    said: list[str] = []
    hung = watch.HangWatch([child], said.append)
    try:
        while not (tmp_path / "beat").exists():
            time.sleep(0.02)
        os.kill(child.process.pid, signal.SIGSTOP)
        child.started -= 10
        old = time.time() - 5
        os.utime(tmp_path / "beat", (old, old))
        hung._looked -= 10
        hung.end_hung()
        child.process.join(5)
    finally:
        child.signal_group(signal.SIGKILL)
    assert (child.process.exitcode, said) == (-9, ["The task worker has not moved for 1 s and is ended."])


@pytest.mark.parametrize("shift", [None, 3600])
def test_a_missing_file_or_a_clock_set_back_is_no_proof(tmp_path: Path, shift: int | None) -> None:
    file = tmp_path / "beat"
    if shift is not None:
        file.touch()
        os.utime(file, (time.time() + shift,) * 2)
    assert not watch.HangWatch([], print)._silent(file)


def test_serve_gives_the_worker_its_heartbeat(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from lms.common.management.commands import serve

    asked = {}
    monkeypatch.setattr(serve, "call_command", lambda name, **options: asked.update(options, name=name))
    serve.run_worker(tmp_path / "beat")
    assert asked == {"name": "ox_worker", "verbosity": 0, "heartbeat_file": str(tmp_path / "beat")}
