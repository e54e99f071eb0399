"""Drawing forms from a blueprint: every limit is kept, brute force agrees, the impossible is explained."""

from __future__ import annotations

import itertools
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizzes.engine import drawing
from quizzes.engine.blueprint import (
    BrokenRule,
    Candidate,
    Cell,
    Limits,
    Task,
    items_of,
    overlap_matrix,
    problems_of,
    total_overlap,
)
from quizzes.engine.drawing import draw
from quizzes.engine.feasibility import (
    Conflict,
    Relaxation,
    Stock,
    conflicts_of,
    counted_out,
    relaxations_of,
    stock_of,
)
from quizzes.engine.milp import choose


def make_task(pools, counts, *, difficulty=None, uses=None, idle=None, enemies=(), points="1", **limits):
    """Cells numbered from 1 with these pools of items; statistics by item."""
    items = sorted({item for pool in pools for item in pool})
    candidates = {
        item: Candidate(item, (difficulty or {}).get(item), (uses or {}).get(item, 0), (idle or {}).get(item))
        for item in items
    }
    cells = tuple(
        Cell(number, count, Decimal(points), tuple(pool))
        for number, (pool, count) in enumerate(zip(pools, counts, strict=True), start=1)
    )
    return Task(cells, candidates, Limits(**limits), frozenset(tuple(sorted(pair)) for pair in enemies))


@st.composite
def tasks(draw_, *, cells=3, pool=8, forms=4):
    """Small tasks with overlapping cells, enemies, exposure and statistics; many cannot be met."""
    items = list(range(1, draw_(st.integers(2, pool)) + 1))
    pools = draw_(st.lists(st.sets(st.sampled_from(items), min_size=1).map(sorted), min_size=1, max_size=cells))
    counts = [draw_(st.integers(1, 2)) for _pool in pools]
    return make_task(
        pools,
        counts,
        difficulty=draw_(st.dictionaries(st.sampled_from(items), st.sampled_from([0.2, 0.4, 0.6, 0.9]))),
        uses=draw_(st.dictionaries(st.sampled_from(items), st.integers(0, 3))),
        idle=draw_(st.dictionaries(st.sampled_from(items), st.integers(0, 100))),
        enemies=[
            pair
            for pair in draw_(st.lists(st.tuples(st.sampled_from(items), st.sampled_from(items)), max_size=3))
            if pair[0] != pair[1]
        ],
        forms=draw_(st.integers(1, forms)),
        overlap=draw_(st.one_of(st.none(), st.integers(0, 2))),
        reuse=draw_(st.one_of(st.none(), st.integers(1, 2))),
        max_uses=draw_(st.one_of(st.none(), st.integers(1, 3))),
        rest_days=draw_(st.sampled_from([0, 30])),
        tolerance=draw_(st.one_of(st.none(), st.sampled_from([0.1, 0.3]))),
    )


def every_form(task):
    """All forms that are right by themselves, one for each set of items in each cell."""
    single = task.with_limits(forms=1)
    choices = [itertools.combinations(task.open_items[cell.id], cell.count) for cell in task.cells]
    forms = [dict(zip([cell.id for cell in task.cells], chosen, strict=True)) for chosen in itertools.product(*choices)]
    return [form for form in forms if not problems_of(single, [form])]


def brute_force(task):
    """The least total overlap of any draw, ``None`` when there is none; only sets of items matter."""
    sets = sorted({frozenset(items_of(form)) for form in every_form(task)}, key=sorted)
    limits = task.limits
    best = None
    for chosen in itertools.combinations_with_replacement(sets, limits.forms):
        shared = [len(one & other) for one, other in itertools.combinations(chosen, 2)]
        if limits.overlap is not None and any(number > limits.overlap for number in shared):
            continue
        if limits.reuse is not None and any(
            sum(item in one for one in chosen) > limits.reuse for item in task.candidates
        ):
            continue
        best = sum(shared) if best is None else min(best, sum(shared))
    return best


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(task=tasks(pool=6, forms=3), seed=st.integers(0, 2**62))
def test_tiny_banks_agree_with_brute_force(task, seed):
    found = draw(task, seed=seed)
    best = brute_force(task)
    if best is None:
        assert found.forms is None
    else:
        assert found.forms is not None
        assert problems_of(task, found.forms) == []
        assert total_overlap(found.forms) == best


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(task=tasks(cells=5, pool=40, forms=6), seed=st.integers(0, 2**62))
def test_whatever_is_drawn_keeps_every_limit_and_comes_again(task, seed):
    found = draw(task, seed=seed)
    assert draw(task, seed=seed) == found
    if found.forms is not None:
        assert problems_of(task, found.forms) == []


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(task=tasks(), seed=st.integers(0, 1000))
def test_every_relaxation_that_is_named_does(task, seed):
    if draw(task, seed=seed).forms is not None:
        return
    assert conflicts_of(task)
    for relaxation in relaxations_of(task, seed=seed):
        value = relaxation.value
        match relaxation.limit:
            case "enemies":
                changed = Task(task.cells, task.candidates, task.limits)
            case "count":
                continue  # several cells may have to give way together
            case "tolerance":
                changed = task.with_limits(tolerance=value)
            case limit:
                changed = task.with_limits(**{limit: int(value)})
        assert draw(changed, seed=seed).forms is not None, relaxation


@pytest.mark.slow
@given(task=tasks(pool=6, forms=3), seed=st.integers(0, 9))
@settings(max_examples=100, deadline=None)
def test_the_checker_finds_what_is_wrong_by_itself(task, seed):
    """A draw that is spoilt on purpose is refused: the checker shares nothing with the solver."""
    found = draw(task.with_limits(tolerance=None), seed=seed)
    if found.forms is None:
        return
    spoilt = [dict(form) for form in found.forms]
    cell = task.cells[0].id
    spoilt[0][cell] = (*spoilt[0][cell], 999)
    rules = {problem.rule for problem in problems_of(task.with_limits(tolerance=None), spoilt)}
    assert {"count", "foreign"} <= rules


