"""Tokens of the release before go on for thirty days, hashed; the plain ones are gone."""

from __future__ import annotations

import datetime as dt
from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client

from lms.people.models import ApiToken
from tests.factories.people import make_user

MIGRATION = import_module("lms.people.migrations.0009_hash_old_tokens")
KEY = "9944b09199c62bcf9418ad846dd0e4bbdfc6ee4b"


class Editor:
    """What the migration uses of a schema editor, inside a test's transaction."""

    def __init__(self) -> None:
        self.connection = connection

    def execute(self, sql: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(sql)


@pytest.mark.django_db
def test_old_tokens_are_taken_over_and_back():
    user = make_user()
    MIGRATION.take_over(apps, Editor())  # a database that is younger than this release
    assert not ApiToken.objects.exists()
    MIGRATION.make_table(apps, Editor())
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO authtoken_token (key, created, user_id) VALUES (%s, '2026-01-01 00:00:00+00', %s)",
            [KEY, user.pk],
        )
    MIGRATION.take_over(apps, Editor())
    row = ApiToken.objects.get()
    assert (row.user, row.name, row.prefix, row.scope_list) == (user, "API", KEY[:8], ["exam", "read", "write"])
    assert row.expires_at - row.created_at == dt.timedelta(days=30)
    assert "authtoken_token" not in connection.introspection.table_names()
    me = Client().get("/api/v1/me/", headers={"Authorization": f"Token {KEY}"})
    assert (me.status_code, me.json()["id"]) == (200, user.pk)
