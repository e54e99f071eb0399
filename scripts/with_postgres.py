"""Run a command with a new, empty PostgreSQL of its own, which ends with it: ``with_postgres.py COMMAND …``.

``DATABASE_URL`` names the database in the command's environment. Unlike the tests' server, this one is durable as in
production (``fsync`` stays on), so that what is measured on it means something.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.plugins.postgres import Server


def main(command: list[str]) -> int:
    """Return the command's exit code."""
    server = Server({"shared_buffers": "256MB", "max_connections": "60"})
    try:
        server.start()
        return subprocess.run(command, env=os.environ | {"DATABASE_URL": server.url}, check=False).returncode  # noqa: S603
    finally:
        server.stop()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
