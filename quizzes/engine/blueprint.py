"""Drawing equivalent forms of an exam from a blueprint (*ma trận đề*): what is asked for, and the proof that it holds.

Every form fills each cell exactly, with no item twice and no two enemies; forms share as few items as can be, never
more than the bound; items that were used too often or too lately stay out; and the forms' expected scores agree
within a tolerance. :mod:`quizzes.engine.drawing` finds such forms, :func:`problems_of` checks any set of forms
against the rules, knowing nothing of how it was found. Pure Python.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property
from typing import Literal

#: What counts as the same expected score: rounding of sums of shares.
EPSILON = 1e-6


@dataclass(frozen=True, slots=True)
class Candidate:
    """One item that may be drawn.

    ``difficulty`` is the mean share of the points earned so far (0 nobody, 1 everybody), ``None`` when unknown;
    ``uses`` how many exams have asked it; ``idle_days`` how long ago the last one was, ``None`` for never;
    ``shown`` whether learners have seen its key.
    """

    id: int
    difficulty: float | None = None
    uses: int = 0
    idle_days: int | None = None
    shown: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """One row of the blueprint: how many items of these, for how many points each."""

    id: int
    count: int
    points: Decimal
    items: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of a draw.

    Args:
        forms: how many forms.
        overlap: how many items two forms may share at most (``None``: as few as can be, no bound).
        reuse: in how many forms of this draw an item may stand at most.
        max_uses: items asked in this many exams or more stay out.
        rest_days: items asked within these days stay out.
        spare_shown: items whose key learners have seen stay out.
        tolerance: how far a form's expected share of the points may be from the common one (0.03 is 3 %).
    """

    forms: int = 1
    overlap: int | None = None
    reuse: int | None = None
    max_uses: int | None = None
    rest_days: int = 0
    tolerance: float | None = None
    spare_shown: bool = False


@dataclass(frozen=True)
class Task:
    """The whole question put to the solver. ``enemies`` are pairs of items that must not meet in a form."""

    cells: tuple[Cell, ...]
    candidates: Mapping[int, Candidate]
    limits: Limits
    enemies: frozenset[tuple[int, int]] = field(default_factory=frozenset)

    def excluded(self, item: int) -> Literal["", "shown", "rested", "worn"]:
        """Say why an item stays out: its key was ``shown``, asked too lately (``rested``) or too often (``worn``)."""
        one = self.candidates[item]
        if self.limits.spare_shown and one.shown:
            return "shown"
        if one.idle_days is not None and one.idle_days < self.limits.rest_days:
            return "rested"
        if self.limits.max_uses is not None and one.uses >= self.limits.max_uses:
            return "worn"
        return ""

    @cached_property
    def open_items(self) -> dict[int, tuple[int, ...]]:
        """The items of each cell that the exposure limits leave, in order of their ids."""
        out = {item for item in self.candidates if self.excluded(item)}
        return {cell.id: tuple(sorted(set(cell.items) - out)) for cell in self.cells}

    @cached_property
    def size(self) -> int:
        """Return the number of items of a form."""
        return sum(cell.count for cell in self.cells)

    @cached_property
    def total_points(self) -> Decimal:
        return sum((cell.count * cell.points for cell in self.cells), Decimal(0))

    @cached_property
    def expected(self) -> dict[tuple[int, int], float]:
        """The expected share of each (cell, item): the item's own figure, else the mean of its cell, else of all."""
        known = [one.difficulty for one in self.candidates.values() if one.difficulty is not None]
        overall = sum(known) / len(known) if known else 0.0
        shares: dict[tuple[int, int], float] = {}
        for cell in self.cells:
            items = self.open_items[cell.id]
            own = [value for item in items if (value := self.candidates[item].difficulty) is not None]
            mean = sum(own) / len(own) if own else overall
            for item in items:
                value = self.candidates[item].difficulty
                shares[cell.id, item] = mean if value is None else value
        return shares

    @property
    def has_statistics(self) -> bool:
        """Whether anything is known of how hard the items are."""
        return any(one.difficulty is not None for one in self.candidates.values())

    @cached_property
    def target(self) -> float:
        """The expected points of a form of average items: what every form is balanced around."""
        total = 0.0
        for cell in self.cells:
            items = self.open_items[cell.id]
            if items:
                mean = sum(self.expected[cell.id, item] for item in items) / len(items)
                total += cell.count * float(cell.points) * mean
        return total

    def with_limits(self, **changes: object) -> Task:
        """Return the same question under other limits."""
        return Task(self.cells, self.candidates, replace(self.limits, **changes), self.enemies)  # type: ignore[arg-type]


