"""The two addresses a load balancer asks."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from django.db import OperationalError, connection
from django.test import Client

from lms.common import health
from lms.common.health import OK, SystemPart, degraded, failed

COMMON = {"database": "ok", "migrations": "ok", "storage": "ok", "disk": "ok", "cache": "ok"}


@pytest.fixture(autouse=True)
def _only_common_parts(monkeypatch: pytest.MonkeyPatch, settings: object) -> None:
    """The parts of this module alone, looked at afresh."""
    monkeypatch.setattr(health, "_parts", {name: part for name, part in health._parts.items() if name in COMMON})
    monkeypatch.setattr(health, "_repeated", (float("-inf"), {}))
    settings.SEN_DISK_FREE_MB = 1


def test_healthz_needs_neither_sign_in_nor_database(client: Client) -> None:
    response = client.get("/healthz")
    assert (response.status_code, response.json()) == (200, {"status": "ok"})
    assert "no-store" in response.headers["Cache-Control"]


@pytest.mark.django_db
def test_readyz_names_each_part(client: Client) -> None:
    response = client.get("/readyz")
    assert (response.status_code, response.json()) == (200, {"status": "ok", **COMMON})


@pytest.mark.django_db
def test_people_are_served_while_uploads_cannot_be_kept(client: Client, settings: object, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    settings.MEDIA_ROOT = tmp_path / "file"
    response = client.get("/readyz")
    expected = {"status": "degraded", **COMMON, "storage": "degraded"}
    assert (response.status_code, response.json()) == (200, expected)


@pytest.mark.django_db
def test_nobody_is_served_while_a_migration_is_pending(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "_migrated", False)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'audit'")
    response = client.get("/readyz")
    expected = {"status": "unavailable", **COMMON, "migrations": "failed"}
    assert (response.status_code, response.json()) == (503, expected)


def test_nobody_is_served_while_the_database_does_not_answer(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> None:
        raise OperationalError("connection refused")

    health.register(SystemPart("asks", lambda: pytest.fail("asked a database that does not answer")))
    monkeypatch.setattr(connection, "cursor", refuse)
    response = client.get("/readyz")
    expected = {"status": "unavailable", "database": "failed", "storage": "ok", "disk": "ok", "cache": "ok"}
    assert (response.status_code, response.json()) == (503, expected)


@pytest.mark.django_db
def test_a_database_that_only_reads_is_seen(client: Client) -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET transaction_read_only = on")
        assert health.check_database() == degraded("read_only")


def test_a_database_file_that_cannot_be_written_is_seen(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("a server has no file here")
    sqlite3.connect(tmp_path / "sen.sqlite3").close()
    monkeypatch.setitem(connection.settings_dict, "NAME", str(tmp_path / "sen.sqlite3"))
    assert health._file_is_writable()
    monkeypatch.setattr(health.os, "access", lambda name, mode: False)
    assert not health._file_is_writable()


def test_a_disk_that_is_nearly_full_is_seen(settings: object) -> None:
    settings.SEN_DISK_FREE_MB = 10**9
    finding = health.check_disk()
    assert (finding.state, finding.code, finding.facts["folder"]) == ("degraded", "low", str(settings.VAR_DIR))


@pytest.mark.django_db
def test_strangers_learn_the_words_only_and_the_worst_decides(client: Client) -> None:
    health.register(SystemPart("worker", lambda: degraded("silent", minutes=4), live=False))
    assert client.get("/readyz").json() == {"status": "degraded", **COMMON, "worker": "degraded"}
    health.register(SystemPart("other", lambda: failed("gone", file="/srv/secret")))
    response = client.get("/readyz")
    assert (response.status_code, response.json()) == (
        503,
        {"status": "unavailable", **COMMON, "other": "failed", "worker": "degraded"},
    )


def test_asking_twice_costs_one_query(client: Client, django_assert_num_queries: object, db: None) -> None:
    looks = []
    health.register(SystemPart("worker", lambda: looks.append(1) or OK, live=False))
    client.get("/readyz")
    with django_assert_num_queries(1):
        client.get("/readyz")
    assert looks == [1]


def test_only_reading_is_allowed(client: Client) -> None:
    assert [client.post(path).status_code for path in ("/healthz", "/readyz")] == [405, 405]
