"""The supervisor with real processes: a part that keeps dying stops no other."""

from __future__ import annotations

import signal
import subprocess
import sys

import pytest

from lms.common import supervisor
from lms.common.supervisor import Child
from tests.plugins.migrated import ROOT

SCRIPT = """
import os, sys, time
from lms.common.supervisor import Child, Supervisor

def web():
    print("web", os.getpid(), flush=True)
    time.sleep({web})

def worker():
    os.kill(os.getpid(), 9)

def say(line):
    print(line, flush=True)

children = [Child("web server", web, needed=True), Child("task worker", worker)]
sys.exit(Supervisor(children, say).run(lambda: {runs}))
"""


def supervised(*, web: str, runs: str, until: str) -> tuple[int, list[str]]:
    """Run a supervisor until it says ``until`` or ends; return its code and what was said."""
    process = subprocess.Popen(
        [sys.executable, "-c", SCRIPT.format(web=web, runs=runs)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    said = []
    for line in process.stdout:
        said.append(line.strip())
        if until in line:
            process.send_signal(signal.SIGINT)
    code = process.wait(30)
    process.stdout.close()
    return code, said


@pytest.mark.slow
def test_a_worker_that_always_dies_is_started_ever_later_and_the_site_goes_on() -> None:
    code, said = supervised(web="600", runs="True", until="in 4 s")
    assert code == 0
    assert len([line for line in said if line.startswith("web ")]) == 1
    assert [line for line in said if "stopped" in line] == [
        f"The task worker stopped (exit -9); starting it again in {seconds} s." for seconds in (1, 2, 4)
    ]


@pytest.mark.slow
def test_a_web_server_that_dies_later_is_started_again() -> None:
    code, said = supervised(web="0.1", runs="True", until="web server stopped (exit 0); starting it again in 2 s")
    assert code == 0
    assert len([line for line in said if line.startswith("web ")]) == 2


@pytest.mark.slow
def test_a_web_server_that_cannot_start_ends_with_a_message() -> None:
    code, said = supervised(web="0", runs="bool(time.sleep(1))", until="nothing")
    assert code == 1
    assert said[-1] == "The web server stopped at once (exit 0); see its messages above. Stopping everything."


def test_the_pauses_grow_to_a_minute_and_shrink_after_a_long_life(monkeypatch: pytest.MonkeyPatch) -> None:
    moment = 1000.0
    monkeypatch.setattr(supervisor.time, "monotonic", lambda: moment)
    child = Child("task worker", lambda: None)
    child.started = moment
    assert [child.rest() for _death in range(8)] == [1, 2, 4, 8, 16, 32, 60, 60]
    assert child.restart_at == moment + 60
    child.started = moment - supervisor.SHORTEST_LIFE
    assert child.rest() == 1
