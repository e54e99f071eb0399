"""Exams by themselves: what they tell the apps above is heard by nobody."""

from __future__ import annotations

import pytest

from lms.exams.signals import attempt_graded
from tests.quizzes.conftest import at_once, shared_db

__all__ = ["at_once", "shared_db"]


@pytest.fixture(autouse=True)
def _nobody_above(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave out the grade book: these tests count the statements of exams alone."""
    monkeypatch.setattr(attempt_graded, "receivers", [])
