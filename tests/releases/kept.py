"""The stored releases: where they lie, the keys they were made with, how a database becomes a file and one again."""

from __future__ import annotations

import json
import lzma
import os
import re
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent
FOLDER = Path(__file__).resolve().parent
FILES = {"sqlite": "sqlite.sqlite3.xz", "postgresql": "postgresql.sql.xz"}
#: Made up for the stored releases: what they sealed and encrypted is proved and opened with these alone.
KEYS = {
    "SEN_SECRET_KEY": "stored-releases-web-key-for-tests-only-0123456789abcdef",
    "SEN_AUDIT_KEY": "stored-releases-audit-key-for-tests-only-0123456789abcdef",
    "SEN_FACTOR_KEYS": "stored-releases-factor-key-for-tests-only-0123456789abcdef",
}


def releases() -> list[str]:
    """Return the numbers of the stored releases."""
    return sorted(path.parent.name for path in FOLDER.glob("*/sqlite.json"))


def environment(database_url: str, var: Path) -> dict[str, str]:
    """Return the environment in which the product opens a stored database, and nothing of the machine's own."""
    named = {name: value for name, value in os.environ.items() if not name.startswith("SEN_")}
    own = {"DATABASE_URL": database_url, "SEN_VAR_DIR": str(var), "SEN_ENV_FILE": "", "PYTHONPATH": str(ROOT)}
    return named | own | KEYS | {"DJANGO_SETTINGS_MODULE": "lms.settings"}


def run(env: dict[str, str], *arguments: str) -> str:
    """Run Python with ``arguments`` in ``env``; return what it printed.

    Raises:
        RuntimeError: it failed; the message is what it said.
    """
    done = subprocess.run([sys.executable, *arguments], cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(arguments)} failed:\n{done.stdout}\n{done.stderr}")
    return done.stdout


def store_sqlite(database: Path, release: str) -> None:
    """Keep a SQLite file, without free pages and without a log beside it."""
    connection = sqlite3.connect(database, isolation_level=None)
    connection.execute("PRAGMA journal_mode=DELETE")
    connection.execute("VACUUM")
    connection.close()
    _pack(database.read_bytes(), release, "sqlite")


def restore_sqlite(release: str, database: Path) -> None:
    """Write the SQLite file of a release to ``database``."""
    database.write_bytes(_unpack(release, "sqlite"))


def store_postgresql(url: str, release: str) -> None:
    """Keep a PostgreSQL database as plain statements: any client runs them, no ``psql`` or ``pg_restore`` is needed."""
    from django.db.backends.postgresql.client import DatabaseClient
    from environ import Env

    arguments, extra = DatabaseClient.settings_to_cmd_args_env({"OPTIONS": {}} | Env.db_url_config(url), [])
    command = ["pg_dump", "--inserts", "--rows-per-insert=500", "--no-owner", "--no-privileges", *arguments[1:]]
    dumped = subprocess.run(command, env=os.environ | (extra or {}), capture_output=True, check=True).stdout.decode()
    # Newer versions frame the file with words to psql.
    kept = re.sub(r"^\\(un)?restrict .*\n", "", dumped, flags=re.MULTILINE)
    _pack(kept.encode(), release, "postgresql")


def restore_postgresql(release: str, **server: Any) -> None:
    """Run the statements of a release in the empty database that the arguments of ``psycopg.connect`` name."""
    import psycopg

    with psycopg.connect(autocommit=True, **server) as connection:
        connection.execute(_unpack(release, "postgresql"))


def expected(release: str, vendor: str) -> dict[str, Any]:
    """Return what the database of a release held when it was stored."""
    return json.loads((FOLDER / release / f"{vendor}.json").read_text(encoding="utf-8"))


def keep_expected(figures: dict[str, Any], release: str, vendor: str) -> None:
    """Write what a database holds beside its file, a row of it on a line."""
    lines = [f"{json.dumps(name)}: {_lines(part)}" for name, part in figures.items()]
    text = "{\n" + ",\n".join(lines) + "\n}\n"
    (FOLDER / release / f"{vendor}.json").write_text(text, encoding="utf-8")


def _lines(part: dict[str, Any] | list[Any]) -> str:
    if isinstance(part, list):
        return "[\n" + ",\n".join(json.dumps(row, ensure_ascii=False) for row in part) + "\n]"
    return "{\n" + ",\n".join(f"{json.dumps(key)}: {json.dumps(value)}" for key, value in part.items()) + "\n}"


def _pack(data: bytes, release: str, vendor: str) -> None:
    folder = FOLDER / release
    folder.mkdir(exist_ok=True)
    (folder / FILES[vendor]).write_bytes(lzma.compress(data, preset=9 | lzma.PRESET_EXTREME))


def _unpack(release: str, vendor: str) -> bytes:
    return lzma.decompress((FOLDER / release / FILES[vendor]).read_bytes())
