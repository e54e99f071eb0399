"""Databases from before the first release: moved aside where somebody tries the product, refused everywhere else."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from lms.common import former, startup
from tests.plugins.migrated import ROOT

CODE = """
import django
django.setup()
from lms.common.former import clear_the_way
clear_the_way(print)
"""


@pytest.fixture
def record_former(db) -> None:
    recorder = MigrationRecorder(connection)
    for migration in former.FORMER:
        recorder.record_applied(*migration)


def make_former(folder: Path) -> Path:
    """Make what a former version leaves: a database in use until a moment ago, an upload and an anchor."""
    path = folder / "sen.sqlite3"
    database = sqlite3.connect(path)
    database.execute("PRAGMA journal_mode=WAL")
    database.execute("CREATE TABLE django_migrations (id INTEGER PRIMARY KEY, app TEXT, name TEXT, applied TEXT)")
    rows = [("people", "0001_initial"), *former.FORMER]
    database.executemany("INSERT INTO django_migrations (app, name, applied) VALUES (?, ?, '2026-11-01')", rows)
    database.commit()
    database.close()
    for name in ("uploads/images/a.png", "anchors/one.json"):
        (folder / name).parent.mkdir(parents=True)
        (folder / name).write_text(name)
    return path


def run(folder: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    env = os.environ | {
        "SEN_VAR_DIR": str(folder),
        "DATABASE_URL": f"sqlite:///{folder / 'sen.sqlite3'}",
        "DJANGO_SETTINGS_MODULE": "lms.settings",
        **settings,
    }
    command = [sys.executable, "-c", CODE]
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)


def files(folder: Path) -> dict[str, int]:
    return {one.relative_to(folder).as_posix(): one.stat().st_size for one in folder.rglob("*") if one.is_file()}


@pytest.mark.slow
def test_a_former_database_is_moved_aside_whole(tmp_path: Path) -> None:
    make_former(tmp_path)
    before = files(tmp_path)
    done = run(tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    (folder,) = tmp_path.glob("before-*")
    assert files(folder) == before
    # The keys were made by this version when it started: the former one had none, and the next start needs them.
    assert not [name for name in files(tmp_path) if not name.startswith(("before-", "keys/"))]
    assert done.stdout == (
        f"The database {tmp_path}/sen.sqlite3 was made by a version from before the first release, whose data cannot "
        f"be taken over.\nIt was moved to {folder} with its uploads; nothing was deleted. A new one is made now.\n"
        f"To look at the former one, run the former version with SEN_VAR_DIR={folder}.\n"
    )
    again = run(tmp_path)
    assert (again.returncode, again.stdout, len(list(tmp_path.glob("before-*")))) == (0, "", 1)


@pytest.mark.slow
def test_uploads_elsewhere_stay(tmp_path: Path) -> None:
    var, uploads = tmp_path / "var", tmp_path / "disk"
    var.mkdir()
    make_former(var)
    (var / "uploads").rename(uploads)
    done = run(var, SEN_UPLOADS_DIR=str(uploads))
    assert done.returncode == 0, done.stderr
    assert list(files(uploads)) == ["images/a.png"]
    (folder,) = var.glob("before-*")
    assert sorted(files(folder)) == ["anchors/one.json", "sen.sqlite3"]


@pytest.mark.slow
def test_a_former_database_in_use_is_left_alone(tmp_path: Path) -> None:
    path = make_former(tmp_path)
    other = sqlite3.connect(path)
    other.execute("SELECT count(*) FROM django_migrations").fetchone()
    before = set(files(tmp_path))
    done = run(tmp_path)
    other.close()
    assert done.returncode == 1
    assert "another program uses it. Stop that program and run this again." in done.stderr
    assert before - set(files(tmp_path)) <= {"sen.sqlite3-wal", "sen.sqlite3-shm"}


@pytest.mark.usefixtures("record_former")
def test_production_and_servers_are_refused(settings) -> None:
    settings.PRODUCTION = True
    said: list[str] = []
    with pytest.raises(CommandError) as caught:
        startup.prepare(said.append)
    assert (str(caught.value), said) == (former.REFUSAL, [])
    assert "name it in DATABASE_URL" in former.REFUSAL


@pytest.mark.usefixtures("record_former")
@pytest.mark.parametrize("command", [("migrate",), ("load_demo", "--reset")])
def test_commands_refuse_and_change_nothing(command, settings) -> None:
    settings.SEN_DEMO = True
    tables = connection.introspection.table_names()
    recorded = MigrationRecorder(connection).applied_migrations().keys()
    with pytest.raises(CommandError) as caught:
        call_command(*command, stdout=StringIO())
    assert str(caught.value) == former.REFUSAL
    assert connection.introspection.table_names() == tables
    assert MigrationRecorder(connection).applied_migrations().keys() == recorded


@pytest.mark.usefixtures("record_former")
def test_a_running_server_says_that_its_database_does_not_fit() -> None:
    assert startup.has_pending_migrations()


@pytest.mark.django_db
def test_our_own_history_is_never_taken_for_the_former() -> None:
    names = MigrationLoader(connection).disk_migrations.keys()
    assert not former.is_former(names)
    assert not startup.has_pending_migrations()
    former.refuse_former()
