"""Hotspot: a point on a picture lies in one of the right areas. Exact: a point on an edge lies inside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from quizzes.engine.registry import ZERO, scorer

RECT = "rect"
CIRCLE = "circle"
POLY = "poly"
SHAPES = (RECT, CIRCLE, POLY)

type Point = tuple[Fraction, Fraction]


@scorer("hotspot")
def hotspot(key: Mapping[str, Any], answer: Mapping[str, Any]) -> Decimal:
    """Key ``{"areas": [{"shape", "coords", "share"}], "ratio": "0.75"}``, answer ``{"x": 0.31, "y": 0.77}``.

    The best area that holds the point counts. Coordinates are shares of width and height; a circle's radius is a
    share of the width, so ``ratio`` (height by width) tells what is round.
    """
    point = (Fraction(str(answer["x"])), Fraction(str(answer["y"])))
    ratio = Fraction(key.get("ratio", "1"))
    return max((Decimal(area.get("share", 1)) for area in key["areas"] if holds(area, point, ratio)), default=ZERO)


def holds(area: Mapping[str, Any], point: Point, ratio: Fraction) -> bool:
    """Whether ``point`` lies in ``area``."""
    coords = [Fraction(str(value)) for value in area["coords"]]
    x, y = point
    if area["shape"] == RECT:
        left, top, right, bottom = coords
        return left <= x <= right and top <= y <= bottom
    if area["shape"] == CIRCLE:
        centre_x, centre_y, radius = coords
        return (x - centre_x) ** 2 + ((y - centre_y) * ratio) ** 2 <= radius**2
    if area["shape"] == POLY:
        corners: list[Point] = list(zip(coords[::2], coords[1::2], strict=True))
        return _in_polygon(point, corners)
    raise ValueError(f"Unknown shape: {area['shape']!r}")


def _in_polygon(point: Point, corners: Sequence[Point]) -> bool:
    """Count the edges that a ray to the right crosses."""
    x, y = point
    inside = False
    for (x1, y1), (x2, y2) in zip(corners, [*corners[1:], corners[0]], strict=True):
        cross = (x2 - x1) * (y - y1) - (y2 - y1) * (x - x1)
        if cross == 0 and min(x1, x2) <= x <= max(x1, x2) and min(y1, y2) <= y <= max(y1, y2):
            return True
        if (y1 > y) != (y2 > y):
            # The edge crosses the ray when the point lies to its left.
            inside ^= (cross > 0) == (y2 > y1)
    return inside
