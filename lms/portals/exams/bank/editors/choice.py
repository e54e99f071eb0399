"""Forms of the kinds whose learner chooses: single choice, multiple response, groups of true and false, ordering."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from lms.portals.exams.bank.editors.base import (
    ALL,
    FIXED,
    FREE,
    ON,
    PENALTY,
    REMARK,
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
from quizzes.engine.references import refers_to_others
from quizzes.models import ItemVersion


class ChoiceEditor(Editor):
    """Lettered options, each with its mark."""

    def options(self, state: State) -> list[dict[str, Any]]:
        """Return the options that hold something; one that speaks of the others stays in its place by itself."""
        return [
            {"id": row["id"], "html": row["html"], "fixed": row["fixed"] == ON or refers_to_others(row["html"])}
            for row in state.rows["options"]
            if filled(row, "html", "feedback") or row["right"] == ON
        ]

    def right(self, state: State) -> list[str]:
        return [row["id"] for row in state.rows["options"] if row["right"] == ON]

    def load_options(self, version: ItemVersion, right: set[str]) -> list[dict[str, str]]:
        remarks = version.feedback.get("options", {})
        return [
            {
                "id": option["id"],
                "html": option["html"],
                "right": ON if option["id"] in right else "",
                "fixed": ON if option.get("fixed") else "",
                "feedback": remarks.get(option["id"], ""),
            }
            for option in version.content["options"]
        ]


def _options(widget: str) -> Section:
    return Section(
        "options",
        _("Options"),
        _("Add an option"),
        (
            Column("html", _("Option %(mark)s"), "rich"),
            Column("right", _("Right answer"), widget),
            FIXED,
            REMARK,
        ),
        least=2,
        marks="letters",
        movable=True,
    )


class SingleChoice(ChoiceEditor):
    kind = "single_choice"
    hint = _("Mark the one right option.")
    sections = (_options("radio"),)

    def build(self, state: State) -> Built:
        right = self.right(state)
        key = {"correct": right[0]} if right else {}
        return Built({"options": self.options(state)}, key, self.feedback(state, "options"))

    def load(self, version: ItemVersion) -> State:
        return State(self.common(version), {"options": self.load_options(version, {version.key["correct"]})})


class MultipleResponse(ChoiceEditor):
    kind = "multiple_response"
    hint = _("Mark every right option.")
    sections = (_options("check"),)
    settings = (Setting("scoring", _("Scoring"), "select", (ALL, FREE, PENALTY), start=ALL[0]),)

    def build(self, state: State) -> Built:
        key = {"correct": self.right(state), "scoring": state.values["scoring"] or ALL[0]}
        return Built({"options": self.options(state)}, key, self.feedback(state, "options"))

    def load(self, version: ItemVersion) -> State:
        values = self.common(version) | {"scoring": version.key.get("scoring", ALL[0])}
        return State(values, {"options": self.load_options(version, set(version.key["correct"]))})


class TrueFalseGroup(Editor):
    kind = "true_false_group"
    hint = _("The national format has four statements.")
    sections = (
        Section(
            "statements",
            _("Statements"),
            _("Add a statement"),
            (
                Column("html", _("Statement %(mark)s"), "rich"),
                Column("truth", _("Is it true?"), "select", (("", "—"), ("true", _("True")), ("false", _("False")))),
                FIXED,
                Column("feedback", _("Remark"), "text"),
            ),
            least=2,
            most=10,
            marks="numbers",
            movable=True,
        ),
    )
    settings = (
        Setting(
            "scale",
            _("Points by number right"),
            "text",
            help=_("Shares from none right to all right, for example 0; 0,1; 0,25; 0,5; 1. Empty: the usual scale."),
        ),
    )

    def build(self, state: State) -> Built:
        rows = [row for row in state.rows["statements"] if filled(row, "html", "truth", "feedback")]
        statements = [{"id": row["id"], "html": row["html"], "fixed": row["fixed"] == ON} for row in rows]
        key: dict[str, Any] = {"true": [row["id"] for row in rows if row["truth"] == "true"]}
        if scale := state.values["scale"].strip():
            key["scale"] = [decimal_text(part) for part in scale.split(";")]
        return Built({"statements": statements}, key, self.feedback(state, "statements"))

    def problems(self, state: State) -> dict[str, list[str]]:
        """Return what the key cannot say by itself: a statement nobody called true or false."""
        return {
            f"statements.{index}": [str(_("Say whether the statement is true or false."))]
            for index, row in enumerate(state.rows["statements"])
            if filled(row, "html") and not row["truth"]
        }

    def load(self, version: ItemVersion) -> State:
        true, remarks = set(version.key["true"]), version.feedback.get("options", {})
        rows = [
            {
                "id": one["id"],
                "html": one["html"],
                "truth": "true" if one["id"] in true else "false",
                "fixed": ON if one.get("fixed") else "",
                "feedback": remarks.get(one["id"], ""),
            }
            for one in version.content["statements"]
        ]
        scale = "; ".join(shown_number(share) for share in version.key.get("scale") or ())
        return State(self.common(version) | {"scale": scale}, {"statements": rows})


class Ordering(Editor):
    kind = "ordering"
    hint = _("Write the lines in the right order; learners always see them shuffled.")
    sections = (
        Section(
            "options",
            _("Lines in the right order"),
            _("Add a line"),
            (Column("html", _("Line %(place)s"), "rich"), Column("feedback", _("Remark"), "text")),
            least=3,
            marks="letters",
            movable=True,
        ),
    )
    settings = (
        Setting(
            "scoring",
            _("Scoring"),
            "select",
            (ALL, ("position", _("Each right position counts")), ("adjacent", _("Each right neighbourhood counts"))),
            start=ALL[0],
        ),
    )

    def build(self, state: State) -> Built:
        rows = [row for row in state.rows["options"] if filled(row, "html", "feedback")]
        # kept in the order of their letters, so that content alone does not tell the key
        options = [{"id": row["id"], "html": row["html"]} for row in sorted(rows, key=lambda row: row["id"])]
        key = {"order": [row["id"] for row in rows], "scoring": state.values["scoring"] or ALL[0]}
        return Built({"options": options}, key, self.feedback(state, "options"))

    def load(self, version: ItemVersion) -> State:
        texts = {option["id"]: option["html"] for option in version.content["options"]}
        remarks = version.feedback.get("options", {})
        rows = [{"id": one, "html": texts[one], "feedback": remarks.get(one, "")} for one in version.key["order"]]
        return State(self.common(version) | {"scoring": version.key.get("scoring", ALL[0])}, {"options": rows})
