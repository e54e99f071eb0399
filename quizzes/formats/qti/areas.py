"""Areas of pictures in QTI: whether a point lies in one."""

from __future__ import annotations

import re
from typing import Any


def inside(entry: Any, value: str) -> bool:
    """Whether the point "x y" lies in the area of a map entry."""
    point = [float(one) for one in re.findall(r"-?\d+(?:\.\d+)?", value)[:2]]
    numbers = [float(one) for one in re.findall(r"-?\d+(?:\.\d+)?", entry.get("coords") or "")[:400]]
    if len(point) < 2:
        return False
    x, y = point
    match entry.get("shape"), len(numbers):
        case "circle", 3:
            return (x - numbers[0]) ** 2 + (y - numbers[1]) ** 2 <= numbers[2] ** 2
        case "rect", 4:
            return numbers[0] <= x <= numbers[2] and numbers[1] <= y <= numbers[3]
        case "poly", count if count >= 6:
            corners = list(zip(numbers[::2], numbers[1::2], strict=False))
            hit = False
            for (x1, y1), (x2, y2) in zip(corners, corners[1:] + corners[:1], strict=True):
                if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
                    hit = not hit
            return hit
    return entry.get("shape") == "default"
