"""Measure every flow against its budget; print the table and keep it in ``var/bench/latest.json``."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection
from django.http import HttpResponse

from lms.demo.bench.data import build
from lms.demo.bench.flows import flows
from lms.demo.bench.measure import Caller, measure
from lms.demo.bench.report import keep_report, report_path
from lms.demo.bench.where import add_database, database_url


class Command(BaseCommand):
    help = "Measures each flow of the design on generated data in a database of its own."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--inside", action="store_true", help="run in this database (used by the command itself)")
        add_database(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        if options["inside"]:
            self._measure()
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
        command = [sys.executable, "manage.py", "bench", "--inside"]
        done = subprocess.run(command, env=environment, cwd=settings.BASE_DIR, check=False)  # noqa: S603
        shutil.rmtree(work, ignore_errors=True)
        if done.returncode:
            raise SystemExit(done.returncode)

    def _measure(self) -> None:
        call_command("migrate", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        call_command("load_demo", verbosity=0)
        data = build(self.stdout.write)
        application = WSGIHandler()
        bare = self._bare_limit()
        table: dict[str, Any] = {}
        self.stdout.write(
            f"\n{'flow':<48}{'CPU ms':>9}{'budget':>9}{'SQL':>6}{'bytes':>9}{'peer/ours':>11}{'ours/bare':>11}"
        )
        for flow in flows(data, application):
            measured = flow.run()
            ratio = round(measured.cpu_ms / bare, 1)
            table[flow.name] = {
                "cpu_ms": measured.cpu_ms,
                "db_ms": measured.db_ms,
                "sql": measured.sql,
                "bytes": measured.bytes,
                "budget_cpu_ms": flow.budget_cpu_ms,
                "budget_sql": flow.budget_sql,
                "peer_cpu_ms": flow.peer_cpu_ms,
                "ratio_to_limit": ratio,
            }
            over = (flow.budget_cpu_ms is not None and measured.cpu_ms > flow.budget_cpu_ms) or (
                flow.budget_sql is not None and measured.sql > flow.budget_sql
            )
            peer = f"{flow.peer_cpu_ms / measured.cpu_ms:.0f}×" if flow.peer_cpu_ms else ""
            budget = "" if flow.budget_cpu_ms is None else f"{flow.budget_cpu_ms:g}"
            self.stdout.write(
                f"{flow.name:<48}{measured.cpu_ms:>9.2f}{budget:>9}{measured.sql:>6}{measured.bytes:>9}"
                f"{peer:>11}{ratio:>11}{'  over budget' if over else ''}"
            )
        out = Path(os.environ["SEN_BENCH_OUT"])
        machine = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
        keep_report(out, connection.vendor, "flows", {"machine": machine, "bare_cpu_ms": bare, "flows": table})
        self.stdout.write(f"\nA bare view: {bare} CPU ms. {connection.vendor}. Written to {out.name}.")

    def _bare_limit(self) -> float:
        """CPU ms of a view that does nothing, through the same server interface without middleware."""
        handler = WSGIHandler()
        handler._middleware_chain = lambda _request: HttpResponse(b"ok")  # type: ignore[attr-defined]  # not in the stubs
        caller = Caller(handler)
        return measure(lambda _n: caller("GET", "/"), runs=400).cpu_ms