#: A form: the items of each cell, by the cell's id.
type Form = Mapping[int, Sequence[int]]


def items_of(form: Form) -> set[int]:
    """Return all items of a form."""
    return {item for items in form.values() for item in items}


def overlap_matrix(forms: Sequence[Form]) -> list[list[int]]:
    """Return how many items each two forms share; the diagonal is the size of each."""
    sets = [items_of(form) for form in forms]
    return [[len(one & other) for other in sets] for one in sets]


def total_overlap(forms: Sequence[Form]) -> int:
    """Return the shared items summed over all pairs of forms."""
    usage = Counter(item for form in forms for item in items_of(form))
    return sum(times * (times - 1) // 2 for times in usage.values())


def expected_points(task: Task, form: Form) -> float:
    """Return the points that the form promises on average, from the items' statistics."""
    points = {cell.id: float(cell.points) for cell in task.cells}
    return sum(points[cell] * task.expected[cell, item] for cell, items in form.items() for item in items)


@dataclass(frozen=True, slots=True)
class BrokenRule:
    """One rule that a set of forms breaks; ``form`` and ``other`` count from 1, 0 for none."""

    rule: Literal[
        "forms", "count", "foreign", "twice", "enemies", "exposure", "overlap", "reuse", "difficulty", "unknown_cell"
    ]
    form: int = 0
    other: int = 0
    cell: int = 0
    items: tuple[int, ...] = ()


def problems_of(task: Task, forms: Sequence[Form]) -> list[BrokenRule]:
    """Check forms against every rule of the task, from scratch; an empty list is the proof."""
    found = [] if len(forms) == task.limits.forms else [BrokenRule("forms")]
    for number, form in enumerate(forms, start=1):
        found += _problems_in(task, number, form)
    sets = [items_of(form) for form in forms]
    bound = task.limits.overlap
    for first, one in enumerate(sets):
        for second in range(first + 1, len(sets)):
            shared = one & sets[second]
            if bound is not None and len(shared) > bound:
                found.append(BrokenRule("overlap", first + 1, second + 1, items=tuple(sorted(shared))))
    if task.limits.reuse is not None:
        usage = Counter(item for one in sets for item in one)
        worn = tuple(sorted(item for item, times in usage.items() if times > task.limits.reuse))
        if worn:
            found.append(BrokenRule("reuse", items=worn))
    return found


def _problems_in(task: Task, number: int, form: Form) -> Iterable[BrokenRule]:
    cells = {cell.id: cell for cell in task.cells}
    seen = Counter(item for items in form.values() for item in items)
    if twice := tuple(sorted(item for item, times in seen.items() if times > 1)):
        yield BrokenRule("twice", number, items=twice)
    for ident in form:
        if ident not in cells:
            yield BrokenRule("unknown_cell", number, cell=ident)
    for cell in task.cells:
        items = form.get(cell.id, ())
        if len(items) != cell.count:
            yield BrokenRule("count", number, cell=cell.id, items=tuple(items))
        if foreign := tuple(sorted(set(items) - set(cell.items))):
            yield BrokenRule("foreign", number, cell=cell.id, items=foreign)
        if out := tuple(sorted(item for item in items if item in task.candidates and task.excluded(item))):
            yield BrokenRule("exposure", number, cell=cell.id, items=out)
    for low, high in sorted(task.enemies):
        if low in seen and high in seen:
            yield BrokenRule("enemies", number, items=(low, high))
    tolerance = task.limits.tolerance
    sound = all((cell, item) in task.expected for cell, items in form.items() for item in items)
    if tolerance is not None and task.has_statistics and sound:
        allowed = tolerance * float(task.total_points) + EPSILON
        if abs(expected_points(task, form) - task.target) > allowed:
            yield BrokenRule("difficulty", number)
