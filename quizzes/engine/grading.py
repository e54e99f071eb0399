"""Grading of a whole attempt from a compiled key."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from quizzes.engine.scoring import grade


@dataclass(frozen=True, slots=True)
class KeySlot:
    """What grading needs of one question of a paper; ``key`` speaks the paper's own letters."""

    slot: int
    kind: str
    key: Mapping[str, Any]
    points: Decimal
    rule: str = ""  # a correction: EVERYONE gets the points, or the question is DROPPED


EVERYONE, DROPPED = "everyone", "dropped"


@dataclass(frozen=True, slots=True)
class Outcome:
    """Points by slot, their sum, and the highest sum possible."""

    points: dict[int, Decimal]
    score: Decimal
    max_score: Decimal


def grade_attempt(slots: Iterable[KeySlot], answers: Mapping[int, Any]) -> Outcome:
    """Grade every question; the sum is taken over rounded points, so that a shown table adds up."""
    points: dict[int, Decimal] = {}
    highest = Decimal(0)
    for question in slots:
        if question.rule == DROPPED:
            points[question.slot] = Decimal(0)
            continue
        if question.rule == EVERYONE:
            points[question.slot] = question.points
        else:
            points[question.slot] = grade(question.kind, question.key, answers.get(question.slot), question.points)
        highest += question.points
    return Outcome(points, sum(points.values(), Decimal(0)), highest)
