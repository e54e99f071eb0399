"""Item response theory: Rasch and two-parameter models with fit, by the library ``mirt`` (ADR 0025).

Marginal maximum likelihood over a standard normal population (R. D. Bock and M. Aitkin, Psychometrika 46, 1981).
"Rasch" is the one-parameter logistic model with one common discrimination that is estimated too; its difficulties
are on the same scale (standard deviations of the population) as the two-parameter ones. Fit is S-X2 (M. Orlando and
D. Thissen, Applied Psychological Measurement 24, 2000), whose p-value says how surprising the misfit is; infit and
outfit mean squares are shown beside it.

Importing this module is cheap; fitting loads numpy, scipy and the library.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

#: People needed (J. M. Linacre, Rasch Measurement Transactions 7, 1994: 100 to 250; two parameters: 500).
LEAST_FOR_RASCH = 150
LEAST_FOR_2PL = 500
LEAST_ITEMS = 5
#: A question that nearly everybody or nearly nobody solves cannot be placed.
LEAST_OF_EACH = 5
_POINTS = 41


@dataclass(frozen=True, slots=True)
class ItemParameters:
    """One question: discrimination ``a``, difficulty ``b`` with its standard error, and fit."""

    a: float
    b: float
    b_error: float
    infit: float
    outfit: float
    fit_p: float | None


@dataclass(frozen=True, slots=True)
class Fitted:
    """A fitted model: ``name`` is ``rasch`` or ``2pl``; ``items`` by column of the table given."""

    name: str
    items: dict[int, ItemParameters]
    log_likelihood: float
    people: int
    converged: bool


def usable_columns(table: NDArray[np.float64]) -> list[int]:
    """Return the columns that can be placed: right or wrong only, with enough of each."""
    import numpy as np

    columns = []
    for column in range(table.shape[1]):
        known = table[~np.isnan(table[:, column]), column]
        right = int((known == 1).sum())
        if bool(np.isin(known, (0.0, 1.0)).all()) and LEAST_OF_EACH <= right <= known.size - LEAST_OF_EACH:
            columns.append(column)
    return columns


def fit(table: NDArray[np.float64], name: str) -> Fitted | None:
    """Fit ``rasch`` or ``2pl`` to a people × questions table of 0, 1 and NaN (not asked).

    Returns ``None`` when there are too few people or questions.

    Raises:
        ValueError: an unknown model.
    """
    import numpy as np

    if name not in ("rasch", "2pl"):
        raise ValueError(f"Unknown model: {name!r}")
    columns = usable_columns(table)
    if table.shape[0] < (LEAST_FOR_RASCH if name == "rasch" else LEAST_FOR_2PL) or len(columns) < LEAST_ITEMS:
        return None
    data = np.where(np.isnan(table[:, columns]), -1, table[:, columns]).astype(int)
    data = data[(data >= 0).any(axis=1)]

    import mirt
    from mirt.diagnostics.itemfit import compute_itemfit

    ties = [("discrimination", list(range(len(columns))))] if name == "rasch" else None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the library's advice to its callers; convergence is looked at below
        result = mirt.fit_mirt(data, model="2PL", constraints=ties, n_quadpts=_POINTS, tol=1e-5)
        figures = compute_itemfit(result.model, data, ["infit", "outfit", "S_X2"], constraints=ties, na_rm=True)
    parameters, errors = result.model.parameters, result.standard_errors
    p_values = figures.get("p_value")
    items = {
        column: ItemParameters(
            a=float(parameters["discrimination"][index]),
            b=float(parameters["difficulty"][index]),
            b_error=float(errors["difficulty"][index]),
            infit=float(figures["infit"][index]),
            outfit=float(figures["outfit"][index]),
            fit_p=None if p_values is None or np.isnan(p_values[index]) else float(p_values[index]),
        )
        for index, column in enumerate(columns)
    }
    return Fitted(name, items, float(result.log_likelihood), int(data.shape[0]), bool(result.converged))
