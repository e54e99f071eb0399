"""Balanced answer positions: which letter holds the key of each question, and an independent check of what came out.

The letters of one paper are spread evenly, without long runs and without a pattern that could be learnt; between two
papers the same letter stands at the same place no oftener than chance would have it.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, groupby

from quizzes.engine.shuffle import permute

#: The longest run of one letter that is let stand.
LONGEST_RUN = 3
#: How many standard deviations above chance two papers may agree.
DEVIATIONS = 2.5


def target_letters(allowed: Sequence[Sequence[int]], *, seed: int) -> list[int]:
    """Return the place of the key for each question, balanced over all of them.

    Args:
        allowed: for each question the places (0 is A) that its key may stand at; fixed options allow fewer.
        seed: the paper's seed.
    """
    usage: Counter[int] = Counter()
    result: list[int] = [-1] * len(allowed)
    # The fewer places a question has, the earlier it chooses; the order among equals is the seed's.
    order = permute(range(len(allowed)), seed=seed, stream="keys/order")
    order.sort(key=lambda index: len(allowed[index]))
    for turn, index in enumerate(order):
        mixed = permute(list(allowed[index]), seed=seed, stream=f"keys/{turn}")
        choice = min(mixed, key=lambda place: usage[place])
        result[index] = choice
        usage[choice] += 1
    _break_runs(result, allowed, seed)
    return result


def _break_runs(letters: list[int], allowed: Sequence[Sequence[int]], seed: int) -> None:
    """Swap letters between places until no run is longer than :data:`LONGEST_RUN`, if that can be."""
    partners = permute(range(len(letters)), seed=seed, stream="keys/runs")
    for index in range(len(letters)):
        if _run_through(letters, index) <= LONGEST_RUN:
            continue
        for other in partners:
            if letters[other] == letters[index]:
                continue
            if letters[other] not in allowed[index] or letters[index] not in allowed[other]:
                continue
            letters[index], letters[other] = letters[other], letters[index]
            if _run_through(letters, index) <= LONGEST_RUN and _run_through(letters, other) <= LONGEST_RUN:
                break
            letters[index], letters[other] = letters[other], letters[index]


def _run_through(letters: Sequence[int], index: int) -> int:
    start = end = index
    while start > 0 and letters[start - 1] == letters[index]:
        start -= 1
    while end < len(letters) - 1 and letters[end + 1] == letters[index]:
        end += 1
    return end - start + 1


@dataclass(frozen=True, slots=True)
class KeyCheck:
    """The check of the keys of a set of papers.

    ``counts`` and ``runs`` by code; ``uneven`` names codes whose letters differ by more than the questions force,
    ``long_runs`` codes with a run beyond the limit, ``alike`` pairs of codes with (places agreeing, places allowed).
    """

    counts: Mapping[str, Mapping[str, int]]
    runs: Mapping[str, int]
    uneven: tuple[str, ...]
    long_runs: tuple[str, ...]
    alike: Mapping[tuple[str, str], tuple[int, int]]

    @property
    def sound(self) -> bool:
        return not (self.uneven or self.long_runs or self.alike)


def check_keys(
    keys: Mapping[str, Sequence[str]], *, options: int = 4, slack: int = 1, sure: Sequence[int] = ()
) -> KeyCheck:
    """Check the printed keys of the single-choice questions, in the order of each paper.

    Args:
        keys: for each code the key letters from the first question to the last.
        options: how many options most questions have: chance is one in so many.
        slack: how far the letters' counts may lie apart.
        sure: places (from 0) whose key cannot move (fixed options); they count for nothing.
    """
    counts = {code: dict(sorted(Counter(letters).items())) for code, letters in keys.items()}
    runs = {
        code: max((len(list(group)) for _key, group in groupby(letters)), default=0) for code, letters in keys.items()
    }
    uneven = []
    for code, letters in keys.items():
        found = [counts[code].get(letter, 0) for letter in "abcdefghij"[:options]]
        if len(letters) >= options and max(found) - min(found) > slack:
            uneven.append(code)
    alike = {}
    skip = set(sure)
    for (one, first), (two, second) in combinations(keys.items(), 2):
        places = [index for index in range(min(len(first), len(second))) if index not in skip]
        same = sum(first[index] == second[index] for index in places)
        bound = agreement_bound(len(places), options)
        if same > bound:
            alike[one, two] = (same, bound)
    long_runs = tuple(code for code, run in runs.items() if run > LONGEST_RUN)
    return KeyCheck(counts, runs, tuple(uneven), long_runs, alike)


def agreement_bound(places: int, options: int) -> int:
    """Return how many places of ``places`` two keys may have in common: chance and a margin for it."""
    chance = 1 / max(2, options)
    return math.ceil(places * chance + DEVIATIONS * math.sqrt(places * chance * (1 - chance)))
