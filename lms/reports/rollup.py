"""The shape of a roll-up and its arithmetic; no database here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from decimal import ROUND_HALF_UP, Decimal
from operator import attrgetter
from typing import Any

STATUSES = ("not_started", "in_progress", "completed", "failed", "withdrawn")
BANDS = ("average", "good", "very_good", "excellent")
KINDS = ("theory", "professional")


@dataclass(slots=True)
class Sums:
    """Counts that add up. ``enrolled`` is everyone ever enrolled, whatever became of them."""

    classes: int = 0
    not_started: int = 0
    in_progress: int = 0
    completed: int = 0
    failed: int = 0
    withdrawn: int = 0
    average: int = 0
    good: int = 0
    very_good: int = 0
    excellent: int = 0
    theory_learners: int = 0
    theory_done: int = 0
    professional_learners: int = 0
    professional_done: int = 0

    def add(self, other: Sums | Mapping[str, Any]) -> Sums:
        """Add ``other`` in place, field by field; missing or null fields count as nothing."""
        amounts = _figures(other) if isinstance(other, Sums) else map(other.get, FIELDS)
        for name, own, amount in zip(FIELDS, _figures(self), amounts, strict=True):
            if amount:
                setattr(self, name, own + amount)
        return self

    def add_times(self, other: Sums, times: int) -> None:
        """Add ``other`` so many times in place; -1 takes it away."""
        for name, own, amount in zip(FIELDS, _figures(self), _figures(other), strict=True):
            if amount:
                setattr(self, name, own + times * amount)

    @property
    def enrolled(self) -> int:
        return sum(getattr(self, status) for status in STATUSES)

    @property
    def studying(self) -> int:
        """Those who count for the completion rate: all but the withdrawn."""
        return self.enrolled - self.withdrawn

    @property
    def completion_percent(self) -> Decimal | None:
        """Completed of all but the withdrawn, in per cent to one place; ``None`` when there is nobody."""
        return share(self.completed, self.studying)

    @property
    def bands(self) -> dict[str, int]:
        return {band: getattr(self, band) for band in BANDS}

    @property
    def top_percent(self) -> Decimal | None:
        """Very good and excellent of the completed, in per cent to one place."""
        return share(self.very_good + self.excellent, self.completed)


FIELDS = tuple(entry.name for entry in fields(Sums))
_figures = attrgetter(*FIELDS)
FIGURES = FIELDS[1:]  # of one class: all but the number of classes


def share(part: int, whole: int) -> Decimal | None:
    """``part`` of ``whole`` in per cent, to one place, halves up; ``None`` of nothing."""
    if not whole:
        return None
    return (Decimal(part) * 100 / whole).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)


@dataclass(slots=True)
class Planned:
    """The figures of approved plans."""

    classes: int = 0
    learners: int = 0

    def add(self, other: Planned) -> Planned:
        """Add ``other`` in place."""
        self.classes += other.classes
        self.learners += other.learners
        return self


@dataclass(slots=True)
class Row:
    """One line: what it is about (``key``: a unit, programme or year), its sums and what was planned.

    ``plan`` is ``None`` where plans say nothing: by kind of module, and of units without any.
    """

    key: Any
    label: str
    sums: Sums = field(default_factory=Sums)
    can_open: bool = True
    plan: Planned | None = None

    @property
    def classes_percent(self) -> Decimal | None:
        """Classes open or held, of the planned."""
        return share(self.sums.classes, self.plan.classes) if self.plan else None

    @property
    def learners_percent(self) -> Decimal | None:
        """Learners enrolled and not withdrawn, of the planned."""
        return share(self.sums.studying, self.plan.learners) if self.plan else None


@dataclass(slots=True)
class Rollup:
    """Lines and their total; the total is the sum of the lines, always."""

    group_by: str
    rows: list[Row]

    @property
    def total(self) -> Sums:
        return add_up(row.sums for row in self.rows)

    @property
    def plan(self) -> Planned | None:
        """Return the sum of the plans of all lines; ``None`` where no line has a plan."""
        plans = [row.plan for row in self.rows if row.plan is not None]
        return sum_plans(plans) if plans else None


def add_up(sums: Iterable[Sums]) -> Sums:
    """Return the sum of many."""
    total = Sums()
    for entry in sums:
        total.add(entry)
    return total


def sum_plans(plans: Iterable[Planned]) -> Planned:
    """Return the sum of many."""
    total = Planned()
    for entry in plans:
        total.add(entry)
    return total
