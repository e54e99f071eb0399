"""Classical test theory: how good a test and each of its questions are, from what people earned.

Sources: F. M. Lord and M. R. Novick, *Statistical Theories of Mental Test Scores* (1968) for difficulty, item-rest
correlation, alpha (= KR-20 when every question is right or wrong; G. F. Kuder and M. W. Richardson, Psychometrika 2,
1937; L. J. Cronbach, Psychometrika 16, 1951) and the standard error of measurement; T. L. Kelley (1939) for the
upper and lower 27 %. Checked in the tests against published figures for the LSAT 6 data (R. D. Bock and
M. Lieberman, Psychometrika 35, 1970).

Importing this module loads numpy, so only the task that counts does it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

type Matrix = NDArray[np.float64]

#: Groups of equal size by total score for the curves: fifths.
GROUPS = 5
#: Below this many people in a form its alpha says nothing.
LEAST_FOR_ALPHA = 10
TAIL = 0.27
HISTOGRAM_BARS = 10


@dataclass(frozen=True, slots=True)
class ResponseMatrix:
    """The answers of a group of people.

    Attributes:
        versions: the questions, one a column.
        earned: people × questions, share of the points from 0 to 1; NaN where a person was not asked.
        points: people × questions, the points that the question was worth; 0 where it was not asked.
        omitted: people × questions, asked and left without an answer.
        seconds: people × questions, time until the answer was kept; NaN where unknown.
        chosen: by question, by option: for each person whether it was chosen.
    """

    versions: Sequence[int]
    earned: Matrix
    points: Matrix
    omitted: NDArray[np.bool_]
    seconds: Matrix
    chosen: Mapping[int, Mapping[str, NDArray[np.bool_]]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OptionFigures:
    """One option: how many chose it, their share of those asked, and by fifth of the total score, weakest first."""

    option: str
    count: int
    share: float
    discrimination: float | None
    curve: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class ItemFigures:
    """One question. ``None`` stands for what cannot be said (nobody asked, everybody alike)."""

    version: int
    asked: int
    omitted: int
    difficulty: float | None
    deviation: float | None
    discrimination: float | None
    upper_lower: float | None
    seconds: float | None
    dichotomous: bool
    curve: tuple[float | None, ...]
    options: tuple[OptionFigures, ...]

    @property
    def omit_rate(self) -> float:
        """Share of those asked who gave no answer."""
        return self.omitted / self.asked if self.asked else 0.0


@dataclass(frozen=True, slots=True)
class TestFigures:
    """The whole test; scores are shares of the highest score possible, 0 to 1.

    ``alpha`` is the mean over the forms (sets of questions) with enough people, weighted by people; ``kr20`` tells
    that every question was right or wrong, so that alpha is KR-20. ``sem`` is in shares of the highest score.
    """

    people: int
    mean: float | None
    median: float | None
    deviation: float | None
    lowest: float | None
    highest: float | None
    histogram: tuple[int, ...]
    alpha: float | None
    kr20: bool
    sem: float | None
    forms: int


def pearson(left: Matrix, right: Matrix) -> float | None:
    """Return the correlation of two series, ``None`` when one of them does not vary or there are fewer than three."""
    if left.size < 3:
        return None
    x, y = left - left.mean(), right - right.mean()
    spread = float(np.sqrt((x @ x) * (y @ y)))
    return None if spread < 1e-12 else float(np.clip((x @ y) / spread, -1.0, 1.0))


def alpha(scores: Matrix) -> float | None:
    """Return Cronbach's alpha of a people × questions table without gaps; ``None`` where it is not defined."""
    people, questions = scores.shape
    if questions < 2 or people < 2:
        return None
    total = float(scores.sum(axis=1).var(ddof=1))
    if total < 1e-12:
        return None
    return float(questions / (questions - 1) * (1 - scores.var(axis=0, ddof=1).sum() / total))


def item_figures(answers: ResponseMatrix) -> list[ItemFigures]:
    """Return the figures of each question, in the order of ``answers.versions``."""
    got = np.nan_to_num(answers.earned) * answers.points
    totals, highest = got.sum(axis=1), answers.points.sum(axis=1)
    return [_item(answers, column, got, totals, highest) for column in range(len(answers.versions))]


