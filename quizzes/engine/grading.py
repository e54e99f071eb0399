"""Grading of a whole attempt from a compiled key."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from quizzes.engine.scoring import grade, needs_marking

NOTHING = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class KeySlot:
    """The facts of one question that grading needs; ``key`` speaks the paper's own letters."""

    slot: int
    kind: str
    key: Mapping[str, Any]
    points: Decimal
    rule: str = ""  # a correction: EVERYONE gets the points, or the question is DROPPED


EVERYONE, DROPPED = "everyone", "dropped"


@dataclass(frozen=True, slots=True)
class AttemptScore:
    """Points by slot, their sum, and the highest sum possible.

    ``pending`` names the slots that wait for a person; they stand neither in ``points`` nor in ``score``.
    """

    points: dict[int, Decimal]
    score: Decimal
    max_score: Decimal
    pending: frozenset[int] = frozenset()


def grade_attempt(slots: Iterable[KeySlot], answers: Mapping[int, Any]) -> AttemptScore:
    """Grade every question; the sum is taken over rounded points, so that a shown table adds up.

    What nobody answered needs no person: it earns nothing at once.
    """
    points: dict[int, Decimal] = {}
    highest = Decimal(0)
    pending = set()
    for question in slots:
        if question.rule == DROPPED:
            points[question.slot] = NOTHING
            continue
        answer = answers.get(question.slot)
        highest += question.points
        if question.rule == EVERYONE:
            points[question.slot] = question.points
        elif not needs_marking(question.kind):
            points[question.slot] = grade(question.kind, question.key, answer, question.points)
        elif answer is None:
            points[question.slot] = NOTHING
        else:
            pending.add(question.slot)
    return AttemptScore(points, sum(points.values(), Decimal(0)), highest, frozenset(pending))


def with_marks(outcome: AttemptScore, marks: Mapping[int, Decimal]) -> AttemptScore:
    """Return ``outcome`` with the marks that persons have given for what waited."""
    given = {slot: marks[slot] for slot in outcome.pending if slot in marks}
    points = outcome.points | given
    return AttemptScore(points, sum(points.values(), Decimal(0)), outcome.max_score, outcome.pending - given.keys())
