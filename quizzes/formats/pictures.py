"""Pictures of questions: their size, and places on them as shares of it (hotspot)."""

from __future__ import annotations

import io
import re
from decimal import Decimal
from typing import Any

from PIL import Image, UnidentifiedImageError

from quizzes.formats.markup import shown

MAX_PIXELS = 40_000_000
_EXACT = Decimal("0.000001")


def measure(data: bytes) -> tuple[int, int] | None:
    """Return width and height of a picture; ``None`` for what is none, or is unreasonably large."""
    try:
        with Image.open(io.BytesIO(data)) as picture:
            width, height = picture.size
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        return None
    return (width, height) if 0 < width * height <= MAX_PIXELS else None


def _share(value: Decimal, of: int) -> str:
    return shown((value / of).quantize(_EXACT))


def area(shape: str, coords: str, size: tuple[int, int]) -> dict[str, Any] | None:
    """Return an area in pixels (as html's image maps and Moodle's drop zones write them) in shares of the picture."""
    numbers = [Decimal(found) for found in re.findall(r"-?\d+(?:\.\d+)?", coords)[:200]]
    width, height = size
    match shape.lower(), len(numbers):
        case "circle", 3:
            x, y, r = numbers
            return {"shape": "circle", "coords": [_share(x, width), _share(y, height), _share(r, width)]}
        case (("rect" | "rectangle"), 4):
            x, y, third, fourth = numbers
            if ";" in coords:  # Moodle: x,y;width,height
                third, fourth = x + third, y + fourth
            return {
                "shape": "rect",
                "coords": [_share(x, width), _share(y, height), _share(third, width), _share(fourth, height)],
            }
        case (("poly" | "polygon"), count) if count >= 6 and count % 2 == 0:
            shares = [_share(number, width if index % 2 == 0 else height) for index, number in enumerate(numbers)]
            return {"shape": "poly", "coords": shares}
        case "default", _:
            return {"shape": "rect", "coords": ["0", "0", "1", "1"]}
    return None


def pixels(found: dict[str, Any], size: tuple[int, int]) -> list[int]:
    """Return the coordinates of an area in whole pixels."""
    width, height = size
    values = [Decimal(one) for one in found["coords"]]
    if found["shape"] == "circle":
        return [round(values[0] * width), round(values[1] * height), round(values[2] * width)]
    return [round(value * (width if index % 2 == 0 else height)) for index, value in enumerate(values)]
