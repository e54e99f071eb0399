"""Marking by people, without a database: points of criteria, the rule of two markers, who marks what, the codes.

Everything is exact (:class:`~decimal.Decimal`) and deterministic.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")
# What arrows add, the coarsest that reaches the most of every criterion.
STEPS = (Decimal("0.25"), Decimal("0.1"), Decimal("0.05"), CENT)
ROUNDS = (1, 2)


@dataclass(frozen=True, slots=True)
class Settlement:
    """The outcome of the finished markings of one answer.

    ``points`` is ``None`` while the markers are too far apart; ``difference`` is how far.
    """

    points: Decimal | None
    difference: Decimal


def half_up(value: Decimal) -> Decimal:
    """Return ``value`` rounded half up to hundredths.

    >>> half_up(Decimal("2.125"))
    Decimal('2.13')
    """
    return value.quantize(CENT, rounding=ROUND_HALF_UP)


def settle_marks(totals: Sequence[Decimal], *, worth: Decimal, tolerance: Decimal) -> Settlement:
    """Return what one or two independent totals come to.

    One counts as it is. Two count as their mean, rounded half up, if they differ by at most ``tolerance`` (a share)
    of what the question is worth; otherwise a person settles.

    >>> settle_marks([Decimal(3), Decimal("3.25")], worth=Decimal(4), tolerance=Decimal("0.1")).points
    Decimal('3.13')
    >>> settle_marks([Decimal(1), Decimal(3)], worth=Decimal(4), tolerance=Decimal("0.1")).points is None
    True
    """
    if not totals:
        raise ValueError("nothing was marked")
    difference = max(totals) - min(totals)
    if difference > worth * tolerance:
        return Settlement(None, difference)
    return Settlement(half_up(sum(totals, Decimal(0)) / len(totals)), difference)


def split_points(total: Decimal, shares: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """Split ``total`` by ``shares`` into hundredths that add up to it exactly: the largest remainders round up.

    >>> split_points(Decimal("1.00"), {"a": Decimal(1), "b": Decimal(1), "c": Decimal(1)})
    {'a': Decimal('0.34'), 'b': Decimal('0.33'), 'c': Decimal('0.33')}
    """
    whole = sum(shares.values(), Decimal(0))
    if not whole:
        return dict.fromkeys(shares, Decimal("0.00"))
    exact = {name: total * share / whole for name, share in shares.items()}
    floors = {name: value.quantize(CENT, rounding=ROUND_FLOOR) for name, value in exact.items()}
    left = int((total - sum(floors.values(), Decimal(0))) / CENT)
    order = sorted(exact, key=lambda name: exact[name] - floors[name], reverse=True)
    for name in order[:left]:
        floors[name] += CENT
    return floors


def step_of(highest: Collection[Decimal]) -> Decimal:
    """Return by how much arrows change the points: 0.25 where it reaches the most of every criterion."""
    return next((step for step in STEPS if all(value % step == 0 for value in highest)), CENT)


def merge_points(markings: Sequence[Mapping[str, Decimal]], total: Decimal) -> dict[str, Decimal]:
    """Return the points by criterion that the learner sees: means that add up to ``total``."""
    means = {
        name: sum((one.get(name, Decimal(0)) for one in markings), Decimal(0)) / len(markings) for name in markings[0]
    }
    return split_points(total, means)


@dataclass(frozen=True, slots=True)
class Work[Question: Hashable]:
    """One answer that waits for markers. ``barred`` may not mark it: its writer, and who marked it already."""

    ident: int
    question: Question
    barred: frozenset[int]


def distribute[Question: Hashable](
    works: Sequence[Work[Question]], markers: Sequence[int], loads: Mapping[tuple[int, Question], int]
) -> dict[int, int]:
    """Return who marks which answer in one round, spread evenly over the markers of each question.

    Args:
        works: in the order in which they are dealt out.
        markers: in a settled order; the first one wins a tie.
        loads: how many answers each marker has already, by marker and question.

    Answers that every marker is barred from are left out. The same input gives the same outcome; a marker never has
    two answers of a question more than another who might have taken one.
    """
    count = dict(loads)
    whole = dict.fromkeys(markers, 0)
    for (marker, _question), number in loads.items():
        if marker in whole:
            whole[marker] += number
    given = {}
    for work in works:
        free = [marker for marker in markers if marker not in work.barred]
        if not free:
            continue
        chosen = min(free, key=lambda one: (count.get((one, work.question), 0), whole[one], markers.index(one)))
        given[work.ident] = chosen
        count[chosen, work.question] = count.get((chosen, work.question), 0) + 1
        whole[chosen] += 1
    return given


def draw_code(seed: int, token: str, taken: Collection[int], expected: int) -> int:
    """Return a free number for a paper whose name is cut off (*phách*).

    It follows from the secrets ``seed`` and ``token`` alone, so that its order says nothing about people, classes or
    the time of handing in. There are at least three times as many numbers as papers, from 1 on, three digits or more.
    """
    room = 999
    while room < 3 * max(expected, len(taken) + 1):
        room = room * 10 + 9
    turn = 0
    while True:
        digest = hashlib.sha256(f"{seed}:{token}:{turn}".encode()).digest()
        number = int.from_bytes(digest[:8]) % room + 1
        if number not in taken:
            return number
        turn += 1
