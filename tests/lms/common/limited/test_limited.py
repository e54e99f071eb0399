"""The limited process: however a job ends, there is an answer, and the server goes on."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from lms.common.limited import JobLimits, LimitedError, Trouble, run, running
from tests.plugins.migrated import ROOT

JOBS = "tests.lms.common.limited.jobs"
SHORT = JobLimits(seconds=2, wall=6, output=1_000_000)


def gone(pid: int) -> bool:
    """Whether a process has ended; it may still wait to be noticed by its parent."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z"
    except FileNotFoundError:
        return True


def wait_until_gone(pid: int) -> None:
    until = time.monotonic() + 20
    while not gone(pid):
        assert time.monotonic() < until, f"process {pid} lives on"
        time.sleep(0.05)


def test_a_job_answers_with_data_and_bytes() -> None:
    answer = run(f"{JOBS}.echo", b"\x00\xff\n{}", times=2)
    assert (answer.value, answer.blobs) == ({"length": 5}, [b"\x00\xff\n{}"] * 2)


@pytest.mark.parametrize(
    ("job", "trouble"),
    [
        ("grow", Trouble.MEMORY),
        ("spin", Trouble.TIME),
        ("sleep", Trouble.TIME),
        ("abort", Trouble.MEMORY),
        ("fall", Trouble.CRASH),
        ("leave", Trouble.CRASH),
        ("babble", Trouble.OUTPUT),
        ("lie", Trouble.CRASH),
        ("mistake", Trouble.CRASH),
        ("deep", Trouble.CRASH),
        ("unknown", Trouble.CRASH),
    ],
)
def test_every_end_is_an_answer_in_words(job: str, trouble: Trouble, settings) -> None:
    settings.SEN_UPLOAD_MEMORY = 512
    with pytest.raises(LimitedError) as caught:
        run(f"{JOBS}.{job}", b"x", limits=SHORT)
    assert (caught.value.trouble, caught.value.code) == (trouble, trouble.value)
    assert str(caught.value)
    assert run(f"{JOBS}.echo", b"next").value == {"length": 4}


def test_the_child_sees_nothing_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEN_SECRET_KEY", "secret")
    monkeypatch.setenv("DATABASE_URL", "postgres://sen:secret@db/sen")
    running._own_client().drop(running._own_client().current())
    seen = run(f"{JOBS}.look", b"").value
    assert seen == {
        "environment": ["LANG", "OMP_NUM_THREADS", "PATH"],
        "inherited": [],
        "folder": "/",
        "django": False,
        "own_group": True,
        "stdin": "/dev/null",
        "privileges": True,
    }


def test_the_child_cannot_fill_the_disk(tmp_path: Path) -> None:
    assert run(f"{JOBS}.keep", b"", limits=SHORT, folder=str(tmp_path)).value == "OSError"
    assert (tmp_path / "kept").stat().st_size <= 1_000_000


def test_what_a_child_starts_ends_with_it(tmp_path: Path) -> None:
    note = tmp_path / "pid"
    with pytest.raises(LimitedError):
        run(f"{JOBS}.breed", b"", limits=JobLimits(wall=4), note=str(note))
    wait_until_gone(int(note.read_text()))


def test_each_job_has_a_process_of_its_own_and_one_parent() -> None:
    first, second = run(f"{JOBS}.who", b"").value, run(f"{JOBS}.who", b"").value
    assert first[0] != second[0]
    assert first[1] == second[1] == running._own_client().current().process.pid


def test_a_killed_server_of_children_is_replaced() -> None:
    server = running._own_client().current()
    os.kill(server.process.pid, signal.SIGKILL)
    server.process.wait()
    assert run(f"{JOBS}.echo", b"x").value == {"length": 1}
    assert running._own_client().current() is not server


def test_a_job_whose_server_is_killed_under_it_has_an_end_too() -> None:
    server = running._own_client().current()
    threading.Timer(0.5, lambda: os.kill(server.process.pid, signal.SIGKILL)).start()
    with pytest.raises(LimitedError) as caught:
        run(f"{JOBS}.sleep", b"", limits=JobLimits(wall=30))
    assert caught.value.trouble is Trouble.CRASH
    server.process.wait()


def test_a_few_files_at_a_time_and_the_others_are_told_at_once(settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.SEN_THREADS = 4
    monkeypatch.setattr(running, "_client", None)
    ends: list[str] = []

    def read() -> None:
        try:
            run(f"{JOBS}.sleep", b"", limits=JobLimits(wall=3, wait=0.1))
        except LimitedError as error:
            ends.append(error.trouble.value)

    threads = [threading.Thread(target=read) for _number in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    running._own_client().drop(running._own_client().current())
    assert sorted(ends) == ["file_busy"] * 3 + ["file_time"] * 2


def test_nothing_is_left_when_the_server_is_killed(tmp_path: Path) -> None:
    script = f"""
import os, sys, threading, time
os.environ["DJANGO_SETTINGS_MODULE"] = "lms.settings"
sys.path.insert(0, {str(ROOT)!r})
import django
django.setup()
from lms.common.limited import JobLimits, run, running
answer = run("{JOBS}.who", b"")
options = {{"limits": JobLimits(wall=600), "note": {str(tmp_path / "pid")!r}}}
threading.Thread(target=run, args=("{JOBS}.breed", b""), kwargs=options).start()
print(answer.value[1], flush=True)
"""
    process = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    server = int(process.stdout.readline())
    until = time.monotonic() + 20
    while not (tmp_path / "pid").exists() or not (tmp_path / "pid").read_text():
        assert time.monotonic() < until
        time.sleep(0.05)
    process.kill()
    process.wait()
    process.stdout.close()
    wait_until_gone(server)
    wait_until_gone(int((tmp_path / "pid").read_text()))


def test_a_fork_of_the_server_starts_children_of_its_own() -> None:
    mine = run(f"{JOBS}.who", b"").value[1]
    read, write = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            os.write(write, json.dumps(run(f"{JOBS}.who", b"").value[1]).encode())
        finally:
            os._exit(0)
    os.close(write)
    os.waitpid(pid, 0)
    with open(read, "rb") as answer:
        theirs = json.loads(answer.read())
    assert theirs != mine
    wait_until_gone(theirs)
    assert run(f"{JOBS}.who", b"").value[1] == mine
