"""Warnings of higher apps before an ended class is opened again."""

from __future__ import annotations

from collections.abc import Callable

from lms.classes.models import TrainingClass

# warning(training_class) returns a sentence that must be known before, "" for none. Apps above register theirs in
# ready().
_warnings: list[Callable[[TrainingClass], str]] = []


def register_reopening_warning(warning: Callable[[TrainingClass], str]) -> None:
    """Let a higher app warn of opening a class again; registering the same function twice changes nothing."""
    if warning not in _warnings:
        _warnings.append(warning)


def reopening_warnings(training_class: TrainingClass) -> str:
    """Return what must be known before the class opens again, "" for nothing."""
    return " ".join(text for warning in _warnings if (text := warning(training_class)))
