"""Forms of matching and of the hotspot on a picture."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from lms.common.text import whole_number
from lms.portals.exams.bank.editors.base import (
    ALL,
    FIXED,
    LETTERS,
    ON,
    PARTIAL,
    SHARE,
    Built,
    Column,
    Editor,
    Section,
    Setting,
    State,
    decimal_text,
    filled,
    shown_number,
)
from quizzes.models import ItemVersion


class Matching(Editor):
    kind = "matching"
    hint = _("There may be more options than rows: those that are left over mislead.")
    sections = (
        Section(
            "options",
            _("Options to choose among"),
            _("Add an option"),
            (Column("html", _("Option %(mark)s"), "rich"), FIXED),
            least=2,
            marks="letters",
            movable=True,
        ),
        Section(
            "prompts",
            _("Rows to be matched"),
            _("Add a row"),
            (
                Column("html", _("Row %(mark)s"), "rich"),
                Column(
                    "pair",
                    _("Belongs to"),
                    "select",
                    (("", "—"), *((letter, letter.upper()) for letter in LETTERS)),
                ),
            ),
            least=2,
            start=3,
            marks="numbers",
            movable=True,
        ),
    )
    settings = (Setting("scoring", _("Scoring"), "select", (PARTIAL, ALL), start=PARTIAL[0]),)

    def build(self, state: State) -> Built:
        prompts = [row for row in state.rows["prompts"] if filled(row, "html", "pair")]
        options = [
            {"id": row["id"], "html": row["html"], "fixed": row["fixed"] == ON}
            for row in state.rows["options"]
            if filled(row, "html")
        ]
        content = {"prompts": [{"id": row["id"], "html": row["html"]} for row in prompts], "options": options}
        key = {
            "pairs": {row["id"]: row["pair"] for row in prompts if row["pair"]},
            "scoring": state.values["scoring"] or PARTIAL[0],
        }
        return Built(content, key, self.feedback(state))

    def load(self, version: ItemVersion) -> State:
        pairs = version.key["pairs"]
        rows = {
            "prompts": [
                {"id": one["id"], "html": one["html"], "pair": pairs.get(one["id"], "")}
                for one in version.content["prompts"]
            ],
            "options": [
                {"id": one["id"], "html": one["html"], "fixed": ON if one.get("fixed") else ""}
                for one in version.content["options"]
            ],
        }
        return State(self.common(version) | {"scoring": version.key.get("scoring", PARTIAL[0])}, rows)


class Hotspot(Editor):
    """Areas are kept as shares of the picture; the form takes per cent, which people can guess."""

    kind = "hotspot"
    hint = _("Choose a picture, then draw the right areas on it or give their corners in per cent.")
    sections = (
        Section(
            "areas",
            _("Right areas"),
            _("Add an area"),
            (
                Column(
                    "shape",
                    _("Area %(place)s"),
                    "select",
                    (("rect", _("Rectangle")), ("circle", _("Circle")), ("poly", _("Polygon"))),
                    start="rect",
                ),
                Column(
                    "coords",
                    _("Place in per cent"),
                    "text",
                    help=_("Rectangle: left top right bottom. Circle: centre and radius. Polygon: corners, x y x y …"),
                ),
                SHARE,
            ),
            start=1,
            most=20,
        ),
    )
    settings = (
        Setting("image", _("Picture"), "image"),
        Setting("alt", _("What the picture shows, for people who cannot see it"), "text"),
    )

    def build(self, state: State) -> Built:
        areas: list[dict[str, Any]] = [
            {
                "shape": row["shape"] or "rect",
                "coords": [_share(part) for part in row["coords"].replace(";", " ").split()],
                "share": decimal_text(row["share"]) or "1",
            }
            for row in state.rows["areas"]
            if filled(row, "coords")
        ]
        image = state.values["image"]
        content = {
            "image": whole_number(image) or 0,
            "alt": state.values["alt"].strip(),
        }
        return Built(content, {"areas": areas}, self.feedback(state))

    def load(self, version: ItemVersion) -> State:
        rows = [
            {
                "id": str(number),
                "shape": area["shape"],
                "coords": " ".join(_percent(part) for part in area["coords"]),
                "share": shown_number(area.get("share", "1")),
            }
            for number, area in enumerate(version.key["areas"], start=1)
        ]
        values = {"image": str(version.content.get("image", "")), "alt": version.content.get("alt", "")}
        return State(self.common(version) | values, {"areas": rows})


def _share(text: str) -> str:
    """12,5 (per cent) becomes 0.125; what is no number stays."""
    clean = decimal_text(text)
    try:
        return format(round(float(clean) / 100, 6), "f").rstrip("0").rstrip(".") or "0"
    except ValueError:
        return clean


def _percent(share: object) -> str:
    return shown_number(f"{round(float(str(share)) * 100, 4):g}")
