"""Keeps the sums of closed years honest."""

from __future__ import annotations

from typing import Any

from lms.classes.signals import tally_moved
from lms.reports.services import reopen_year_of


def connect() -> None:
    """Listen to moved tallies; called once at start-up."""
    tally_moved.connect(_tally_moved, dispatch_uid="reports.tally_moved")


def _tally_moved(sender: Any, class_id: int, **kwargs: Any) -> None:
    reopen_year_of(class_id)
