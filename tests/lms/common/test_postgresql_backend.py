"""A kept connection is looked at without a round trip, and replaced when the server has ended it."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.db import connection, connections

pytestmark = pytest.mark.skipif(connection.vendor != "postgresql", reason="the embedded database has no connection")


@pytest.fixture
def other():
    """A connection beside the test's own."""
    kept = connections.create_connection("default")
    yield kept
    kept.close()


def pid_of(kept):
    with kept.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return cursor.fetchone()[0]


def test_the_backend_is_in_use():
    assert settings.DATABASES["default"]["ENGINE"] == "lms.common.db.postgresql"


@pytest.mark.django_db
def test_a_living_connection_is_kept_without_asking_the_server(other):
    pid = pid_of(other)
    with connection.cursor() as cursor:
        cursor.execute("SELECT query FROM pg_stat_activity WHERE pid = %s", [pid])
        before = cursor.fetchone()
        assert other.is_usable()
        cursor.execute("SELECT query FROM pg_stat_activity WHERE pid = %s", [pid])
        assert cursor.fetchone() == before
    assert pid_of(other) == pid


@pytest.mark.django_db
def test_a_connection_that_the_server_ended_is_replaced(other):
    pid = pid_of(other)
    other.health_check_enabled, other.health_check_done = True, False
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
        assert cursor.fetchone() == (True,)
    assert not other.is_usable()
    assert pid_of(other) != pid


def test_a_closed_connection_is_not_usable(other):
    assert not other.is_usable()
