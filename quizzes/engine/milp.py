"""A small door to HiGHS, the solver of mixed-integer programmes: choose among yes/no variables at the least cost.

One thread, a fixed random seed and a limit in nodes instead of seconds keep the outcome the same on every run.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import highspy
import numpy as np

NODES = 2_000
#: Good enough: within a thousandth of the least cost.
GAP = 1e-3


@dataclass(frozen=True, slots=True)
class LinearConstraint:
    """One condition: ``low <= sum(weight * variable) <= high`` over (variable, weight)."""

    terms: Sequence[tuple[int, float]]
    low: float = -math.inf
    high: float = math.inf


@dataclass(frozen=True, slots=True)
class Solved:
    """The chosen variables, ``None`` when there is no choice; ``proved`` is false when the search was cut short."""

    values: list[float] | None
    proved: bool = True


def choose(
    costs: Sequence[float],
    rows: Sequence[LinearConstraint],
    *,
    uppers: Sequence[float] | None = None,
    nodes: int = NODES,
) -> Solved:
    """Return the whole-numbered variables (0 to 1, or to ``uppers``) of the least cost that meet every row."""
    count = len(costs)
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = count, len(rows)
    model.col_cost_ = np.array(costs, dtype=float)
    model.col_lower_ = np.zeros(count)
    model.col_upper_ = np.ones(count) if uppers is None else np.array(uppers, dtype=float)
    model.row_lower_ = np.array([max(row.low, -highspy.kHighsInf) for row in rows], dtype=float)
    model.row_upper_ = np.array([min(row.high, highspy.kHighsInf) for row in rows], dtype=float)
    starts = [0]
    index: list[int] = []
    weight: list[float] = []
    for row in rows:
        for variable, value in row.terms:
            index.append(variable)
            weight.append(value)
        starts.append(len(index))
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_ = np.array(starts, dtype=np.int32)
    model.a_matrix_.index_ = np.array(index, dtype=np.int32)
    model.a_matrix_.value_ = np.array(weight, dtype=float)
    model.integrality_ = [highspy.HighsVarType.kInteger] * count
    solver = highspy.Highs()
    for name, option in (
        ("output_flag", False),
        ("threads", 1),
        ("random_seed", 0),
        ("mip_rel_gap", GAP),
        ("mip_max_nodes", nodes),
    ):
        solver.setOptionValue(name, option)
    solver.passModel(model)
    solver.run()
    status = solver.getModelStatus()
    if status == highspy.HighsModelStatus.kInfeasible:
        return Solved(None)
    solution = solver.getSolution()
    if not solution.value_valid or solver.getInfo().primal_solution_status != 2:  # 2: a feasible point
        return Solved(None, proved=False)
    return Solved([float(round(value)) for value in solution.col_value], status == highspy.HighsModelStatus.kOptimal)
