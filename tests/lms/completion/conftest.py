"""Threads that start together, on a database that they share."""

from tests.quizzes.conftest import at_once, shared_db

__all__ = ["at_once", "shared_db"]
