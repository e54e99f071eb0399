"""Backups: the database in one file, then every upload, then the mark that says it succeeded."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import sqlite3
import subprocess
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.backends.postgresql.client import DatabaseClient

from lms.common.clock import now
from lms.common.errors import DomainError


class BackupError(DomainError):
    """The backup did not succeed; the mark of the last good one stays as it was."""

    code = "backup_failed"


def back_up(*, folder: Path, keep: dt.timedelta) -> Path:
    """Back up into ``folder`` and return the database's file. Safe while people work.

    Uploads are copied after the database, so that every row finds its file; those that were removed since stay.
    Files of the database older than ``keep`` are removed, the newest never.

    Raises:
        BackupError: a program is missing, the disk is full, or the file cannot be read back.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        os.chmod(folder, 0o700)
        made = _dump(folder)
        _copy_uploads(folder / "uploads")
        for old in folder.glob("sen-*"):
            age = now().timestamp() - old.stat().st_mtime
            if old != made and age > keep.total_seconds():
                old.unlink()
        if settings.SEN_BACKUP_MARKER:
            marker = Path(settings.SEN_BACKUP_MARKER)
            marker.parent.mkdir(parents=True, exist_ok=True)
            marker.write_text(f"{made}\n")
    except OSError as error:
        raise BackupError(str(error)) from error
    return made


def _dump(folder: Path) -> Path:
    stamp = now().strftime("%Y%m%dT%H%M%SZ")
    making = folder / "making"
    making.unlink(missing_ok=True)
    os.close(os.open(making, os.O_CREAT | os.O_WRONLY, 0o600))
    if connection.vendor == "postgresql":
        made = folder / f"sen-{stamp}.dump"
        _dump_postgresql(making)
    else:
        made = folder / f"sen-{stamp}.sqlite3"
        _dump_sqlite(making)
    return making.rename(made)


def _dump_postgresql(to: Path) -> None:
    arguments, extra = DatabaseClient.settings_to_cmd_args_env(connection.settings_dict, [])
    env = os.environ | (extra or {})
    # psql's own arguments: -U, -h, -p and the database, which pg_dump takes alike
    _run(["pg_dump", "-Fc", "-f", str(to), *arguments[1:]], env)
    _run(["pg_restore", "--list", str(to)], env)


def _run(command: list[str], env: dict[str, str]) -> None:
    try:
        done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)  # noqa: S603 (our own words)
    except FileNotFoundError as error:
        raise BackupError(f"{command[0]} is not installed (package postgresql-client).") from error
    if done.returncode:
        raise BackupError(f"{command[0]}: {done.stderr.strip()[-500:]}")


def _dump_sqlite(to: Path) -> None:
    connection.ensure_connection()
    target = sqlite3.connect(to)
    try:
        connection.connection.backup(target)
        found = target.execute("PRAGMA integrity_check").fetchone()
    except sqlite3.Error as error:
        raise BackupError(str(error)) from error
    finally:
        target.close()
    if found != ("ok",):
        raise BackupError(f"the copy is damaged: {found[0]}")


def _copy_uploads(to: Path) -> None:
    source = Path(settings.MEDIA_ROOT)
    for folder, _folders, names in os.walk(source):
        place = to / Path(folder).relative_to(source)
        place.mkdir(parents=True, exist_ok=True)
        for name in names:
            _copy(Path(folder) / name, place / name)


def _copy(source: Path, target: Path) -> None:
    try:
        there = source.stat()
    except FileNotFoundError:
        return  # removed meanwhile
    if target.exists():
        here = target.stat()
        if (here.st_size, int(here.st_mtime)) == (there.st_size, int(there.st_mtime)):
            return
    making = target.with_name(f"{target.name}.making")
    shutil.copy2(source, making)
    making.replace(target)
