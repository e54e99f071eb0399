"""Finding the forms that a blueprint asks for, with HiGHS as the solver. Deterministic by seed.

A small task is one model of all forms, so the least overlap is exact. A large one is solved form by form, each with
the least used items of every cell: where cells have items of their own, taking the least used each time is the least
overlap in all, too. When that runs into a corner it is tried from other beginnings, and as one model while that fits.
"""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from quizzes.engine.blueprint import Form, Task, items_of, overlap_matrix, total_overlap
from quizzes.engine.milp import NODES, LinearConstraint, choose

#: Variables of one model of all forms; beyond, forms are drawn one after another.
EXACT_VARIABLES = 600
JOINT_VARIABLES = 12_000
JOINT_NODES = 400
BEGINNINGS = 3
#: How far a quick look goes, which asks whether forms exist and not for the best: nodes of one form's search, and the
#: variables of the one model of all forms that is tried at the end.
QUICK_NODES = 60
QUICK_VARIABLES = 2_000
#: The bounds on sharing that are tried, as multiples of the mean, when none was asked for.
EVENER = (1.5, 2.2)
#: Spread of the random costs that settle ties; a shared item always costs more than all of them together.
TIE = 1.0
#: What a lifetime use costs beside a tie: items that were never asked come first.
WORN = 0.5


@dataclass(frozen=True, slots=True)
class DrawnForms:
    """The forms, ``None`` when none were found; ``proved`` says that none exist (or that the overlap is least)."""

    forms: list[Form] | None
    proved: bool


