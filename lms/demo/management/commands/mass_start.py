"""A mass start against the production server on this machine; prints times, errors, CPU and what was lost."""

from __future__ import annotations

import asyncio
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from lms.demo.bench.report import keep_report, report_path
from lms.demo.bench.where import add_database, database_url
from lms.demo.mass.data import build
from lms.demo.mass.hall import Tally, sit
from lms.exams.models import Attempt, Response

TICKS = os.sysconf("SC_CLK_TCK")
MOST = 2000


class Command(BaseCommand):
    help = "Lets a hall of people start, answer and hand in together over HTTP, killing the server in the middle."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--learners", type=int, default=500)
        parser.add_argument("--start-within", type=float, default=60.0, help="seconds in which everybody starts")
        parser.add_argument("--every", type=float, default=10.0, help="seconds between two answers of one person")
        parser.add_argument("--minutes", type=float, default=3.0, help="from the first start to the hand-in")
        parser.add_argument("--questions", type=int, default=40)
        parser.add_argument("--workers", type=int, default=2, help="server processes")
        parser.add_argument("--contest", action="store_true", help="strangers come in by the code, giving a name")
        parser.add_argument("--no-kill", action="store_true", help="leave the server alone")
        add_database(parser)
        parser.add_argument("--inside", choices=["build", "check"], help="used by the command itself")
        parser.add_argument("--file", default="")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["inside"] == "build":
            self._build(options)
        elif options["inside"] == "check":
            self._check(options)
        else:
            self._run(options)

    def _build(self, options: dict[str, Any]) -> None:
        call_command("migrate", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        plan = build(options["learners"], options["questions"], contest=options["contest"])
        Path(options["file"]).write_text(json.dumps(plan))

    def _check(self, options: dict[str, Any]) -> None:
        """Compare what was acknowledged with what the database holds."""
        kept = json.loads(Path(options["file"]).read_text())
        found: dict[int, dict[int, int]] = {}
        for attempt, slot, seq in Response.objects.values_list("attempt_id", "slot", "seq"):
            found.setdefault(attempt, {})[slot] = seq
        lost = sum(
            found.get(int(attempt), {}).get(int(slot), -1) < seq
            for attempt, rows in kept.items()
            for slot, seq in rows.items()
        )
        graded = Attempt.objects.filter(state="submitted", score__isnull=False).count()
        Path(options["file"]).write_text(json.dumps({"lost": lost, "graded": graded, "vendor": connection.vendor}))

    def _run(self, options: dict[str, Any]) -> None:
        if not 1 <= options["learners"] <= MOST:
            raise CommandError(f"--learners lies between 1 and {MOST}.")
        work = Path(settings.VAR_DIR) / "mass"
        shutil.rmtree(work, ignore_errors=True)
        work.mkdir(parents=True)
        environment = os.environ | {
            "SEN_VAR_DIR": str(work),
            "SEN_DEBUG": "0",
            "DATABASE_URL": database_url(options, work),
        }
        try:
            self._measure(options, work, environment)
        finally:
            shutil.rmtree(work, ignore_errors=True)

    def _inside(self, what: str, file: Path, options: dict[str, Any], environment: dict[str, str]) -> dict[str, Any]:
        size = ["--learners", str(options["learners"]), "--questions", str(options["questions"])]
        size += ["--contest"] if options["contest"] else []
        command = [sys.executable, "manage.py", "mass_start", "--inside", what, "--file", str(file), *size]
        subprocess.run(command, env=environment, cwd=settings.BASE_DIR, check=True)  # noqa: S603
        found: dict[str, Any] = json.loads(file.read_text())
        return found

    def _measure(self, options: dict[str, Any], work: Path, environment: dict[str, str]) -> None:
        self.stdout.write(f"{options['learners']} learners, a sitting with a code …")
        plan = self._inside("build", work / "plan.json", options, environment)
        server = Server(environment, options["workers"])
        server.start()
        try:
            tally, cpu = asyncio.run(self._hall(options, plan, server))
        finally:
            server.kill()
        file = work / "kept.json"
        file.write_text(json.dumps(tally.kept))
        found = self._inside("check", file, options, environment)
        self._print(options, tally, cpu, found)

    async def _hall(self, options: dict[str, Any], plan: dict[str, Any], server: Server) -> tuple[Tally, float]:
        loop = asyncio.get_running_loop()
        rng = random.Random(20260203)  # noqa: S311 (a plan that can be repeated)
        tally = Tally()
        first = loop.time() + 1
        ends = first + options["minutes"] * 60
        people = [
            sit(
                server.port,
                plan,
                (number, token),
                tally,
                begins=first + rng.random() * options["start_within"],
                every=options["every"],
                ends=ends,
                rng=random.Random(number),  # noqa: S311
            )
            for number, token in plan["people"]
        ]
        killer = asyncio.create_task(self._kill_at(server, (first + ends) / 2, options["no_kill"]))
        await asyncio.gather(*people)
        await killer
        return tally, server.cpu()

    async def _kill_at(self, server: Server, moment: float, spare: bool) -> None:
        if spare:
            return
        await asyncio.sleep(max(0.0, moment - asyncio.get_running_loop().time()))
        self.stdout.write("kill -9 of the server, with all its processes; a new one starts …")
        server.kill()
        await asyncio.to_thread(server.start)

    def _print(self, options: dict[str, Any], tally: Tally, cpu: float, found: dict[str, Any]) -> None:
        self.stdout.write(
            f"\n{found['vendor']}, {options['workers']} server processes, {options['learners']} learners starting "
            f"within {options['start_within']:g} s, one answer every {options['every']:g} s\n"
        )
        self.stdout.write(f"{'request':<12}{'count':>8}{'p50 ms':>10}{'p95 ms':>10}{'p99 ms':>10}")
        times = {}
        for name in ("code page", "start", "paper", "answer", "hand in"):
            if not tally.times[name]:
                continue
            p50, p95, p99 = tally.percentiles(name)
            times[name] = {"count": len(tally.times[name]), "p50_ms": p50, "p95_ms": p95, "p99_ms": p99}
            self.stdout.write(f"{name:<12}{len(tally.times[name]):>8}{p50:>10}{p95:>10}{p99:>10}")
        per_answer = cpu * 1000 / tally.acknowledged if tally.acknowledged else 0
        self.stdout.write(
            f"\nserver CPU {cpu:.1f} s in all, {per_answer:.2f} ms an answer (starts and hand-ins included)"
            f"\nrequests repeated because no server answered: {tally.retries}"
            f"\nerrors: {sum(tally.errors.values())}"
        )
        for reason, count in sorted(tally.errors.items()):
            self.stdout.write(f"  {count} × {reason}")
        self.stdout.write(
            f"handed in {tally.handed_in}, graded {found['graded']} of {options['learners']}"
            f"\nacknowledged answers lost: {found['lost']}"
        )
        keep_report(
            report_path(),
            found["vendor"],
            "contest" if options["contest"] else "mass start",
            {
                "learners": options["learners"],
                "times": times,
                "cpu_ms_per_answer": round(per_answer, 2),
                "errors": tally.errors,
                "graded": found["graded"],
                "acknowledged_answers_lost": found["lost"],
            },
        )
        if found["lost"] or tally.handed_in != options["learners"] or found["graded"] != options["learners"]:
            raise CommandError("Something was lost.")


class Server:
    """granian with the product's application, in a process group of its own."""

    def __init__(self, environment: dict[str, str], workers: int) -> None:
        self.environment, self.workers = environment, workers
        self.process: subprocess.Popen[bytes] | None = None
        self.spent = 0.0
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]

    def start(self) -> None:
        command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1"]
        command += ["--port", str(self.port), "--workers", str(self.workers), "--blocking-threads", "4", "--no-ws"]
        command += ["--backlog", "2048", "lms.wsgi:application"]
        self.process = subprocess.Popen(  # noqa: S603
            command,
            env=self.environment,
            cwd=settings.BASE_DIR,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        until = time.monotonic() + 120
        while time.monotonic() < until:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{self.port}/api/v1/me/", timeout=5)
            except urllib.error.HTTPError:  # it answers: 401
                self.spent -= self._running()  # starting up is no answer's cost
                return
            except OSError:
                time.sleep(0.1)
        raise CommandError("The server did not answer.")

    def cpu(self) -> float:
        """CPU seconds of serving so far, those of a killed server included, without starting up."""
        return self.spent + self._running()

    def _running(self) -> float:
        if self.process is None:
            return 0.0
        total = 0
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                fields = stat.read_text().rsplit(")", 1)[1].split()
            except OSError:
                continue  # it ended while we looked
            if int(fields[2]) == self.process.pid:  # the process group
                total += int(fields[11]) + int(fields[12])
        return total / TICKS

    def kill(self) -> None:
        """``kill -9`` of the group that we started, and of nothing else."""
        if self.process is None:
            return
        self.spent += self._running()
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            self.process = None
            return
        self.process.wait()
        self.process = None
