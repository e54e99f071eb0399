"""Measure every flow against its budget; print the table and keep it in ``var/bench/latest.json``."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection

from lms.demo.bench.data import build
from lms.demo.bench.flows import flows
from lms.demo.bench.measure import Bare
from lms.demo.bench.report import keep_report, report_path
from lms.demo.bench.where import add_database, database_url


class Command(BaseCommand):
    help = "Measures each flow of the design on generated data in a database of its own."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--inside", action="store_true", help="run in this database (used by the command itself)")
        parser.add_argument("--study", action="store_true", help="only what learners do: a fifth of the time")
        add_database(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        if options["inside"]:
            self._measure(study_only=options["study"])
            return
        out = report_path()
        work = out.parent / "work"
        shutil.rmtree(work, ignore_errors=True)
        work.mkdir(parents=True)
        environment = os.environ | {
            "SEN_VAR_DIR": str(work),
            "SEN_DEBUG": "0",
            "SEN_BENCH_OUT": str(out),
            "DATABASE_URL": database_url(options, work),
        }
        command = [sys.executable, "manage.py", "bench", "--inside"] + (["--study"] if options["study"] else [])
        done = subprocess.run(command, env=environment, cwd=settings.BASE_DIR, check=False)  # noqa: S603
        shutil.rmtree(work, ignore_errors=True)
        if done.returncode:
            raise SystemExit(done.returncode)

    def _measure(self, *, study_only: bool) -> None:
        call_command("migrate", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        call_command("load_demo", verbosity=0)
        data = build(self.stdout.write, study_only=study_only)
        application = WSGIHandler()
        bare = Bare()
        table: dict[str, Any] = {}
        self.stdout.write(
            f"\n{'flow':<48}{'ours/bare':>11}{'CPU ms':>9}{'budget':>9}{'server':>9}"
            f"{'SQL':>6}{'bytes':>9}{'peer/ours':>11}"
        )
        for flow in flows(data, application, bare):
            measured = flow.run()
            table[flow.name] = asdict(measured) | {
                "budget_cpu_ms": flow.budget_cpu_ms,
                "budget_sql": flow.budget_sql,
                "peer_cpu_ms": flow.peer_cpu_ms,
            }
            over = (flow.budget_cpu_ms is not None and measured.cpu_ms > flow.budget_cpu_ms) or (
                flow.budget_sql is not None and measured.sql > flow.budget_sql
            )
            peer = f"{flow.peer_cpu_ms / measured.cpu_ms:.0f}×" if flow.peer_cpu_ms else ""
            budget = "" if flow.budget_cpu_ms is None else f"{flow.budget_cpu_ms:g}"
            self.stdout.write(
                f"{flow.name:<48}{measured.ratio:>11}{measured.cpu_ms:>9.2f}{budget:>9}{measured.db_ms:>9.2f}"
                f"{measured.sql:>6}{measured.bytes:>9}{peer:>11}{'  over budget' if over else ''}"
            )
        out = Path(os.environ["SEN_BENCH_OUT"])
        machine = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
        nothing = round(bare.measure() * 1000, 3)
        keep_report(out, connection.vendor, "flows", {"machine": machine, "bare_cpu_ms": nothing, "flows": table})
        self.stdout.write(f"\nA bare view: {nothing} CPU ms. {connection.vendor}. Written to {out.name}.")