class _Dice:
    """Random numbers from a seed. ``random()`` is the one method whose stream Python promises to keep."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed).random  # noqa: S311 (which items come is no secret to guard here)

    def __call__(self) -> float:
        return self._random()


def draw(task: Task, *, seed: int, quick: bool = False) -> DrawnForms:
    """Return forms that keep every limit of ``task``, or nothing. ``quick`` only looks for any, and not for long."""
    if any(len(task.open_items[cell.id]) < cell.count for cell in task.cells):
        return DrawnForms(None, proved=True)
    pairs = _pairs(task, {cell.id: task.open_items[cell.id] for cell in task.cells})
    forms = task.limits.forms
    items = len({item for _cell, item in pairs})
    shared = items * forms * (forms - 1) // 2
    dice = _Dice(seed)
    if forms > 1 and len(pairs) * forms + shared <= EXACT_VARIABLES:
        return _joint(task, pairs, dice, count_shared=True)
    for beginning in range(1 if quick else BEGINNINGS):
        found = _one_by_one(task, _Dice(seed + beginning), nodes=QUICK_NODES if quick else NODES)
        if found.forms is not None and task.limits.overlap is None and not quick:
            found = _evened(task, found, seed)
        if found.forms is not None or found.proved:  # drawn, or not even one form exists
            return found
    bounded = task.limits.overlap is not None
    plain = not bounded or task.limits.overlap == 0
    if len(pairs) * forms + (0 if plain else shared) <= (QUICK_VARIABLES if quick else JOINT_VARIABLES):
        return _joint(task, pairs, dice, count_shared=not plain)
    return DrawnForms(None, proved=False)


def _evened(task: Task, found: DrawnForms, seed: int) -> DrawnForms:
    """Spread what forms must share over all pairs, where no bound was asked for: no two forms share far too much."""
    forms = found.forms or []
    pairs = len(forms) * (len(forms) - 1) // 2
    if not pairs:
        return found
    mean = total_overlap(forms) / pairs
    matrix = overlap_matrix(forms)
    worst = max(matrix[one][two] for one in range(len(forms)) for two in range(one))
    for factor in EVENER:
        bound = math.ceil(mean * factor)
        if bound >= worst:
            break
        better = _one_by_one(task.with_limits(overlap=bound), _Dice(seed))
        if better.forms is not None and total_overlap(better.forms) <= total_overlap(forms):
            return better
    return found


def _pairs(task: Task, pools: dict[int, tuple[int, ...]]) -> list[tuple[int, int]]:
    return [(cell.id, item) for cell in task.cells for item in pools[cell.id]]


def _one_by_one(task: Task, dice: _Dice, *, nodes: int = NODES) -> DrawnForms:
    usage: Counter[int] = Counter()
    forms: list[Form] = []
    for number in range(task.limits.forms):
        noise = {item: dice() * TIE + WORN * min(task.candidates[item].uses, 20) for item in _all_items(task)}
        form, proved = None, False
        for pools in _pools(task, usage, noise):
            form, proved = _next_form(task, pools, usage, forms, noise, nodes=nodes)
            if form is not None:
                break
        if form is None:
            return DrawnForms(None, proved=proved and number == 0)
        forms.append(form)
        usage.update(items_of(form))
    return DrawnForms(forms, proved=False)


def _all_items(task: Task) -> list[int]:
    return sorted({item for items in task.open_items.values() for item in items})


def _pools(task: Task, usage: Counter[int], noise: dict[int, float]) -> Iterator[dict[int, tuple[int, ...]]]:
    """Yield for each cell first its least used items, a few times as many as needed, then all of them."""
    narrowed = False
    pools = {}
    for cell in task.cells:
        items = task.open_items[cell.id]
        keep = cell.count * 4 + 12
        narrowed = narrowed or len(items) > keep
        pools[cell.id] = tuple(sorted(items, key=lambda item: (usage[item], noise[item], item))[:keep])
    if narrowed:
        yield pools
    yield dict(task.open_items)


def _next_form(
    task: Task,
    pools: dict[int, tuple[int, ...]],
    usage: Counter[int],
    earlier: Sequence[Form],
    noise: dict[int, float],
    *,
    nodes: int,
) -> tuple[Form | None, bool]:
    pairs = _pairs(task, pools)
    price = task.size * (TIE + 20 * WORN) + 1
    costs = [price * usage[item] + noise[item] for _cell, item in pairs]
    reuse = task.limits.reuse
    uppers = [0.0 if reuse is not None and usage[item] >= reuse else 1.0 for _cell, item in pairs]
    rows = _form_rows(task, pairs, 0)
    bound = task.limits.overlap
    if bound is not None:
        places = _places(pairs)
        for form in earlier:
            terms = [(index, 1.0) for item in sorted(items_of(form)) for index in places.get(item, ())]
            if len(terms) > bound:
                rows.append(LinearConstraint(terms, high=bound))
    solved = choose(costs, rows, uppers=uppers, nodes=nodes)
    if solved.values is None:
        return None, solved.proved
    return _read(pairs, solved.values, 0), solved.proved


def _joint(task: Task, pairs: list[tuple[int, int]], dice: _Dice, *, count_shared: bool) -> DrawnForms:
    """Solve all forms as one model; ``count_shared`` adds what two forms share, to bound it and make it least."""
    limits = task.limits
    width = len(pairs)
    places = _places(pairs)
    price = limits.forms * task.size * (TIE + 20 * WORN) + 1
    worn = [WORN * min(task.candidates[item].uses, 20) for _cell, item in pairs]
    costs = [dice() * TIE + cost for _form in range(limits.forms) for cost in worn]
    rows = [row for form in range(limits.forms) for row in _form_rows(task, pairs, form * width)]
    reuse = 1 if limits.overlap == 0 else limits.reuse
    if reuse is not None and reuse < limits.forms:
        for indexes in places.values():
            terms = [(form * width + index, 1.0) for form in range(limits.forms) for index in indexes]
            rows.append(LinearConstraint(terms, high=reuse))
    if count_shared:
        for first in range(limits.forms):
            for second in range(first + 1, limits.forms):
                terms = []
                for indexes in places.values():
                    shared = len(costs)
                    costs.append(price)
                    terms.append((shared, 1.0))
                    both = [(form * width + index, 1.0) for form in (first, second) for index in indexes]
                    rows.append(LinearConstraint([*both, (shared, -1.0)], high=1))
                if limits.overlap is not None:
                    rows.append(LinearConstraint(terms, high=limits.overlap))
    solved = choose(costs, rows, nodes=JOINT_NODES if len(costs) > EXACT_VARIABLES else 100_000)
    if solved.values is None:
        return DrawnForms(None, solved.proved)
    return DrawnForms([_read(pairs, solved.values, form * width) for form in range(limits.forms)], solved.proved)


def _places(pairs: Sequence[tuple[int, int]]) -> dict[int, list[int]]:
    places: dict[int, list[int]] = {}
    for index, (_cell, item) in enumerate(pairs):
        places.setdefault(item, []).append(index)
    return places


def _form_rows(task: Task, pairs: Sequence[tuple[int, int]], start: int) -> list[LinearConstraint]:
    """Return the conditions of one form whose variables begin at ``start``."""
    by_cell: dict[int, list[tuple[int, float]]] = {cell.id: [] for cell in task.cells}
    for index, (cell, _item) in enumerate(pairs):
        by_cell[cell].append((start + index, 1.0))
    rows = [LinearConstraint(by_cell[cell.id], low=cell.count, high=cell.count) for cell in task.cells]
    places = _places(pairs)
    rows += [
        LinearConstraint([(start + index, 1.0) for index in found], high=1)
        for found in places.values()
        if len(found) > 1
    ]
    for low, high in sorted(task.enemies):
        if low in places and high in places:
            rows.append(LinearConstraint([(start + index, 1.0) for index in places[low] + places[high]], high=1))
    if task.limits.tolerance is not None and task.has_statistics:
        points = {cell.id: float(cell.points) for cell in task.cells}
        terms = [(start + index, points[cell] * task.expected[cell, item]) for index, (cell, item) in enumerate(pairs)]
        room = task.limits.tolerance * float(task.total_points)
        rows.append(LinearConstraint(terms, low=task.target - room, high=task.target + room))
    return rows


def _read(pairs: Sequence[tuple[int, int]], values: Sequence[float], start: int) -> Form:
    form: dict[int, list[int]] = {}
    for index, (cell, item) in enumerate(pairs):
        if values[start + index] > 0.5:
            form.setdefault(cell, []).append(item)
    return {cell: tuple(sorted(items)) for cell, items in form.items()}
