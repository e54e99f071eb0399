"""What must be in place before serving, done only when needed, so that a second start takes seconds."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from lms.common.catalogs import compile_all
from lms.common.former import clear_the_way, is_former

_notices: list[Callable[[], list[str]]] = []


def register_notice(notice: Callable[[], list[str]]) -> None:
    """Let an app add lines to what the server prints once it is up."""
    _notices.append(notice)


def notices() -> list[str]:
    """Return the lines of every registered notice, in the order of registration."""
    return [line for notice in _notices for line in notice()]


def prepare(say: Callable[[str], None]) -> bool:
    """Compile translations, migrate, gather static files and load demo data: each only when it is due.

    Never removes or rewrites data: ``load_demo --if-empty`` leaves a database with people in it alone, and a database
    from before the first release is moved aside or refused.

    Returns whether translations, tables or static files changed: a process that has looked at them must look again.

    Raises:
        CommandError: a database from before the first release cannot be moved aside.
    """
    clear_the_way(say)
    changed = bool(compile_all())
    if has_pending_migrations():
        changed = True
        say("Preparing the database ...")
        call_command("migrate", verbosity=0, interactive=False)
    digest_file = settings.VAR_DIR / "static.digest"
    digest = static_digest()
    if not digest_file.exists() or digest_file.read_text() != digest:
        changed = True
        say("Gathering static files ...")
        call_command("collectstatic", verbosity=0, interactive=False)
        digest_file.write_text(digest)
    if settings.SEN_DEMO:
        call_command("load_demo", if_empty=True)
    return changed


def has_pending_migrations() -> bool:
    """Whether the database misses a migration of the code, or is from before the first release."""
    executor = MigrationExecutor(connection)
    if is_former(executor.loader.applied_migrations):
        return True
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def static_digest() -> str:
    """Return a digest of the names, sizes and times of every static file and of how they are stored."""
    digest = hashlib.sha256(repr((settings.STORAGES["staticfiles"], str(settings.STATIC_ROOT))).encode())
    for finder in get_finders():
        for name, storage in sorted(finder.list([]), key=lambda entry: entry[0]):
            stat = Path(storage.path(name)).stat()
            digest.update(f"{name}:{stat.st_size}:{stat.st_mtime_ns}\n".encode())
    return digest.hexdigest()
