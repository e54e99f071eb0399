"""The test run stands on the database it says it does."""

from __future__ import annotations

import os

import pytest
from django.db import connection


@pytest.mark.django_db
def test_the_chosen_database_is_used() -> None:
    expected = {"sqlite": "sqlite", "postgres": "postgresql"}[os.environ.get("SEN_TEST_DB", "sqlite")]
    assert connection.vendor == expected
