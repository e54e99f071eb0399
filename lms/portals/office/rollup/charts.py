"""Charts as SVG geometry: the template draws, a table stands beside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lms.reports.rollup import Row

WIDTH, LABEL, BAR, GAP = 640, 190, 16, 12


@dataclass(frozen=True, slots=True)
class Segment:
    x: float
    width: float
    css: str


@dataclass(frozen=True, slots=True)
class Bar:
    label: str
    y: int
    text_y: int
    value: int
    value_x: float
    segments: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """Horizontal stacked bars, all on one scale."""

    label: str
    width: int
    height: int
    label_x: int
    bars: tuple[Bar, ...]


PARTS = (("completed", "chart-c"), ("in_progress", "chart-b"), ("not_started", "chart-quiet"), ("failed", "chart-a"))


def status_chart(rows: Sequence[Row], *, label: str, most: int = 15) -> Chart | None:
    """Stacked bars of the largest ``most`` rows by enrolments; ``None`` when there is nothing to draw."""
    shown = sorted((row for row in rows if row.sums.studying), key=lambda row: -row.sums.studying)[:most]
    if not shown:
        return None
    scale = (WIDTH - LABEL - 60) / max(row.sums.studying for row in shown)
    bars = []
    for index, row in enumerate(shown):
        x, y = float(LABEL), index * (BAR + GAP) + 4
        segments = []
        for name, css in PARTS:
            width = round(getattr(row.sums, name) * scale, 2)
            if width:
                segments.append(Segment(x=round(x, 2), width=width, css=css))
                x += width
        text = row.label if len(row.label) <= 28 else row.label[:27] + "…"
        bars.append(
            Bar(
                label=text,
                y=y,
                text_y=y + 12,
                value=row.sums.studying,
                value_x=round(x + 6, 2),
                segments=tuple(segments),
            )
        )
    return Chart(label=label, width=WIDTH, height=len(bars) * (BAR + GAP) + 4, label_x=LABEL - 8, bars=tuple(bars))
