"""Exams as classes sit them, with the grade book above."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def _nobody_above() -> None:
    """Let the apps above hear of every result."""
