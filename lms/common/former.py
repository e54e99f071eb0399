"""Databases of versions from before the first release, whose data are not taken over (docs/adr/0040).

Their history of migrations is another one, although both begin with ``0001_initial``: applied to them, ours would leave
a mixture of two schemas.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Container
from pathlib import Path

from django.conf import settings
from django.core.cache import caches
from django.core.management.base import CommandError
from django.db import connection, connections
from django.db.migrations.recorder import MigrationRecorder

from lms.common.clock import now

#: Migrations that every former database has applied and that our history must never have.
FORMER = (("people", "0002_path_collation"), ("cms", "0002_bootstrap_base_page"))
REFUSAL = (
    "This database was made by a version from before the first release. Its data cannot be taken over; nothing was "
    "changed. Make a new, empty database, name it in DATABASE_URL and run this again. The former one stays as it is, "
    "for the former version (docs/operations.md, “Databases from before the first release”)."
)
IN_USE = (
    "The database {path} was made by a version from before the first release and would be moved aside, but another "
    "program uses it. Stop that program and run this again."
)


def is_former(applied: Container[tuple[str, str]]) -> bool:
    """Whether these applied migrations are those of a former database."""
    return any(migration in applied for migration in FORMER)


def refuse_former(alias: str = "default") -> None:
    """Leave a former database alone.

    Raises:
        CommandError: it is one; the message says what to do.
    """
    if is_former(MigrationRecorder(connections[alias]).applied_migrations()):
        raise CommandError(REFUSAL)


def clear_the_way(say: Callable[[str], None]) -> None:
    """Move a former SQLite database aside on a machine that tries the product, so that a new one can be made.

    Its uploads and the anchors of its audit trail go with it, as far as they lie under ``var/``: together they are a
    ``SEN_VAR_DIR`` with which the former version runs. Nothing is deleted.

    Raises:
        CommandError: it is on a server or in production, where nothing is moved, or another program uses it.
    """
    if not is_former(MigrationRecorder(connection).applied_migrations()):
        return
    path = Path(str(connection.settings_dict["NAME"]))
    if connection.vendor != "sqlite" or settings.PRODUCTION or not path.is_file():
        raise CommandError(REFUSAL)
    connections.close_all()
    _close_for_all(path)
    folder = settings.VAR_DIR / f"before-{now():%Y%m%dT%H%M%SZ}"
    folder.mkdir(parents=True)
    # The database goes last: when this is interrupted, the next start finds it and moves the rest.
    for part, name in ((Path(settings.MEDIA_ROOT), "uploads"), (Path(settings.SEN_ANCHORS_DIR), "anchors")):
        if part.is_dir() and part.resolve().is_relative_to(Path(settings.VAR_DIR).resolve()):
            shutil.move(part, folder / name)
    shutil.move(path, folder / "sen.sqlite3")
    caches["shared"].clear()  # speaks of rows of the former database
    say(
        f"The database {path} was made by a version from before the first release, whose data cannot be taken over.\n"
        f"It was moved to {folder} with its uploads; nothing was deleted. A new one is made now.\n"
        f"To look at the former one, run the former version with SEN_VAR_DIR={folder}."
    )


def _close_for_all(path: Path) -> None:
    """Make the database one file without a log beside it.

    Raises:
        CommandError: another program has it open.
    """
    database = sqlite3.connect(path, timeout=0)
    try:
        # SQLite leaves the write-ahead log only for the last who has the file open.
        (mode,) = database.execute("PRAGMA journal_mode=DELETE").fetchone()
    except sqlite3.OperationalError as error:
        raise CommandError(IN_USE.format(path=path)) from error
    finally:
        database.close()
    if mode != "delete":
        raise CommandError(IN_USE.format(path=path))
