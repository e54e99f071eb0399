"""Reads over classes that are no plain querysets."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Sum
from django.utils.translation import gettext as _

from lms.audit.models import AuditEntry
from lms.classes.enums import RequestState
from lms.classes.models import ClassTally, EnrolmentRequest
from lms.common.formats import moment
from lms.people.models import User

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


def what_became_of(request_id: int, *, reader: Any) -> str:
    """Return in a sentence how a request for a learner ended, with the name of the one who ended it.

    The name is for those who see that person anyway; others read the unit, which the request shows them.
    """
    row = EnrolmentRequest.objects.select_related("unit", "decided_by", "training_class__unit").get(pk=request_id)
    if row.is_open:
        return _("This request waits for an answer.")
    if row.shown_state == RequestState.EXPIRED:
        return _("This request expired on %(moment)s: nobody had answered it.") % {"moment": moment(row.expires_at)}
    sentences = {
        RequestState.ACCEPTED: _("This request was accepted already, by %(name)s on %(moment)s."),
        RequestState.DECLINED: _("This request was declined already, by %(name)s on %(moment)s."),
        RequestState.WITHDRAWN: _("This request was taken back already, by %(name)s on %(moment)s."),
    }
    return sentences[row.shown_state] % {"name": _who_decided(row, reader), "moment": moment(row.decided_at)}


def _who_decided(row: EnrolmentRequest, reader: Any) -> str:
    decider = row.decided_by
    if decider is not None and decider.pk == reader.pk:
        return _("you")
    if decider is not None and (
        decider.pk == row.learner_id or User.objects.visible_to(reader).filter(pk=decider.pk).exists()
    ):
        return str(decider)
    unit = row.training_class.unit if row.state == RequestState.WITHDRAWN else row.unit
    return unit.label if unit else _("the office")
