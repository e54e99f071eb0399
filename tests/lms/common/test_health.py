"""The two addresses a load balancer asks."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import connection
from django.test import Client

from lms.common import health


def test_healthz_needs_neither_sign_in_nor_database(client: Client) -> None:
    response = client.get("/healthz")
    assert (response.status_code, response.json()) == (200, {"status": "ok"})
    assert "no-store" in response.headers["Cache-Control"]


@pytest.mark.django_db
def test_readyz_names_each_part(client: Client) -> None:
    response = client.get("/readyz")
    expected = {"status": "ok", "database": "ok", "migrations": "ok", "storage": "ok"}
    assert (response.status_code, response.json()) == (200, expected)


@pytest.mark.django_db
def test_readyz_says_when_uploads_cannot_be_kept(client: Client, settings: object, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    settings.MEDIA_ROOT = tmp_path / "file"
    response = client.get("/readyz")
    expected = {"status": "unavailable", "database": "ok", "migrations": "ok", "storage": "not writable"}
    assert (response.status_code, response.json()) == (503, expected)


@pytest.mark.django_db
def test_readyz_says_when_a_migration_is_pending(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "_migrated", False)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'audit'")
    response = client.get("/readyz")
    expected = {"status": "unavailable", "database": "ok", "migrations": "pending", "storage": "ok"}
    assert (response.status_code, response.json()) == (503, expected)


def test_asking_twice_costs_one_query(client: Client, django_assert_num_queries: object, db: None) -> None:
    client.get("/readyz")
    with django_assert_num_queries(1):
        client.get("/readyz")


def test_only_reading_is_allowed(client: Client) -> None:
    assert [client.post(path).status_code for path in ("/healthz", "/readyz")] == [405, 405]
