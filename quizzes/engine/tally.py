"""How a group answered each question: right, left out, and which options were chosen. Pure Python.

Paper codes show the same question under other numbers and its options under other letters; the tally brings them
together again by the question's version and the options' own ids.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from quizzes.engine.scoring import ONE, ZERO, share

type Chosen = Callable[[str, Mapping[str, Any]], Iterable[str]]


@dataclass(frozen=True, slots=True)
class TallySlot:
    """One question of a paper: ``key`` speaks the paper's letters, ``originals`` maps them to the options' own ids."""

    slot: int
    version: int
    kind: str
    key: Mapping[str, Any]
    originals: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class QuestionTally:
    """One question over all attempts that asked it.

    ``seen`` counts the attempts, ``correct`` those with full points, ``earned`` sums the shares of the points (0 to
    1 each), ``chosen`` counts by the options' own ids.
    """

    version: int
    seen: int
    omitted: int
    correct: int
    earned: Decimal
    chosen: Mapping[str, int]

    @property
    def difficulty(self) -> Decimal:
        """The mean share of the points, 0 (nobody) to 1 (everybody)."""
        return self.earned / self.seen


@dataclass(slots=True)
class _Count:
    seen: int
    omitted: int
    correct: int
    earned: Decimal
    chosen: Counter[str]


def tally_questions(
    papers: Mapping[int, Sequence[TallySlot]], sheets: Iterable[tuple[int, Mapping[int, Any]]], chosen: Chosen
) -> list[QuestionTally]:
    """Tally the answer sheets, hardest question first (then by version).

    Args:
        papers: the questions of each paper by the paper's id.
        sheets: for each attempt the paper's id and the answers by slot; none or ``None`` is left out.
        chosen: gives the letters that an answer of a kind chooses (none for kinds without options).
    """
    counts: dict[int, _Count] = {}
    for paper, answers in sheets:
        for question in papers[paper]:
            count = counts.get(question.version)
            if count is None:
                count = counts[question.version] = _Count(0, 0, 0, ZERO, Counter())
            count.seen += 1
            answer = answers.get(question.slot)
            if answer is None:
                count.omitted += 1
                continue
            earned = share(question.kind, question.key, answer)
            count.earned += earned
            count.correct += earned == ONE
            count.chosen.update(question.originals[letter] for letter in chosen(question.kind, answer))
    tallies = [
        QuestionTally(version, one.seen, one.omitted, one.correct, one.earned, dict(one.chosen))
        for version, one in counts.items()
    ]
    return sorted(tallies, key=lambda tally: (tally.difficulty, tally.version))
