"""Findings about a question: from figures to findings. The words are in ``lms.portals.exams.statistics.words``.

The limits are the usual ones of item analysis (R. L. Ebel and D. A. Frisbie, *Essentials of Educational
Measurement*, 1991): discrimination below 0.1 is poor, below 0 a likely wrong key.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lms.exams.engine.irt import ItemParameters
    from lms.exams.engine.statistics import ItemFigures

LEAST_PEOPLE = 20
LEAST_FOR_OPTIONS = 50
TOO_EASY, TOO_HARD = 0.95, 0.2
WEAK = 0.1
MANY_OMIT = 0.1
DEAD = 0.02
MISFIT_P = 0.01


@dataclass(frozen=True, slots=True)
class Flag:
    """A finding: its code, and the option that it is about (the option's own id) or an empty string."""

    code: str
    option: str = ""


#: Findings that speak for a fault in the question rather than for a weak group.
SERIOUS = frozenset({"distractor_beats_key", "negative"})


def flags(item: ItemFigures, correct: Collection[str], parameters: ItemParameters | None = None) -> list[Flag]:
    """Return the findings about one question, the gravest first.

    Args:
        item: its figures.
        correct: ids of the right options; empty for kinds without options.
        parameters: those of the response model, when one was fitted.
    """
    if item.asked < LEAST_PEOPLE or item.difficulty is None:
        return []
    found: list[Flag] = []
    best_key = max((option.curve[-1] or 0 for option in item.options if option.option in correct), default=None)
    if best_key is not None:
        found += [
            Flag("distractor_beats_key", option.option)
            for option in item.options
            if option.option not in correct and (option.curve[-1] or 0) > best_key
        ]
    if item.discrimination is not None and item.discrimination < 0:
        found.append(Flag("negative"))
    elif item.discrimination is not None and item.discrimination < WEAK and item.difficulty <= TOO_EASY:
        found.append(Flag("weak"))
    if item.difficulty > TOO_EASY:
        found.append(Flag("too_easy"))
    elif item.difficulty < TOO_HARD:
        found.append(Flag("too_hard"))
    if item.omit_rate > MANY_OMIT:
        found.append(Flag("many_omit"))
    if item.asked >= LEAST_FOR_OPTIONS:
        found += [
            Flag("dead_option", option.option)
            for option in item.options
            if option.option not in correct and option.share < DEAD
        ]
    if parameters is not None and parameters.fit_p is not None and parameters.fit_p < MISFIT_P:
        found.append(Flag("misfit"))
    return found
