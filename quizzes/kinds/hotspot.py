"""Hotspot: a point is set on a picture.

Answer ``{"x": 0.31, "y": 0.77}`` as shares of width and height, key ``{"areas": [{"shape", "coords", "share"}],
"ratio": "0.75"}`` with coordinates as shares too; ``ratio`` (height by width) is put in from the picture, so that a
circle is round. The picture stands on a paper under its signed address, which opens for those who may see the question
or sit an attempt with it (quizzes.access).
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from lms.common.text import normalise
from quizzes.engine.scorers.numbers import readings
from quizzes.engine.scorers.pictures import CIRCLE, POLY, SHAPES, holds
from quizzes.errors import InvalidItemError
from quizzes.kinds.base import Authored, Kind, Shown, register
from quizzes.kinds.cleaning import Problems, clean_decimal, clean_feedback, clean_share, mapping, one_problem, written
from quizzes.models.pictures import QuestionPicture

MOST_AREAS = 20
MOST_CORNERS = 60
PLACES = 4
MARKER_FITS = 450  # the size of picture, in pixels, that the marker is drawn for
_NUMBERS = {"rect": (4, 4), CIRCLE: (3, 3), POLY: (6, 2 * MOST_CORNERS)}


class Size(NamedTuple):
    """The size of the picture on the paper, in pixels."""

    width: int
    height: int


@register
class Hotspot(Kind):
    name = "hotspot"
    label = _("Point on a picture")
    template = "quizzes/attempt/kinds/hotspot.html"
    review_template = "quizzes/attempt/review/hotspot.html"
    example = {"x": 0.31, "y": 0.77}

    def clean_item(self, content: Mapping[str, Any], key: Mapping[str, Any], feedback: Mapping[str, Any]) -> Authored:
        image = content.get("image")
        picture = QuestionPicture.objects.filter(pk=image).first() if isinstance(image, int) else None
        if picture is None:
            raise one_problem("image", _("Choose a picture."))
        problems = Problems()
        alt = normalise(str(content.get("alt", "") or picture.alt_text))
        if not alt:
            problems.add("alt", _("Describe the picture for those who cannot see it."))
        raw = key.get("areas")
        if not isinstance(raw, list) or not 1 <= len(raw) <= MOST_AREAS:
            raise one_problem("key", _("Draw 1 to %(most)d right areas.") % {"most": MOST_AREAS})
        areas = [self._clean_area(mapping(area), f"key.areas.{index}", problems) for index, area in enumerate(raw)]
        if not any(Decimal(area["share"]) == 1 for area in areas):
            problems.add("key", _("At least one area must earn all points."))
        problems.check()
        ratio = written((Decimal(picture.height) / Decimal(picture.width)).quantize(Decimal("0.000001")))
        return Authored(
            {"image": picture.pk, "alt": alt, "width": picture.width, "height": picture.height},
            {"areas": areas, "ratio": ratio},
            clean_feedback(feedback, []),
        )

    def _clean_area(self, area: Mapping[str, Any], where: str, problems: Problems) -> dict[str, Any]:
        shape, coords = area.get("shape"), area.get("coords")
        if shape not in SHAPES:
            problems.add(where, _("An area is a rectangle, a circle or a polygon."))
            return {"shape": "rect", "coords": ["0", "0", "1", "1"], "share": "1"}
        least, most = _NUMBERS[shape]
        if not isinstance(coords, list) or not least <= len(coords) <= most or (shape == POLY and len(coords) % 2):
            problems.add(where, _("The area has the wrong number of coordinates."))
            coords = []
        numbers = [clean_decimal(value, where, problems, low="0", high="1") for value in coords]
        if shape == "rect" and numbers:
            left, right = sorted(numbers[::2], key=Decimal)
            top, bottom = sorted(numbers[1::2], key=Decimal)
            numbers = [left, top, right, bottom]
        return {"shape": shape, "coords": numbers, "share": clean_share(area, where, problems)}

    def show(
        self,
        content: Mapping[str, Any],
        *,
        seed: int,
        stream: str,
        shuffle: bool,
        key: Mapping[str, Any] | None = None,
    ) -> Shown:
        picture = QuestionPicture.objects.filter(pk=content["image"]).first()
        if picture is None:
            raise InvalidItemError(
                _("The picture of a question is gone."), fields={"image": [str(_("Choose a picture."))]}
            )
        return Shown(
            {
                "image_url": picture.url,
                "alt": content["alt"],
                "width": picture.shown_width,
                "height": picture.shown_height,
            }
        )

    def shown_key(self, key: Mapping[str, Any], shown: Mapping[str, str]) -> dict[str, Any]:
        return dict(key)

    def lookup(self, public: Mapping[str, Any]) -> Size:
        return Size(public["width"], public["height"])

    def clean_answer(self, answer: Any, lookup: Size) -> dict[str, Any] | None:
        if answer is None:
            return None
        self.answer_keys(answer, "x", "y")
        return {axis: self._clean_place(answer[axis]) for axis in ("x", "y")}

    def _clean_place(self, value: Any) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
            raise self.wrong_shape()
        return round(float(value), PLACES)

    def read_form(self, data: QueryDict, name: str, lookup: Size) -> dict[str, Any] | None:
        """Read a press on the picture (``name.x`` and ``name.y`` in its own pixels), or two typed percentages."""
        pressed = [data.get(f"{name}.{axis}", "") for axis in ("x", "y")]
        if all(value.isascii() and value.isdigit() and len(value) < 6 for value in pressed):
            shares = [Fraction(int(value), size) for value, size in zip(pressed, lookup, strict=True)]
        else:
            typed = [min(readings(data.get(f"{name}-{axis}", "")), default=None) for axis in ("x", "y")]
            if any(value is None for value in typed):
                return None
            shares = [value / 100 for value in typed if value is not None]
        x, y = (round(float(min(Fraction(1), max(Fraction(0), share))), PLACES) for share in shares)
        return {"x": x, "y": y}

    def answer_view(self, question: Mapping[str, Any], answer: Mapping[str, Any] | None) -> dict[str, Any]:
        return {**_picture(question), **_marker(question, answer)}

    def review_view(
        self,
        question: Mapping[str, Any],
        answer: Mapping[str, Any] | None,
        key: Mapping[str, Any] | None,
        notes: Mapping[str, str],
    ) -> dict[str, Any]:
        areas = key["areas"] if key else []
        width, height = question["width"], question["height"]
        good = False
        if key and answer:
            point = (Fraction(str(answer["x"])), Fraction(str(answer["y"])))
            good = any(holds(area, point, Fraction(key["ratio"])) for area in areas)
        return {
            **_picture(question),
            **_marker(question, answer),
            "known": key is not None,
            "good": good,
            "areas": [_drawn(area, width, height) for area in areas],
        }


def _picture(question: Mapping[str, Any]) -> dict[str, Any]:
    """Return the picture, and how much its marker grows so that it can be seen when a phone shows the picture small."""
    shown = {name: question[name] for name in ("image_url", "alt", "width", "height")}
    return {**shown, "scale": round(max(question["width"], question["height"]) / MARKER_FITS, 2)}


def _marker(question: Mapping[str, Any], answer: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return where the marker stands, in pixels and as percentages to type."""
    if not answer:
        return {"marker": None}
    return {
        "marker": {
            "x": round(answer["x"] * question["width"]),
            "y": round(answer["y"] * question["height"]),
            "percent_x": _percent(answer["x"]),
            "percent_y": _percent(answer["y"]),
        }
    }


def _percent(share: float) -> str:
    """Return a share as a percentage to read and to type: ``12,5``."""
    return f"{round(share * 100, 2):g}".replace(".", ",")


def _drawn(area: Mapping[str, Any], width: int, height: int) -> dict[str, Any]:
    """Return an area as the attributes of its SVG shape."""
    numbers = [float(value) for value in area["coords"]]
    if area["shape"] == CIRCLE:
        x, y, radius = numbers
        return {"shape": "circle", "cx": round(x * width), "cy": round(y * height), "r": round(radius * width)}
    points = [(round(x * width), round(y * height)) for x, y in zip(numbers[::2], numbers[1::2], strict=True)]
    if area["shape"] == "rect":
        (left, top), (right, bottom) = points
        return {"shape": "rect", "x": left, "y": top, "width": right - left, "height": bottom - top}
    return {"shape": "polygon", "points": " ".join(f"{x},{y}" for x, y in points)}
