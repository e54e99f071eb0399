"""Counts of a group's answers to each question: right, left out, and what was chosen or got right in it. Pure Python.

Paper codes show the same question under other numbers and its parts under other letters; the tally brings them
together again by the question's version and the parts' own names.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from quizzes.engine.scoring import ONE, ZERO, needs_marking, share

type Counts = Callable[[str, Mapping[str, Any], Mapping[str, Any]], Iterable[str]]


@dataclass(frozen=True, slots=True)
class TallySlot:
    """One question of a paper: ``key`` speaks the paper's letters, ``originals`` maps its parts to their own names.

    ``everyone`` says that a correction gave everybody the points.
    """

    slot: int
    version: int
    kind: str
    key: Mapping[str, Any]
    originals: Mapping[str, str]
    everyone: bool = False


@dataclass(frozen=True, slots=True)
class QuestionTally:
    """One question over all attempts that asked it.

    ``seen`` counts the attempts, ``correct`` those with full points, ``earned`` sums the shares of the points (0 to
    1 each), ``chosen`` counts by the parts' own names (or by what was typed). ``waiting`` counts the answers that no
    person has marked yet; they stand neither in ``correct`` nor in ``earned``.
    """

    version: int
    seen: int
    omitted: int
    correct: int
    earned: Decimal
    chosen: Mapping[str, int]
    waiting: int = 0

    @property
    def difficulty(self) -> Decimal:
        """The mean share of the points, 0 (nobody) to 1 (everybody), over the answers that have been marked."""
        marked = self.seen - self.waiting
        return self.earned / marked if marked else ZERO


@dataclass(slots=True)
class _Count:
    seen: int
    omitted: int
    correct: int
    earned: Decimal
    chosen: Counter[str]
    waiting: int = 0


def tally_questions(
    papers: Mapping[int, Sequence[TallySlot]],
    sheets: Iterable[tuple[int, Mapping[int, Any], Mapping[int, Decimal]]],
    counts: Counts,
) -> list[QuestionTally]:
    """Tally the answer sheets, hardest question first (then by version).

    Args:
        papers: the questions of each paper by the paper's id.
        sheets: for each attempt the paper's id, the answers by slot (none or ``None`` is left out), and the shares
            that persons gave by slot, for kinds that are marked by people.
        counts: gives, from kind, key and answer, the names on the paper that an answer adds one to.
    """
    found: dict[int, _Count] = {}
    for paper, answers, marks in sheets:
        for question in papers[paper]:
            count = found.get(question.version)
            if count is None:
                count = found[question.version] = _Count(0, 0, 0, ZERO, Counter())
            count.seen += 1
            answer = answers.get(question.slot)
            if answer is None:
                count.omitted += 1
                count.earned += question.everyone
                count.correct += question.everyone
                continue
            if question.everyone:
                earned = ONE
            elif not needs_marking(question.kind):
                earned = share(question.kind, question.key, answer)
            elif question.slot in marks:
                earned = marks[question.slot]
            else:
                count.waiting += 1
                continue
            count.earned += earned
            count.correct += earned == ONE
            names = counts(question.kind, question.key, answer)
            count.chosen.update(question.originals.get(name, name) for name in names)
    tallies = [
        QuestionTally(version, one.seen, one.omitted, one.correct, one.earned, dict(one.chosen), one.waiting)
        for version, one in found.items()
    ]
    return sorted(tallies, key=lambda tally: (tally.difficulty, tally.version))