def test_a_large_draw_shares_nothing_when_the_bank_allows():
    pools = [range(cell * 100, cell * 100 + 100) for cell in range(5)]
    task = make_task(pools, [4] * 5, forms=12)
    found = draw(task, seed=1)
    matrix = overlap_matrix(found.forms)
    assert [sum(row) - 20 for row in matrix] == [0] * 12
    assert problems_of(task, found.forms) == []


def test_what_must_be_shared_is_spread_evenly():
    """Six forms of 10 from 30: the least is that every item stands in two forms."""
    task = make_task([range(30)], [10], forms=6)
    found = draw(task, seed=5)
    assert total_overlap(found.forms) == 30
    matrix = overlap_matrix(found.forms)
    assert max(matrix[one][two] for one in range(6) for two in range(one)) <= 6


def test_seeds_give_different_forms():
    task = make_task([range(200)], [10], forms=2)
    drawn = {tuple(sorted(items_of(draw(task, seed=seed).forms[0]))) for seed in range(8)}
    assert len(drawn) == 8


def test_never_asked_items_come_first():
    task = make_task([range(20)], [10], uses=dict.fromkeys(range(10), 3))
    assert items_of(draw(task, seed=3).forms[0]) == set(range(10, 20))


def test_items_asked_lately_or_too_often_stay_out_and_are_counted():
    task = make_task([range(6)], [4], idle={0: 10, 1: 89, 2: 90}, uses={3: 5}, rest_days=90, max_uses=5)
    assert stock_of(task) == [Stock(cell=1, need=4, total=6, free=3, rested=2, worn=1)]
    assert draw(task, seed=0).forms is None
    assert conflicts_of(task) == [Conflict("short", (1,), 4, 3)]
    assert relaxations_of(task, seed=0) == [Relaxation("rest_days", 89), Relaxation("max_uses", 6)]


def test_cells_that_want_the_same_items_are_named_together():
    task = make_task([[1, 2, 3], [1, 2, 3], [7, 8]], [2, 2, 1])
    assert conflicts_of(task) == [Conflict("contested", (1, 2), 4, 3)]
    (less,) = relaxations_of(task, seed=0)
    assert (less.limit, less.value) == ("count", 1)


def test_too_many_forms_for_the_bank():
    task = make_task([range(10), range(10, 30)], [4, 4], forms=4, overlap=0)
    assert conflicts_of(task) == [Conflict("across", (1,), 16, 10)]
    assert relaxations_of(task, seed=0) == [Relaxation("overlap", 1), Relaxation("forms", 2)]


@pytest.mark.slow
def test_explaining_a_large_task_solves_little(monkeypatch):
    """12 items a cell cannot give 24 forms that share 4 of 40 at most: counting says so, few draws find a way."""
    runs = []
    monkeypatch.setattr(drawing, "choose", lambda *given, **named: runs.append(1) or choose(*given, **named))
    task = make_task([range(12 * cell, 12 * cell + 12) for cell in range(20)], [2] * 20, forms=24, overlap=4)
    assert (counted_out(task), counted_out(task.with_limits(overlap=5)), counted_out(task.with_limits(overlap=6))) == (
        True, True, False,
    )  # fmt: skip
    assert conflicts_of(task) == [Conflict("sharing")]
    assert [one.limit for one in relaxations_of(task, seed=0)] == ["overlap", "forms"]
    assert len(runs) < 120


def test_enemies_alone_can_forbid_a_form():
    task = make_task([[1, 2]], [2], enemies=[(1, 2)])
    assert conflicts_of(task) == [Conflict("enemies", (1,))]
    assert relaxations_of(task, seed=0) == [Relaxation("enemies", 0)]


def test_forms_are_equally_hard_within_the_tolerance():
    difficulty = {item: 0.2 + (item % 8) / 10 for item in range(200)}
    task = make_task(
        [range(100), range(100, 200)], [10, 10], difficulty=difficulty, forms=6, tolerance=0.01, points="0.5"
    )
    found = draw(task, seed=2)
    assert problems_of(task, found.forms) == []
    hard = {
        cell: sorted(pool, key=lambda item: difficulty[item])[:10]
        for cell, pool in ((1, range(100)), (2, range(100, 200)))
    }
    assert problems_of(task.with_limits(forms=1), [hard]) == [BrokenRule("difficulty", 1)]


def test_a_tolerance_that_no_form_can_keep_is_named():
    task = make_task([[1, 2]], [1], difficulty={1: 0.1, 2: 0.9}, tolerance=0.1)
    assert conflicts_of(task) == [Conflict("difficulty")]
    assert relaxations_of(task, seed=0) == [Relaxation("tolerance", 0.4)]


@pytest.mark.slow
def test_the_design_case_of_24_forms_of_40_from_5000():
    import random

    dice = random.Random(1)
    items = range(5000)
    task = make_task(
        [[item for item in items if item % 20 == cell] for cell in range(20)],
        [2] * 20,
        difficulty={item: dice.uniform(0.2, 0.95) for item in items if item % 3},
        uses={item: dice.randrange(4) for item in items},
        idle={item: dice.choice([10, 50, 200]) for item in items if item % 2},
        enemies=[dice.sample(items, 2) for _ in range(300)],
        forms=24,
        overlap=2,
        rest_days=30,
        max_uses=3,
        tolerance=0.02,
        points="0.25",
    )
    found = draw(task, seed=1)
    assert problems_of(task, found.forms) == []
    assert total_overlap(found.forms) == 0
