"""The acts on an attempt, for those who decide about it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from lms.audit.models import AuditEntry
from lms.exams.enums import SittingEventKind
from lms.exams.models import Attempt

_PREFIX = "quizzes.attempt_"
_MOST = 50


@dataclass(frozen=True, slots=True)
class LogLine:
    """One act in words."""

    label: str
    text: str
    actor: Any
    at: dt.datetime
    attempt: None = None  # the page is about one attempt, so that no line names it


def log_of(attempt: Attempt) -> list[LogLine]:
    """Return what was done with an attempt, the latest first: from its sitting's log and, without one, the audit."""
    lines = [
        LogLine(event.get_kind_display(), event.text, event.actor, event.at)
        for event in attempt.events.select_related("actor")[:_MOST]
    ]
    acts = AuditEntry.objects.filter(target=f"attempt:{attempt.pk}", action__startswith=_PREFIX)
    labels: dict[str, Any] = dict(SittingEventKind.choices)
    for entry in acts.select_related("actor").order_by("-at", "-pk")[:_MOST]:
        label = str(labels.get(entry.action.removeprefix(_PREFIX), ""))
        lines.append(LogLine(label, entry.data.get("text", ""), entry.actor, entry.at))
    return sorted(lines, key=lambda line: line.at, reverse=True)
