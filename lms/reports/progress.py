"""The state of each item of one enrolment, for those in charge of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from lms.classes.models import Enrolment
from lms.exams.models import Attempt
from lms.programmes.queries import outline
from lms.progress.models import ItemProgress, ItemState


@dataclass(frozen=True, slots=True)
class ItemReport:
    """One item with what the learner did."""

    item: Any
    state: str
    seconds: int
    updated_at: Any
    attempts: tuple[Attempt, ...]


@dataclass(frozen=True, slots=True)
class ModuleLines:
    module: Any
    lines: tuple[ItemReport, ...]


def enrolment_items(enrolment: Enrolment) -> list[ModuleLines]:
    """Modules with their items and the learner's state (two queries; the outline is cached)."""
    progress = {row.item_id: row for row in ItemProgress.objects.filter(enrolment=enrolment)}
    attempts: dict[int, list[Attempt]] = {}
    for attempt in Attempt.objects.filter(enrolment_id=enrolment.pk, user_id=enrolment.learner_id).order_by("number"):
        attempts.setdefault(attempt.item_id, []).append(attempt)
    modules = []
    for module in outline(enrolment.training_class.edition_id):
        lines = []
        for item in module.items:
            row = progress.get(item.id)
            lines.append(
                ItemReport(
                    item=item,
                    state=row.state if row else ItemState.TODO.value,
                    seconds=row.seconds if row else 0,
                    updated_at=row.updated_at if row else None,
                    attempts=tuple(attempts.get(item.id, ())),
                )
            )
        modules.append(ModuleLines(module=module, lines=tuple(lines)))
    return modules
