"""Fixtures for tests of people."""

from __future__ import annotations

from tests.quizzes.conftest import at_once, shared_db

__all__ = ["at_once", "shared_db"]
