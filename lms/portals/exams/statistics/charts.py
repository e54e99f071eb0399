"""Charts of an exam as SVG geometry; the templates draw, and a table with the same numbers stands beside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

WIDTH, HEIGHT = 640, 240
LEFT, RIGHT, TOP, BOTTOM = 44, 12, 16, 34
PLOT_WIDTH, PLOT_HEIGHT = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark of an axis with its label."""

    at: float
    label: str


@dataclass(frozen=True, slots=True)
class Bar:
    x: float
    y: float
    width: float
    height: float
    value: int


@dataclass(frozen=True, slots=True)
class Histogram:
    """The number of people in each tenth of the highest score."""

    bars: tuple[Bar, ...]
    ticks: tuple[Tick, ...]


@dataclass(frozen=True, slots=True)
class Point:
    """A question in the field of difficulty (across) and discrimination (up)."""

    x: float
    y: float
    number: int
    serious: bool


@dataclass(frozen=True, slots=True)
class Line:
    """The share of each fifth of people; ``key`` for the right answer. ``points`` is what SVG's polyline takes."""

    label: str
    points: str
    end_y: float
    key: bool


def histogram(counts: Sequence[int]) -> Histogram:
    """Return the bars of the scores, 0-10 %, 10-20 % …"""
    most = max(counts, default=0) or 1
    step = PLOT_WIDTH / max(len(counts), 1)
    bars = []
    for index, count in enumerate(counts):
        height = PLOT_HEIGHT * count / most
        bars.append(
            Bar(
                x=round(LEFT + index * step + 2, 2),
                y=round(TOP + PLOT_HEIGHT - height, 2),
                width=round(step - 4, 2),
                height=round(height, 2),
                value=count,
            )
        )
    ticks = tuple(Tick(round(LEFT + PLOT_WIDTH * share / 100, 2), f"{share}%") for share in (0, 20, 40, 60, 80, 100))
    return Histogram(tuple(bars), ticks)


def across(share: float) -> float:
    """Return the x of a share from 0 to 1."""
    return round(LEFT + PLOT_WIDTH * share, 2)


def up(value: float, low: float = 0.0, high: float = 1.0) -> float:
    """Return the y of a value between ``low`` and ``high``."""
    inside = min(max(value, low), high)
    return round(TOP + PLOT_HEIGHT * (high - inside) / (high - low), 2)


#: Discrimination is drawn from here to there; what lies beyond stands at the edge.
LOW, HIGH = -0.4, 0.8


def scatter(rows: Sequence[tuple[int, float | None, float | None, bool]]) -> tuple[Point, ...]:
    """Return a point for each (number, difficulty, discrimination, serious) that has both figures."""
    return tuple(
        Point(across(difficulty), up(discrimination, LOW, HIGH), number, serious)
        for number, difficulty, discrimination, serious in rows
        if difficulty is not None and discrimination is not None
    )


def curve(label: str, shares: Sequence[float | None], *, key: bool) -> Line:
    """Return the line of an option's (or the question's) share in each fifth, the weakest fifth at the left."""
    last = max(len(shares) - 1, 1)
    known = [(across(index / last), up(share)) for index, share in enumerate(shares) if share is not None]
    return Line(label, " ".join(f"{x},{y}" for x, y in known), known[-1][1] if known else up(0), key)


#: A label is about this high.
LABEL_HEIGHT = 15


def apart(lines: Sequence[Line]) -> list[Line]:
    """Return the lines with their labels moved up where they would lie on one another; the order stays."""
    floor = float(TOP + PLOT_HEIGHT)
    places: dict[int, float] = {}
    for index in sorted(range(len(lines)), key=lambda one: -lines[one].end_y):
        places[index] = min(lines[index].end_y, floor)
        floor = places[index] - LABEL_HEIGHT
    return [replace(line, end_y=round(places[index], 2)) for index, line in enumerate(lines)]
