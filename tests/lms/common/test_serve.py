"""Starting and stopping: the supervisor with real processes, the port, and what is printed."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests.plugins.browser import _free_port
from tests.plugins.migrated import ROOT, migrated_file


def test_a_busy_port_says_which_and_what_to_do() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(CommandError) as caught:
            call_command("serve", port=str(port))
    assert f"Port {port} on 127.0.0.1 cannot be used" in str(caught.value)
    assert f"PORT={port + 1} make run" in str(caught.value)


@pytest.mark.parametrize("port", ["", "x", "0", "70000"])
def test_a_port_that_is_none_is_refused(port: str) -> None:
    with pytest.raises(CommandError, match="PORT must be a number from 1 to 65535"):
        call_command("serve", port=port)


@pytest.mark.slow
def test_a_killed_web_server_comes_back_and_one_interrupt_stops_all(tmp_path: Path) -> None:
    shutil.copy(migrated_file(), tmp_path / "sen.sqlite3")
    port = _free_port()
    (tmp_path / "static").mkdir()
    env = os.environ | {
        "SEN_VAR_DIR": str(tmp_path), "DATABASE_URL": f"sqlite:///{tmp_path / 'sen.sqlite3'}", "SEN_WORKERS": "1",
    }  # fmt: skip
    server = subprocess.Popen(
        [sys.executable, "manage.py", "serve", "--port", str(port)], cwd=ROOT, env=env,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True,
    )  # fmt: skip

    def answers() -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2):
                return True
        except OSError:
            return False

    def children() -> set[int]:
        return set(map(int, Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text().split()))

    def wait_for(condition: Callable[[], bool]) -> None:
        until = time.monotonic() + 90
        while not condition():
            assert time.monotonic() < until
            time.sleep(0.1)

    try:
        wait_for(answers)
        time.sleep(3)  # until the supervisor has seen an answer, a death is a start that failed
        before = children()
        web = min(before)  # started first
        os.kill(web, signal.SIGKILL)
        wait_for(lambda: web not in children() and len(children()) == len(before))
        wait_for(answers)
        server.send_signal(signal.SIGINT)
        output, _ = server.communicate(timeout=40)
    finally:
        if server.poll() is None:
            os.killpg(server.pid, signal.SIGKILL)
    assert server.returncode == 0
    assert f"Sen is running:  http://localhost:{port}/" in output
    assert "The web server stopped (exit -9); starting it again in 1 s." in output
    assert output.endswith("Stopped.\n")
    assert not answers()


def _prepare_and_serve(folder: Path, database: str) -> subprocess.Popen[str]:
    env = os.environ | {"SEN_VAR_DIR": str(folder), "DATABASE_URL": database, "SEN_WORKERS": "1", "SEN_DEMO": "0"}
    return subprocess.Popen(
        [sys.executable, "manage.py", "serve", "--prepare", "--port", str(_free_port())], cwd=ROOT, env=env,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True,
    )  # fmt: skip


@pytest.mark.slow
def test_a_server_that_prepared_something_begins_again_without_what_that_took(tmp_path: Path) -> None:
    shutil.copy(migrated_file(), tmp_path / "sen.sqlite3")
    server = _prepare_and_serve(tmp_path, f"sqlite:///{tmp_path / 'sen.sqlite3'}")
    assert server.stdout is not None
    lines = []
    try:
        for line in server.stdout:
            lines.append(line.strip())
            if "Sen is running" in line:
                break
        words = Path(f"/proc/{server.pid}/cmdline").read_text().split("\0")
        server.send_signal(signal.SIGINT)
        server.communicate(timeout=40)
    finally:
        if server.poll() is None:
            os.killpg(server.pid, signal.SIGKILL)
    assert lines[0] == "Gathering static files ..."  # due, so the page that follows names files it has seen
    assert "--prepare" not in words
    assert server.returncode == 0


@pytest.mark.slow
def test_a_preparation_that_fails_says_so_and_serves_nothing(tmp_path: Path) -> None:
    shutil.copy(migrated_file(), tmp_path / "sen.sqlite3")
    with contextlib.closing(sqlite3.connect(tmp_path / "sen.sqlite3")) as database, database:
        database.execute("DELETE FROM django_migrations WHERE app = 'operations'")  # its tables are there already
    server = _prepare_and_serve(tmp_path, f"sqlite:///{tmp_path / 'sen.sqlite3'}")
    output, _ = server.communicate(timeout=90)
    assert "already exists" in output
    assert output.endswith("CommandError: The preparation failed, so nothing is served.\n")
    assert server.returncode == 1
