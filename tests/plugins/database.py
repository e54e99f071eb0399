"""Chooses the database of a test run before Django reads its settings.

- nothing set: SQLite in memory;
- ``SEN_TEST_DB=postgres``: the server of ``TEST_DATABASE_URL``, else one started for this run (one server for all
  xdist workers; pytest-django gives each worker a database of its own).

It also keeps the run away from the developer's own environment: no ``.env``, no ``var/``.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile

import pytest


def _is_worker() -> bool:
    return "PYTEST_XDIST_WORKER" in os.environ


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    if _is_worker():
        return  # the controller has put everything into the environment
    for name in ("CACHE_URL", "DATABASE_URL", "SEN_ENVIRONMENT", "SEN_DEBUG", "SEN_WORKERS"):
        os.environ.pop(name, None)
    var = tempfile.mkdtemp(prefix="sen-test-var-")
    atexit.register(shutil.rmtree, var, ignore_errors=True)
    os.environ["SEN_VAR_DIR"] = var
    os.mkdir(os.path.join(var, "static"))  # WhiteNoise warns about a missing folder
    os.environ["SEN_ENV_FILE"] = ""
    kind = os.environ.get("SEN_TEST_DB", "sqlite")
    if kind == "sqlite":
        os.environ["DATABASE_URL"] = "sqlite://:memory:"
    elif kind == "postgres":
        os.environ["DATABASE_URL"] = os.environ.get("TEST_DATABASE_URL") or _start_postgres()
    else:
        raise pytest.UsageError(f"SEN_TEST_DB is sqlite or postgres, not {kind!r}")


def _start_postgres() -> str:
    from tests.plugins.postgres import Server

    server = Server()
    atexit.register(server.stop)
    server.start()
    return server.url


def pytest_report_header() -> str:
    return f"database: {os.environ.get('SEN_TEST_DB', 'sqlite')}"
