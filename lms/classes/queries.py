"""Reads over classes that are no plain querysets."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Sum

from lms.audit.models import AuditEntry
from lms.classes.models import ClassTally

MESSAGE_SENT = "classes.message_sent"


@dataclass(frozen=True, slots=True)
class ClassFigures:
    """The tally of a class, summed over its slots."""

    enrolled: int = 0
    in_progress: int = 0
    completed: int = 0
    failed: int = 0
    withdrawn: int = 0

    @property
    def active(self) -> int:
        """Learners who take a place: all but the withdrawn."""
        return self.enrolled + self.in_progress + self.completed + self.failed

    @property
    def completion_percent(self) -> int | None:
        """Completed of all active, rounded down so that 100 means all; ``None`` for an empty class."""
        return self.completed * 100 // self.active if self.active else None


_FIELDS = ("enrolled", "in_progress", "completed", "failed", "withdrawn")


def figures_of(class_ids: Collection[int]) -> dict[int, ClassFigures]:
    """Return the figures of each class, in one query; a class without any enrolment has zeros."""
    rows = (
        ClassTally.objects.filter(training_class_id__in=class_ids)
        .values("training_class_id")
        .annotate(**{f"sum_{field}": Sum(field) for field in _FIELDS})
        .order_by()
    )
    found = {row["training_class_id"]: _summed(row) for row in rows}
    return {class_id: found.get(class_id, ClassFigures()) for class_id in class_ids}


def _summed(row: Mapping[str, Any]) -> ClassFigures:
    return ClassFigures(*(row[f"sum_{field}"] for field in _FIELDS))


def headcount(class_id: int) -> int:
    """Return how many places of the class are taken (from its tallies: 16 rows, whatever the class's size)."""
    return figures_of([class_id])[class_id].active


def total(figures: Iterable[ClassFigures]) -> ClassFigures:
    """Return the sum of several classes' figures."""
    sums = dict.fromkeys(_FIELDS, 0)
    for one in figures:
        for field in _FIELDS:
            sums[field] += getattr(one, field)
    return ClassFigures(**sums)


@dataclass(frozen=True, slots=True)
class MessageLine:
    """A message that went out to learners of a class."""

    at: dt.datetime
    sender: str
    text: str
    sent: int


def sent_messages(class_id: int, *, limit: int = 20) -> list[MessageLine]:
    """Return the last messages to learners of the class, the newest first."""
    entries = AuditEntry.objects.filter(stream=f"class:{class_id}", action=MESSAGE_SENT).select_related("actor")
    return [
        MessageLine(entry.at, str(entry.actor or ""), entry.data["text"], entry.data["sent"])
        for entry in entries.order_by("-number")[:limit]
    ]
