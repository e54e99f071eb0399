"""Marks that persons give: the only door from an answer that waits for a person to a result.

A result grows: each call adds an :class:`AttemptResult` with the marks so far, and the last mark finishes the attempt,
sets its score and tells those above. Who may mark, drafts, second markers and the moment of release are decided by
the caller.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lms.audit.services import record
from lms.common.clock import now as clock_now
from lms.exams.enums import AttemptState
from lms.exams.errors import AttemptClosedError, InvalidMarksError
from lms.exams.models import Attempt, AttemptResult
from lms.exams.signals import attempt_graded
from quizzes.engine.scoring import CENT, needs_marking
from quizzes.queries.papers.compiled import paper_key


@transaction.atomic
def record_marks(*, attempt: Attempt, marks: Mapping[int, Decimal], actor: Any, reason: str = "") -> AttemptResult:
    """Record the points that a person gives for some questions of an attempt that was handed in.

    Marks of a question marked before replace the former ones; the former result stays. When nothing waits any more,
    the attempt has its score and :data:`lms.exams.signals.attempt_graded` is sent.

    Args:
        attempt: handed in.
        marks: points by slot, between 0 and what the question is worth; rounded to hundredths.
        actor: who marks; recorded in the audit.
        reason: why, for a correction.

    Raises:
        AttemptClosedError: the attempt has not been handed in, or was annulled.
        InvalidMarksError: a slot that nobody marks by hand, or points out of range; ``fields`` names each.
    """
    locked = Attempt.objects.select_for_update(of=("self",)).select_related("exam", "paper").get(pk=attempt.pk)
    if locked.state != AttemptState.SUBMITTED:
        raise AttemptClosedError(_("Only a test that has been handed in can be marked."))
    cleaned = _clean(locked, marks)
    former = AttemptResult.objects.filter(attempt_id=locked.pk).order_by("-number").first()
    if former is None:
        raise AttemptClosedError(_("Only a test that has been handed in can be marked."))
    points = {**former.points, **{str(slot): str(value) for slot, value in cleaned.items()}}
    pending = [slot for slot in former.pending if slot not in cleaned]
    result = AttemptResult.objects.create(
        attempt=locked,
        number=former.number + 1,
        points=points,
        pending=pending,
        score=sum((Decimal(value) for value in points.values()), Decimal(0)),
        max_score=former.max_score,
        reason=reason,
        graded_at=clock_now(),
    )
    record(
        actor=actor,
        action="quizzes.marked",
        target=f"attempt:{locked.pk}",
        data={"result": result.number, "points": {str(slot): str(value) for slot, value in cleaned.items()}},
        stream=f"exam:{locked.exam_id}",
    )
    if not pending:
        locked.score, locked.marking = result.score, False
        locked.save(update_fields=["score", "marking"])
        attempt_graded.send(sender=Attempt, attempt=locked, result=result)
    attempt.score, attempt.marking = locked.score, locked.marking
    return result


def _clean(attempt: Attempt, marks: Mapping[int, Decimal]) -> dict[int, Decimal]:
    """Return the marks rounded, or refuse them all."""
    worth = {
        entry.slot: entry.points
        for entry in paper_key(attempt.paper_id, attempt.paper.seed).slots
        if needs_marking(entry.kind)
    }
    problems: dict[str, list[str]] = {}
    cleaned: dict[int, Decimal] = {}
    for slot, value in marks.items():
        if slot not in worth:
            problems[str(slot)] = [str(_("This question is not marked by a person."))]
        elif not value.is_finite() or not 0 <= value <= worth[slot]:
            problems[str(slot)] = [str(_("Give 0 to %(most)s points.") % {"most": worth[slot]})]
        else:
            cleaned[slot] = value.quantize(CENT, rounding=ROUND_HALF_UP)
    if not marks:
        problems["marks"] = [str(_("Give at least one mark."))]
    if problems:
        raise InvalidMarksError(_("The marks cannot be recorded."), fields=problems)
    return cleaned
