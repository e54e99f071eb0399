"""Databases of earlier releases, migrated by the code of today: nothing of them is lost or becomes something else.

What is meant to change stands in :mod:`tests.releases.changes`.
"""

from __future__ import annotations

import json
import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.management import call_command
from django.db import connection
from psycopg import sql

from tests.releases import kept
from tests.releases.changes import CHANGES, Changes
from tests.releases.look import KEPT_BY_MIGRATE

pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class Release:
    """A stored release: what its database held, what it holds after the migrations of today, what no longer holds."""

    number: str
    then: dict[str, Any]
    now: dict[str, Any]
    faults: dict[str, list[str]]

    @property
    def changes(self) -> Changes:
        return CHANGES[self.number]


@pytest.fixture(scope="module", params=kept.releases())
def release(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Release]:
    """A release restored on the kind of database that this run is on, and migrated."""
    number, folder = request.param, tmp_path_factory.mktemp("release")
    with _restored(number, folder) as url:
        then = kept.expected(number, connection.vendor)
        env = kept.environment(url, folder / "var")
        kept.run(env, "manage.py", "migrate", "--verbosity=0")
        found = json.loads(kept.run(env, "-m", "tests.releases.look", json.dumps(wanted(then, CHANGES[number]))))
        yield Release(number, then, found["held"], found["proofs"])


@contextmanager
def _restored(number: str, folder: Path) -> Iterator[str]:
    """The address of a database with the stored rows, which is gone afterwards."""
    if connection.vendor == "sqlite":
        kept.restore_sqlite(number, folder / "sen.sqlite3")
        yield f"sqlite:///{folder / 'sen.sqlite3'}"
        return
    settings = connection.settings_dict
    server = {name: settings[key] for name, key in (("host", "HOST"), ("port", "PORT"), ("user", "USER"))}
    server = {name: value for name, value in server.items() if value} | {"password": settings["PASSWORD"]}
    database = f"release_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(dbname="postgres", autocommit=True, **server) as admin:
        admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(database)))
        try:
            kept.restore_postgresql(number, dbname=database, **server)
            before, _slash, _name = os.environ["DATABASE_URL"].rpartition("/")
            yield f"{before}/{database}"
        finally:
            admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(database)))


# --- what was held, in the names of today ------------------------------------------------------------------------


def wanted(then: dict[str, Any], changes: Changes) -> dict[str, tuple[str, list[str]]]:
    """Return the tables and columns whose rows are written out, in the names of today."""
    named = {}
    for part, ((table, *columns), *_rows) in written_out(then).items():
        today = [changes.columns.get((table, column), column) for column in columns]
        place = changes.tables.get(table, table)
        if place is not None:
            named[part] = (place, [column for column in today if column is not None])
    return named


def written_out(then: dict[str, Any]) -> dict[str, list[list[Any]]]:
    return {part: rows for part, rows in then.items() if isinstance(rows, list)}


def in_names_of_today(then: dict[str, Any], changes: Changes) -> dict[str, Any]:
    """Return what was held then as it must be held today."""
    rows = {
        place: count + changes.rows.get(table, 0)
        for table, count in then["rows"].items()
        if (place := changes.tables.get(table, table)) is not None
    }
    columns: dict[str, dict[str, str]] = {}
    for table, digests in then["columns"].items():
        if (place := changes.tables.get(table, table)) is None or table in changes.rows:
            continue
        columns[place] = {
            name: digest
            for column, digest in digests.items()
            if (name := changes.columns.get((table, column), column)) is not None
            and (table, column) not in changes.rewritten
        }
    return {"rows": rows, "columns": columns}


# --- the tests ---------------------------------------------------------------------------------------------------


def test_every_row_of_every_table_is_still_there(release):
    then = in_names_of_today(release.then, release.changes)["rows"]
    missing = {table for table in KEPT_BY_MIGRATE if release.now["rows"][table] < then[table]}
    assert missing == set()
    assert {table: release.now["rows"].get(table) for table in then if table not in KEPT_BY_MIGRATE} == {
        table: count for table, count in then.items() if table not in KEPT_BY_MIGRATE
    }


def test_every_value_of_every_column_is_the_same(release):
    then = in_names_of_today(release.then, release.changes)["columns"]
    now = {
        table: {name: release.now["columns"].get(table, {}).get(name) for name in digests}
        for table, digests in then.items()
    }
    assert now == then


def test_scores_receipts_standings_figures_certificates_and_heads_are_the_same(release):
    """The digests say so too, but here a difference can be read."""
    for part, rows in written_out(release.then).items():
        if part in release.now:
            then, now = comparable(rows, release.now[part], release.changes)
            assert now == then != [], part


def comparable(then: list[list[Any]], now: list[list[Any]], changes: Changes) -> tuple[list[Any], list[Any]]:
    """Return the rows of both without the columns that are gone or whose values are others now."""
    (table, *columns), *old = then
    _place, *new = now
    left = [column for column in columns if changes.columns.get((table, column), column) is not None]
    same = [column for column in left if (table, column) not in changes.rewritten]
    return (
        [[row[columns.index(column)] for column in same] for row in old],
        [[row[left.index(column)] for column in same] for row in new],
    )


def test_the_code_of_today_proves_what_the_release_left(release):
    """Receipts, marking, standings, tallies, statistics, the audit trail and factors: worked out anew, all the same."""
    proofs = ("receipts", "marking", "standings", "tallies", "statistics", "audit", "factors")
    assert release.faults == {proof: [] for proof in proofs}


@pytest.mark.django_db
def test_no_change_of_a_model_is_without_its_migration():
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


def test_every_stored_release_has_its_changes_and_every_change_names_something():
    assert sorted(CHANGES) == kept.releases() != []
    for number, changes in CHANGES.items():
        then = kept.expected(number, "sqlite")
        known = {(table, column) for table, columns in then["columns"].items() for column in columns}
        assert {*changes.tables, *changes.rows} <= set(then["rows"])
        assert {*changes.columns, *changes.rewritten} <= known
        assert all(changes.rewritten.values()), "say why"


# --- the comparison itself ---------------------------------------------------------------------------------------

THEN = {
    "rows": {"a": 1, "b": 2, "gone": 3},
    "columns": {"a": {"x": "1", "y": "2", "z": "3"}, "b": {"id": "4"}, "gone": {"id": "5"}},
    "parts": [["a", "x", "y", "z"], [1, 2, 3]],
    "lost": [["gone", "id"], [1]],
}


def test_without_changes_all_is_compared():
    assert in_names_of_today(THEN, Changes()) == {"rows": THEN["rows"], "columns": THEN["columns"]}
    assert wanted(THEN, Changes()) == {"parts": ("a", ["x", "y", "z"]), "lost": ("gone", ["id"])}


def test_a_change_is_followed_and_nothing_else():
    changes = Changes(
        tables={"a": "c", "gone": None},
        columns={("a", "x"): "w", ("a", "y"): None},
        rewritten={("a", "z"): "counted anew"},
        rows={"b": 1},
    )
    assert in_names_of_today(THEN, changes) == {"rows": {"c": 1, "b": 3}, "columns": {"c": {"w": "1"}}}
    assert wanted(THEN, changes) == {"parts": ("c", ["w", "z"])}
    assert comparable(THEN["parts"], [["c", "w", "z"], [1, 9]], changes) == ([[1]], [[1]])
    assert comparable(THEN["parts"], [["c", "w", "z"], [2, 9]], changes) == ([[1]], [[2]])
