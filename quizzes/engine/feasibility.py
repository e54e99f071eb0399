"""The reason why a blueprint cannot be drawn, and the smallest change of one limit that would do.

Shortages come first (a cell has too few items), then cells that want the same items, then what enemies, the
tolerance and the sharing between forms forbid. Each relaxation is alone enough, and was tried before it is named.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from quizzes.engine.blueprint import Task
from quizzes.engine.drawing import draw
from quizzes.engine.milp import LinearConstraint, choose

#: How wide the tolerance may be made at most, and the step of the search.
WIDEST_TOLERANCE = 0.5
TOLERANCE_STEP = 0.01
#: How many changes are tried one after another from the first that counting allows.
NEAR = 2

type _Whole = Literal["overlap", "reuse", "rest_days", "max_uses", "forms"]


@dataclass(frozen=True, slots=True)
class Stock:
    """The need and the stock of a cell in one form: ``total`` items match, ``free`` may be drawn now."""

    cell: int
    need: int
    total: int
    free: int
    rested: int
    worn: int
    shown: int = 0

    @property
    def missing(self) -> int:
        return max(0, self.need - self.free)


@dataclass(frozen=True, slots=True)
class Conflict:
    """Demands that cannot be met together.

    ``short``: a cell has ``have`` items for ``need``. ``contested``: cells that want the same ``have`` items and need
    ``need`` of them in one form. ``across``: over all forms the cells need ``need`` different items and have ``have``.
    ``enemies`` and ``difficulty`` name the rule that a single form breaks; ``sharing`` that the forms together do.
    """

    kind: Literal["short", "contested", "across", "enemies", "difficulty", "sharing"]
    cells: tuple[int, ...] = ()
    need: int = 0
    have: int = 0


@dataclass(frozen=True, slots=True)
class Relaxation:
    """A change that is enough by itself: the limit and its new value, or fewer items of a cell."""

    limit: Literal["overlap", "reuse", "rest_days", "max_uses", "tolerance", "enemies", "forms", "count"]
    value: float
    cell: int = 0


def stock_of(task: Task) -> list[Stock]:
    """Return what each cell needs and has, whether or not it is enough."""
    result = []
    for cell in task.cells:
        why = [task.excluded(item) for item in set(cell.items)]
        counts = [why.count(reason) for reason in ("", "rested", "worn", "shown")]
        result.append(Stock(cell.id, cell.count, len(why), *counts))
    return result


def conflicts_of(task: Task) -> list[Conflict]:
    """Return what stands against ``task``, the plainest reason first; nothing when no reason was found."""
    short = [Conflict("short", (stock.cell,), stock.need, stock.free) for stock in stock_of(task) if stock.missing]
    if short:
        return short
    missing = shortfall(task)
    if missing:
        return [_contested(task, cell) for cell in missing]
    single = task.with_limits(forms=1)
    if draw(single, seed=0).forms is None:
        plain = Task(task.cells, task.candidates, single.limits)
        loose = single.with_limits(tolerance=None)
        found = []
        if draw(loose, seed=0).forms is None:
            found.append(Conflict("enemies", _enemy_cells(task)))
        if draw(plain, seed=0).forms is None or not found:
            found.append(Conflict("difficulty"))
        return found
    across = [
        Conflict("across", (cell.id,), need, len(task.open_items[cell.id]))
        for cell in task.cells
        if (need := _distinct_needed(task, cell.count)) > len(task.open_items[cell.id])
    ]
    return across or [Conflict("sharing")]


def shortfall(task: Task) -> dict[int, int]:
    """Return how many items are missing by cell when one form is filled as far as it goes, no item twice."""
    pairs = [(cell.id, item) for cell in task.cells for item in task.open_items[cell.id]]
    costs = [0.0] * len(pairs)
    uppers = [1.0] * len(pairs)
    rows: list[LinearConstraint] = []
    by_item: dict[int, list[tuple[int, float]]] = {}
    by_cell: dict[int, list[tuple[int, float]]] = {cell.id: [] for cell in task.cells}
    for index, (number, item) in enumerate(pairs):
        by_cell[number].append((index, 1.0))
        by_item.setdefault(item, []).append((index, 1.0))
    slack: dict[int, int] = {}
    for cell in task.cells:
        slack[cell.id] = len(costs)
        costs.append(1.0)
        uppers.append(float(cell.count))
        rows.append(LinearConstraint([*by_cell[cell.id], (slack[cell.id], 1.0)], low=cell.count, high=cell.count))
    rows += [LinearConstraint(terms, high=1) for terms in by_item.values() if len(terms) > 1]
    solved = choose(costs, rows, uppers=uppers)
    values = solved.values or [0.0] * len(costs)
    return {cell: int(values[index]) for cell, index in slack.items() if values[index] > 0.5}


def _contested(task: Task, short: int) -> Conflict:
    """Return the short cell with the cells that want its items (and theirs in turn), and what all of them have."""
    items = {cell.id: set(task.open_items[cell.id]) for cell in task.cells}
    group, wanted = {short}, set(items[short])
    grown = True
    while grown:
        grown = False
        for cell, own in items.items():
            if cell not in group and own and own <= wanted:
                group.add(cell)
                grown = True
    if sum(cell.count for cell in task.cells if cell.id in group) <= len(wanted):
        for cell, own in items.items():
            if cell not in group and own & wanted:
                group.add(cell)
                wanted |= own
    need = sum(cell.count for cell in task.cells if cell.id in group)
    return Conflict("contested", tuple(sorted(group)), need, len(wanted))


def _enemy_cells(task: Task) -> tuple[int, ...]:
    touched = {item for pair in task.enemies for item in pair}
    return tuple(cell.id for cell in task.cells if touched & set(task.open_items[cell.id]))


def _distinct_needed(task: Task, count: int) -> int:
    """Return how many different items a cell needs over all forms, as far as a bound by counting shows it."""
    forms, overlap, reuse = task.limits.forms, task.limits.overlap, task.limits.reuse
    slots = forms * count
    times = forms if reuse is None else min(reuse, forms)
    need = max(count, -(-slots // max(1, times)))
    if overlap is None:
        return need
    allowed = overlap * forms * (forms - 1) // 2
    while need < slots:
        each, more = divmod(slots, need)
        least = (need - more) * each * (each - 1) // 2 + more * each * (each + 1) // 2
        if least <= allowed:
            break
        need += 1
    return need


def counted_out(task: Task) -> bool:
    """Whether counting alone shows that no forms exist: a cell, or all together, have fewer items than they need."""
    open_items = task.open_items
    if any(_distinct_needed(task, cell.count) > len(open_items[cell.id]) for cell in task.cells):
        return True
    return _distinct_needed(task, task.size) > len({item for items in open_items.values() for item in items})


def relaxations_of(task: Task, *, seed: int) -> list[Relaxation]:
    """Return changes of one limit each that make the task possible, smallest first within a limit; all were tried.

    Counting rules out most changes before anything is solved, so an explanation costs a few draws for each limit.
    """
    limits = task.limits
    found: list[Relaxation] = []

    def look(limit: _Whole, options: Sequence[int]) -> None:
        value = _first(options, lambda number: task.with_limits(**{limit: number}), seed)
        if value is not None:
            found.append(Relaxation(limit, value))

    if limits.overlap is not None and limits.forms > 1:
        look("overlap", range(limits.overlap + 1, task.size + 1))
    if limits.reuse is not None and limits.reuse < limits.forms:
        look("reuse", range(limits.reuse + 1, limits.forms + 1))
    if limits.rest_days > 0:
        idle = {one.idle_days for one in task.candidates.values() if one.idle_days is not None}
        look("rest_days", sorted({days for days in idle if days < limits.rest_days}, reverse=True))
    if limits.max_uses is not None:
        look("max_uses", sorted({one.uses + 1 for one in task.candidates.values() if one.uses >= limits.max_uses}))
    if limits.tolerance is not None and task.has_statistics:
        steps = range(int(limits.tolerance / TOLERANCE_STEP) + 1, int(WIDEST_TOLERANCE / TOLERANCE_STEP) + 1)
        step = _first(steps, lambda number: task.with_limits(tolerance=number * TOLERANCE_STEP), seed)
        if step is not None:
            found.append(Relaxation("tolerance", round(step * TOLERANCE_STEP, 4)))
    if task.enemies and _works(Task(task.cells, task.candidates, limits), seed):
        found.append(Relaxation("enemies", 0))
    if limits.forms > 1:
        look("forms", range(limits.forms - 1, 0, -1))
    if not found:
        counts = {cell.id: cell.count for cell in task.cells}
        found += [Relaxation("count", counts[cell] - less, cell) for cell, less in shortfall(task).items()]
    return found


def _works(task: Task, seed: int) -> bool:
    return not counted_out(task) and draw(task, seed=seed, quick=True).forms is not None


def _first(options: Sequence[int], changed: Callable[[int], Task], seed: int) -> int | None:
    """Return the first option that works, where all after it work too; ``None`` when even the last does not.

    Counting gives the first option that may work; mostly it or the next one does. Only then the rest is halved.
    """
    low = bisect_left(options, True, key=lambda number: not counted_out(changed(number)))
    near = range(low, min(low + NEAR, len(options)))
    for index in near:
        if _works(changed(options[index]), seed):
            return options[index]
    low, high = near.stop, len(options) - 1
    if low > high or not _works(changed(options[high]), seed):
        return None
    while low < high:
        middle = (low + high) // 2
        if _works(changed(options[middle]), seed):
            high = middle
        else:
            low = middle + 1
    return options[low]