def _item(answers: ResponseMatrix, column: int, got: Matrix, totals: Matrix, highest: Matrix) -> ItemFigures:
    asked = answers.points[:, column] > 0
    earned = answers.earned[asked, column]
    people = int(asked.sum())
    # The rest of the test without this question, as a share, so that forms of other lengths can stand together.
    rest = _share(totals[asked] - got[asked, column], highest[asked] - answers.points[asked, column])
    groups = _groups(_share(totals[asked], highest[asked]))
    times = answers.seconds[asked, column]
    times = times[~np.isnan(times)]
    options = tuple(
        OptionFigures(
            option=option,
            count=int(flags[asked].sum()),
            share=float(flags[asked].mean()) if people else 0.0,
            discrimination=pearson(flags[asked].astype(float), rest),
            curve=_curve(flags[asked].astype(float), groups),
        )
        for option, flags in answers.chosen.get(answers.versions[column], {}).items()
    )
    return ItemFigures(
        version=answers.versions[column],
        asked=people,
        omitted=int(answers.omitted[asked, column].sum()),
        difficulty=float(earned.mean()) if people else None,
        deviation=float(earned.std(ddof=1)) if people > 1 else None,
        discrimination=pearson(earned, rest),
        upper_lower=_upper_lower(earned, _share(totals[asked], highest[asked])),
        seconds=float(np.median(times)) if times.size else None,
        dichotomous=bool(np.isin(earned, (0.0, 1.0)).all()),
        curve=_curve(earned, groups),
        options=options,
    )


def test_figures(answers: ResponseMatrix) -> TestFigures:
    """Return the figures of the whole test."""
    highest = answers.points.sum(axis=1)
    shares = _share((np.nan_to_num(answers.earned) * answers.points).sum(axis=1), highest)
    people = int(shares.size)
    if not people:
        return TestFigures(0, None, None, None, None, None, (0,) * HISTOGRAM_BARS, None, False, None, 0)
    reliability, forms = _reliability(answers)
    deviation = float(shares.std(ddof=1)) if people > 1 else None
    # The last bar holds full marks too.
    bars = np.minimum((shares * HISTOGRAM_BARS + 1e-9).astype(int), HISTOGRAM_BARS - 1)
    asked = answers.points > 0
    return TestFigures(
        people=people,
        mean=float(shares.mean()),
        median=float(np.median(shares)),
        deviation=deviation,
        lowest=float(shares.min()),
        highest=float(shares.max()),
        histogram=tuple(int(n) for n in np.bincount(bars, minlength=HISTOGRAM_BARS)),
        alpha=reliability,
        kr20=bool(np.isin(answers.earned[asked], (0.0, 1.0)).all()),
        sem=None if reliability is None or deviation is None else deviation * float(np.sqrt(max(0.0, 1 - reliability))),
        forms=forms,
    )


# Collected by name otherwise, as if it were a test of ours.
test_figures.__test__ = False  # type: ignore[attr-defined]
TestFigures.__test__ = False  # type: ignore[attr-defined]


def _reliability(answers: ResponseMatrix) -> tuple[float | None, int]:
    """Return alpha over the forms, weighted by people, and how many forms there were."""
    asked = answers.points > 0
    _patterns, form_of = np.unique(asked, axis=0, return_inverse=True)
    form_of = form_of.reshape(-1)
    total, weight = 0.0, 0
    forms = int(form_of.max()) + 1 if form_of.size else 0
    for form in range(forms):
        rows = form_of == form
        size = int(rows.sum())
        if size < LEAST_FOR_ALPHA:
            continue
        columns = asked[np.argmax(rows)]
        value = alpha((answers.earned * answers.points)[np.ix_(rows, columns)])
        if value is not None:
            total, weight = total + value * size, weight + size
    return (total / weight if weight else None), forms


def _share(part: Matrix, whole: Matrix) -> Matrix:
    return np.divide(part, whole, out=np.zeros_like(part, dtype=float), where=whole > 0)


def _groups(totals: Matrix) -> NDArray[np.int64]:
    """Return the fifth of each person by total score; equal scores may fall into neighbouring fifths, stably."""
    order = np.argsort(totals, kind="stable")
    groups = np.empty(totals.size, dtype=np.int64)
    groups[order] = np.arange(totals.size) * GROUPS // max(totals.size, 1)
    return groups


def _curve(values: Matrix, groups: NDArray[np.int64]) -> tuple[float | None, ...]:
    means = []
    for group in range(GROUPS):
        inside = values[groups == group]
        means.append(float(inside.mean()) if inside.size else None)
    return tuple(means)


def _upper_lower(earned: Matrix, totals: Matrix) -> float | None:
    tail = round(totals.size * TAIL)
    if tail < 1:
        return None
    order = np.argsort(totals, kind="stable")
    return float(earned[order[-tail:]].mean() - earned[order[:tail]].mean())


def rounded(value: Any, digits: int = 4) -> Any:
    """Return figures fit for storage: floats rounded, tuples as lists, everything else as it is."""
    if isinstance(value, float):
        return round(value, digits) + 0.0
    if isinstance(value, (tuple, list)):
        return [rounded(one, digits) for one in value]
    return value
