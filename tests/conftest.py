"""Fixtures of the whole suite. The database is chosen earlier, in :mod:`tests.plugins.database`."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.core.cache import cache
from django.db import connection
from django.test import Client, override_settings
from hypothesis import settings as hypothesis_settings

from lms.common.limited import running as limited_running
from scripts import house_report
from tests.plugins.migrated import migrated_file


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what reaches the database through a fixture, so that ``make test-fast`` can leave it out."""
    for item in items:
        if {"db", "transactional_db", "django_db_setup"} & set(getattr(item, "fixturenames", ())):
            item.add_marker("database")


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Print how the house is kept, at the end of ``make test``."""
    if os.environ.get("SEN_HOUSE_REPORT"):
        terminalreporter.section("The house")
        for line in house_report.report():
            terminalreporter.write_line(line)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None) -> Iterator[None]:
    """Fill SQLite's in-memory database from a migrated file, so that a run does not begin with every migration."""
    if connection.vendor != "sqlite":
        yield
        return
    # The connection is kept: an in-memory database lives as long as somebody holds it.
    target = sqlite3.connect(connection.creation._get_test_db_name(), uri=True)
    source = sqlite3.connect(migrated_file())
    source.backup(target)
    source.close()
    yield
    target.close()


@pytest.fixture(scope="session", autouse=True)
def _plain_static_files() -> Iterator[None]:
    """Templates name static files without a manifest, so that no test needs collectstatic.

    ``override_settings`` says so to the storage that start-up may have made already; changing the setting would not.
    """
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    with override_settings(STORAGES={**settings.STORAGES, "staticfiles": plain}):
        yield


@pytest.fixture(scope="session", autouse=True)
def _no_process_is_left() -> Iterator[None]:
    """End the process that reads uploaded files."""
    yield
    limited_running.close()


@pytest.fixture(autouse=True)
def _own_uploads(settings: pytest.FixtureRequest, tmp_path: Path) -> None:
    """Each test has an empty folder for uploads, and one for anchors of the audit trail."""
    settings.MEDIA_ROOT = tmp_path / "uploads"
    settings.SEN_ANCHORS_DIR = tmp_path / "anchors"


@pytest.fixture(autouse=True)
def _empty_cache() -> Iterator[None]:
    """No test sees what another one cached."""
    cache.clear()
    yield
    cache.clear()


# The same examples in every run of the checks: a change is judged by itself, not by luck or by how busy the machine is.
# Locally examples vary.
hypothesis_settings.register_profile("ci", derandomize=True, deadline=None)
if os.environ.get("CI"):
    hypothesis_settings.load_profile("ci")


class QuickHasher(PBKDF2PasswordHasher):
    """For tests that sign in often and do not care how passwords are kept."""

    algorithm = "quick"
    iterations = 1


@pytest.fixture
def quick_passwords(settings: pytest.FixtureRequest) -> None:
    """Hash passwords fast; without it tests use the real argon2id."""
    settings.PASSWORD_HASHERS = ["tests.conftest.QuickHasher", *settings.PASSWORD_HASHERS]


@pytest.fixture
def client_as() -> Callable[..., Client]:
    """Return a function that gives a signed-in client: ``client_as(user)``; ``client_as(None)`` is a stranger."""

    def make(user: object | None) -> Client:
        client = Client()
        if user is not None:
            client.force_login(user)  # type: ignore[arg-type]
        return client

    return make
