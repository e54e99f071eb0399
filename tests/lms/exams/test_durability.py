"""An answer that the server has acknowledged survives ``kill -9`` of the server: real server, real file, real HTTP."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPException
from pathlib import Path

import pytest
from django.db import connection

from tests.factories.people import make_token
from tests.factories.quizzes import make_attempt, make_exam

ROOT = Path(__file__).resolve().parents[3]
SLOTS = 10


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def serving(url: str, var: Path, port: int) -> Iterator[subprocess.Popen]:
    """The production server on ``port``; killed without warning at the end."""
    process = subprocess.Popen(
        [sys.executable, "-m", "granian", "--interface", "wsgi", "--port", str(port), "--blocking-threads", "2",
         "--no-ws", "lms.wsgi:application"],
        cwd=ROOT,
        env=os.environ | {"DATABASE_URL": url, "SEN_VAR_DIR": str(var)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )  # fmt: skip
    try:
        until = time.monotonic() + 60
        while True:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/api/v1/attempts/0/", timeout=5)
            except urllib.error.HTTPError:
                break  # it answers: 401
            except OSError:
                assert process.poll() is None, "the server did not start"
                assert time.monotonic() < until, "the server did not answer"
                time.sleep(0.1)
        yield process
    finally:
        with suppress(ProcessLookupError):  # a test may have killed it already
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def call(method: str, url: str, token: str, body: object = None) -> dict:
    request = urllib.request.Request(
        url,
        method=method,
        data=None if body is None else json.dumps(body).encode(),
        headers={"Authorization": f"Token {token}", "Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=20) as answer:
        return json.load(answer)


class Learner:
    """Answers without a pause and notes what the server has acknowledged."""

    def __init__(self, base: str, token: str) -> None:
        self.base, self.token = base, token
        self.seq = 0
        self.acknowledged: dict[int, int] = {}
        self.count = 0

    def answer_on(self) -> None:
        """Go on until the server is gone; the answer that was under way then had no promise."""
        while True:
            self.seq += 1
            row = {"slot": self.seq % SLOTS + 1, "answer": {"choice": "abcd"[self.seq % 4]}, "seq": self.seq}
            try:
                saved = call("PUT", f"{self.base}responses/", self.token, {"responses": [row]})["saved"]
            except (OSError, HTTPException, ValueError):
                return
            self.acknowledged[saved[0]["slot"]] = saved[0]["seq"]
            self.count += 1


@pytest.mark.slow
def test_every_acknowledged_answer_is_there_after_kill_9(shared_db, tmp_path):
    if connection.vendor != "sqlite":
        pytest.skip("the file is SQLite's; PostgreSQL's own durability is not ours to test")
    attempt = make_attempt(exam=make_exam(questions=SLOTS, variants=1))
    token = make_token(attempt.user)
    port = free_port()
    base = f"http://127.0.0.1:{port}/api/v1/attempts/{attempt.pk}/"
    learner = Learner(base, token)
    for round_number in range(1, 4):
        with serving(shared_db, tmp_path / "var", port) as server:
            writer = threading.Thread(target=learner.answer_on)
            writer.start()
            while learner.count < 25 * round_number and writer.is_alive():
                time.sleep(0.005)
            os.killpg(server.pid, signal.SIGKILL)
            writer.join()
        assert learner.count >= 25 * round_number
    with serving(shared_db, tmp_path / "var", port):
        kept = {row["slot"]: row for row in call("GET", base, token)["responses"]}
        lost = {slot: seq for slot, seq in learner.acknowledged.items() if kept.get(slot, {"seq": 0})["seq"] < seq}
        assert lost == {}
        assert len(learner.acknowledged) == SLOTS
        assert all(row["answer"] == {"choice": "abcd"[row["seq"] % 4]} for row in kept.values())
        outcome = call("POST", f"{base}submit/", token)
        assert (outcome["state"], len(outcome["receipt"])) == ("submitted", 64)
