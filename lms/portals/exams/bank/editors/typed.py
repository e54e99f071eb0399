"""Forms of the kinds whose learner types: short text, numbers, gaps, essays."""

from __future__ import annotations

import re
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from lms.common.text import whole_number
from lms.portals.exams.bank.editors.base import (
    ALL,
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
from quizzes.engine.texts import plain_text
from quizzes.models import ItemVersion

GAP = re.compile(r"\[\[(\d{1,2})\]\]")
MOST_GAPS = 20


class ShortText(Editor):
    kind = "short_text"
    sections = (
        Section(
            "accepted",
            _("Accepted answers"),
            _("Add an answer"),
            (Column("text", _("Answer %(place)s"), "text"), SHARE),
            start=2,
            most=20,
        ),
    )
    settings = (
        Setting("case", _("Capital letters count"), "check"),
        Setting("accents", _("Accents count"), "check", start=ON),
        Setting("pattern", _("The answers are regular expressions"), "check"),
        Setting("lines", _("Lines to write on"), "number", start="1"),
    )

    def build(self, state: State) -> Built:
        key = {
            "accepted": [
                {"text": row["text"].strip(), "share": decimal_text(row["share"]) or "1"}
                for row in state.rows["accepted"]
                if filled(row, "text")
            ],
            "case": state.on("case"),
            "accents": state.on("accents"),
            "pattern": state.on("pattern"),
        }
        return Built(_whole(lines=state.values["lines"]), key, self.feedback(state))

    def load(self, version: ItemVersion) -> State:
        key = version.key
        rows = [
            {"id": str(number), "text": one["text"], "share": shown_number(one.get("share", "1"))}
            for number, one in enumerate(key["accepted"], start=1)
        ]
        values = {name: ON if key.get(name) else "" for name in ("case", "accents", "pattern")}
        values["lines"] = str(version.content.get("lines", 1))
        return State(self.common(version) | values, {"accepted": rows})


class Numeric(Editor):
    kind = "numeric"
    hint = _("Numbers may be written 3,5 or 3.5.")
    sections = (
        Section(
            "accepted",
            _("Accepted answers"),
            _("Add an answer"),
            (Column("value", _("Number %(place)s"), "text"), Column("tolerance", _("Tolerance"), "number"), SHARE),
            start=1,
            most=20,
        ),
    )
    settings = (
        Setting(
            "tolerance_kind",
            _("The tolerance is"),
            "select",
            (("absolute", _("an amount")), ("relative", _("a share of the number"))),
            start="absolute",
        ),
        Setting("unit", _("Unit of measure"), "text", help=_("Shown behind the field, for example tiết.")),
    )

    def build(self, state: State) -> Built:
        key = {
            "accepted": [
                {
                    "value": decimal_text(row["value"]),
                    "tolerance": decimal_text(row["tolerance"]) or "0",
                    "share": decimal_text(row["share"]) or "1",
                }
                for row in state.rows["accepted"]
                if filled(row, "value")
            ],
            "tolerance_kind": state.values["tolerance_kind"] or "absolute",
        }
        unit = state.values["unit"].strip()
        return Built({"unit": unit} if unit else {}, key, self.feedback(state))

    def load(self, version: ItemVersion) -> State:
        rows = [
            {
                "id": str(number),
                "value": shown_number(one["value"]),
                "tolerance": shown_number(one.get("tolerance", "0")),
                "share": shown_number(one.get("share", "1")),
            }
            for number, one in enumerate(version.key["accepted"], start=1)
        ]
        values = {
            "unit": version.content.get("unit", ""),
            "tolerance_kind": version.key.get("tolerance_kind", "absolute"),
        }
        return State(self.common(version) | values, {"accepted": rows})


class GapText(Editor):
    """Gaps are written [[1]], [[2]] in the text; each has a row that says what fills it, one answer a line."""

    kind = "gap_text"
    hint = _("Write [[1]], [[2]] … where the gaps are.")
    sections = (
        Section(
            "gaps",
            _("Gaps"),
            _("Add a gap"),
            (
                Column(
                    "mode",
                    _("Gap %(mark)s is filled by"),
                    "select",
                    (("choice", _("choosing")), ("text", _("typing words")), ("number", _("typing a number"))),
                    start="choice",
                ),
                Column(
                    "answers",
                    _("Answers, one a line"),
                    "area",
                    help=_("Choosing: a * before the right one. Number: 1930 or 3,5 ± 0,1."),
                ),
                Column("case", _("Capital letters count"), "check"),
                Column("accents", _("Accents count"), "check", start=ON),
                Column("weight", _("Weight"), "number", start="1"),
            ),
            start=2,
            most=MOST_GAPS,
            marks="numbers",
        ),
    )
    settings = (
        Setting("text", _("Text with gaps"), "rich"),
        Setting("scoring", _("Scoring"), "select", (PARTIAL, ALL), start=PARTIAL[0]),
    )

    def read(self, data: QueryDict) -> State:
        """Return what was typed, with a row for every gap that the text names."""
        state, section = super().read(data), self.sections[0]
        for ident in GAP.findall(state.values["text"]):
            rows = state.rows["gaps"]
            if ident not in {row["id"] for row in rows} and len(rows) < section.most:
                rows.append({"id": ident} | {column.name: column.start for column in section.columns})
        return state

    def build(self, state: State) -> Built:
        gaps: list[dict[str, Any]] = []
        keys: dict[str, Any] = {}
        used = set(GAP.findall(state.values["text"]))
        for row in state.rows["gaps"]:
            if not filled(row, "answers") and row["id"] not in used:
                continue
            gap, key = self._gap(row)
            gaps.append({"id": row["id"], **gap})
            if decimal_text(row["weight"]) not in {"", "1"}:
                key["weight"] = decimal_text(row["weight"])
            keys[row["id"]] = key
        content = {"text": state.values["text"], "gaps": gaps}
        return Built(content, {"gaps": keys, "scoring": state.values["scoring"] or PARTIAL[0]}, self.feedback(state))

    def _gap(self, row: dict[str, str]) -> tuple[dict[str, Any], dict[str, Any]]:
        lines = [line.strip() for line in row["answers"].splitlines() if line.strip()]
        if row["mode"] == "choice":
            choices = [
                {"id": letter, "html": line.removeprefix("*").strip()}
                for letter, line in zip(LETTERS, lines, strict=False)
            ]
            right = [letter for letter, line in zip(LETTERS, lines, strict=False) if line.startswith("*")]
            return {"choices": choices}, {"correct": right[0] if len(right) == 1 else ""}
        if row["mode"] == "number":
            accepted = []
            for line in lines:
                value, _sign, tolerance = line.replace("+-", "±").replace("+/-", "±").partition("±")
                accepted.append(
                    {"value": decimal_text(value), "tolerance": decimal_text(tolerance) or "0", "share": "1"}
                )
            return {}, {"accepted": accepted, "numeric": True}
        words = [{"text": line, "share": "1"} for line in lines]
        return {}, {"accepted": words, "case": row["case"] == ON, "accents": row["accents"] == ON}

    def load(self, version: ItemVersion) -> State:
        rows = []
        for gap in version.content["gaps"]:
            key = version.key["gaps"][gap["id"]]
            row = {"id": gap["id"], "case": "", "accents": ON, "weight": shown_number(key.get("weight", "1"))}
            if gap.get("choices"):
                lines = [
                    ("*" if choice["id"] == key.get("correct") else "") + plain_text(choice["html"])
                    for choice in gap["choices"]
                ]
                row |= {"mode": "choice"}
            elif key.get("numeric"):
                lines = [
                    shown_number(one["value"])
                    + (f" ± {shown_number(one['tolerance'])}" if one.get("tolerance", "0") != "0" else "")
                    for one in key["accepted"]
                ]
                row |= {"mode": "number"}
            else:
                lines = [one["text"] for one in key["accepted"]]
                row |= {
                    "mode": "text",
                    "case": ON if key.get("case") else "",
                    "accents": ON if key.get("accents", True) else "",
                }
            rows.append(row | {"answers": "\n".join(lines)})
        values = {"text": version.content["text"], "scoring": version.key.get("scoring", PARTIAL[0])}
        return State(self.common(version) | values, {"gaps": rows})


class Essay(Editor):
    kind = "essay"
    hint = _("Essays are marked by a person. The shares of the rubric make 1 together.")
    sections = (
        Section(
            "rubric",
            _("Rubric"),
            _("Add a criterion"),
            (
                Column("title", _("Criterion %(place)s"), "text"),
                Column("share", _("Share of the points"), "number"),
                Column("description", _("What earns it"), "area"),
            ),
            start=3,
            most=20,
            marks="numbers",
            movable=True,
        ),
    )
    settings = (
        Setting("min_words", _("Fewest words"), "number", help=_("0: no limit.")),
        Setting("max_words", _("Most words"), "number", help=_("0: no limit.")),
        Setting("model_html", _("Model answer"), "rich"),
    )

    def build(self, state: State) -> Built:
        rubric = [
            {
                "id": row["id"],
                "title": row["title"].strip(),
                "share": decimal_text(row["share"]),
                "description": row["description"].strip(),
            }
            for row in state.rows["rubric"]
            if filled(row, "title", "share", "description")
        ]
        content = _whole(min_words=state.values["min_words"] or "0", max_words=state.values["max_words"] or "0")
        return Built(content, {"rubric": rubric, "model_html": state.values["model_html"]}, self.feedback(state))

    def load(self, version: ItemVersion) -> State:
        rows = [
            {name: str(one.get(name, "")) for name in ("id", "title", "description")}
            | {"share": shown_number(one.get("share", ""))}
            for one in version.key.get("rubric") or ()
        ]
        values = {name: str(version.content.get(name, 0)) for name in ("min_words", "max_words")}
        values["model_html"] = version.key.get("model_html", "")
        return State(self.common(version) | values, {"rubric": rows})


def _whole(**texts: str) -> dict[str, Any]:
    """Return whole numbers; what is none stays text, for the kind to refuse. Empty ones are left out."""
    return {
        name: text.strip() if (number := whole_number(text.strip())) is None else number
        for name, text in texts.items()
        if text.strip()
    }
