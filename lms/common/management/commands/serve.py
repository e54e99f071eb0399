"""``manage.py serve``: the web server and the task worker, together."""

from __future__ import annotations

import gc
import multiprocessing
import os
import socket
import sys
import time
import urllib.error
import urllib.request
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections
from django.utils.module_loading import import_string
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from lms.common import clock
from lms.common.startup import notices, prepare
from lms.common.supervisor import Child, Supervisor

# Exit codes of the preparation: something was done; Ctrl-C, as shells say it.
CHANGED, STOPPED = 10, 130


def run_web(host: str, port: int) -> None:
    """Serve until told to stop."""
    Granian(
        "lms.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=settings.SEN_WORKERS,
        blocking_threads=settings.SEN_THREADS,
        blocking_threads_idle_timeout=600,  # a thread that ends takes its database connection with it
        respawn_failed_workers=True,
        workers_kill_timeout=10,
        websockets=False,
        log_level=LogLevels.warning,
    ).serve()


def run_worker(heartbeat: Path) -> None:
    """Run tasks until told to stop."""
    call_command("ox_worker", verbosity=0, heartbeat_file=str(heartbeat))


def run_watch() -> None:
    """Watch the installation until told to stop."""
    import_string(settings.SEN_WATCH)()


class Command(BaseCommand):
    help = "Serve the site with granian and run the task worker beside it; one Ctrl-C stops both."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default=os.environ.get("HOST", "127.0.0.1"))
        parser.add_argument("--port", default=os.environ.get("PORT", "8000"), help="default: $PORT, else 8000")
        parser.add_argument("--without-worker", action="store_true", help="this node runs no tasks")
        parser.add_argument("--prepare", action="store_true", help="first migrate, gather static files, load demo data")

    def handle(self, *args: Any, host: str, port: str, **options: Any) -> None:
        number = self._free_port(host, port)
        if options["prepare"]:
            self._prepare()
        # Loaded once, before the fork; connections must not be shared by two processes.
        import_string("lms.wsgi.application")
        connections.close_all()
        gc.freeze()  # the collector leaves these pages alone, so that all processes go on sharing them
        gc.enable()  # manage.py turned it off
        if settings.PRODUCTION and hasattr(time, "CLOCK_BOOTTIME"):
            clock.go_steady(settings.SEN_CLOCK_FILE)
        web = Child("web server", partial(run_web, host, number), needed=True)
        heartbeat = Path(settings.VAR_DIR) / "worker.heartbeat"
        worker = Child("task worker", partial(run_worker, heartbeat), heartbeat=heartbeat)
        others = [Child("watch", run_watch)] if options["without_worker"] else [worker, Child("watch", run_watch)]
        supervisor = Supervisor([web, *others], self._say)

        def announce() -> bool:
            answers = self._answers(supervisor, web, host, number)
            if answers:
                self._announce(host, number)
            return answers

        code = supervisor.run(announce)
        self._say("Stopped.")
        if code:
            raise CommandError("The server could not be kept running.", returncode=code)

    def _prepare(self) -> None:
        """Prepare in a process of its own, whose memory goes with it: loading demo data takes more than a gigabyte.

        When that changed anything this process begins again, since it may have looked at what stood there before.

        Raises:
            CommandError: it failed; why stands above it.
        """
        connections.close_all()
        process = multiprocessing.get_context("fork").Process(target=self._prepare_apart, name="preparation")
        process.start()
        try:
            process.join()
        except KeyboardInterrupt:  # both got it
            process.join()
        if process.exitcode == CHANGED:
            os.execv(sys.executable, [sys.executable, *(word for word in sys.argv if word != "--prepare")])  # noqa: S606
        if process.exitcode == STOPPED:
            raise SystemExit(STOPPED)
        if process.exitcode:
            raise CommandError("The preparation failed, so nothing is served.")

    def _prepare_apart(self) -> None:
        try:
            changed = prepare(self._say)
        except KeyboardInterrupt:
            raise SystemExit(STOPPED) from None
        except CommandError as error:
            self.stderr.write(str(error))
            raise SystemExit(1) from error
        raise SystemExit(CHANGED if changed else 0)

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()

    def _free_port(self, host: str, port: str) -> int:
        """Return the port as a number, or say what to do when it cannot be used."""
        if not port.isdigit() or not 0 < int(port) < 65536:
            raise CommandError(f"PORT must be a number from 1 to 65535, not {port!r}.")
        number = int(port)
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, number))
            except OSError as error:
                other = number + 1 if number < 65535 else 8000
                raise CommandError(
                    f"Port {number} on {host} cannot be used ({error.strerror}). "
                    f"Stop what uses it, or choose another:  PORT={other} make run"
                ) from error
        return number

    def _answers(self, supervisor: Supervisor, web: Child, host: str, port: int) -> bool:
        """Wait until the server answers; ``False`` when it died or was asked to stop first."""
        address = "127.0.0.1" if host in {"0.0.0.0", "::"} else host  # noqa: S104 (compared, not bound)
        request = urllib.request.Request(f"http://{address}:{port}/healthz")
        while supervisor.alive(web):
            try:
                with urllib.request.urlopen(request, timeout=2):  # noqa: S310
                    return True
            except urllib.error.HTTPError:
                return True  # it answers; /readyz says what is wrong
            except OSError:
                time.sleep(0.1)
        return False

    def _announce(self, host: str, port: int) -> None:
        name = "localhost" if host in {"127.0.0.1", "0.0.0.0", "::"} else host  # noqa: S104
        lines = ["", f"  Sen is running:  http://{name}:{port}/", *notices(), "", "  Ctrl-C stops it.", ""]
        self._say("\n".join(lines))
