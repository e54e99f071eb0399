"""The marking sheet (*phiếu trả lời*) that learners fill in by bubbles, and the proof of a draw."""

from __future__ import annotations

from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from lms.common.formats import moment
from quizzes.engine.parts import PARTS, part_of
from quizzes.models import Exam, ExamDraw, Paper
from quizzes.printing.paper import head_of, part_words
from quizzes.queries.papers.stock import row_labels, specs_of

NUMBER_DIGITS = 6


def marking_sheet(paper: Paper, exam: Exam, *, language: str = "vi", with_code: bool = False) -> dict[str, Any]:
    """Return the data of the marking sheet for the questions of ``paper``; the code is left open unless asked for."""
    with translation.override(language):
        questions = paper.content["questions"]
        parts = []
        for name in PARTS:
            own = [question for question in questions if part_of(question["kind"]) == name]
            if own and name != "essay":
                parts.append({"title": part_words(name)[0], "rows": [_row(question) for question in own]})
        digits = max(3, len(paper.code)) if paper.code.isdigit() else 0
        return {
            "lang": language,
            "title": _("Marking sheet"),
            "head": head_of(exam),
            "exam": exam.title,
            "code": paper.code if with_code else "",
            "code_digits": digits,
            "number_digits": NUMBER_DIGITS,
            "parts": parts,
            "labels": {
                "title": _("ANSWER SHEET"),
                "name": _("Full name"),
                "class": pgettext("paper", "Class"),
                "number": pgettext("paper", "Candidate number"),
                "code": _("Paper code"),
                "signed": _("Signatures of the two invigilators"),
                "true": pgettext("key letter", "T"),
                "false": pgettext("key letter", "F"),
                "hint": _("Fill the circle of your answer completely with a dark pen. To change it, cross it out."),
            },
        }


def _row(question: dict[str, Any]) -> dict[str, Any]:
    """Return what a question needs on the sheet: bubbles, true or false for each statement, or a line to write on."""
    number = question["slot"]
    match question["kind"]:
        case "single_choice" | "multiple_response":
            return {"number": number, "form": "bubbles", "letters": [one["id"].upper() for one in question["options"]]}
        case "true_false_group":
            letters = [f"{'abcdefghij'[index]}" for index in range(len(question["statements"]))]
            return {"number": number, "form": "true_false", "letters": letters}
        case "matching":
            return {"number": number, "form": "pairs", "letters": [one["id"] for one in question["prompts"]]}
        case "ordering":
            return {"number": number, "form": "order", "letters": [one["id"].upper() for one in question["options"]]}
        case "gap_text":
            return {"number": number, "form": "gaps", "letters": [str(gap["id"]) for gap in question["gaps"]]}
        case _:
            return {"number": number, "form": "line", "letters": []}


def proof_data(made: ExamDraw, exam: Exam, *, language: str = "vi") -> dict[str, Any]:
    """Return the printed proof that every form keeps the blueprint: cells, shared questions, expected points."""
    with translation.override(language):
        specs = specs_of(made.blueprint_version)
        labels = row_labels(specs, made.blueprint_version.blueprint.bank_id)
        proof = made.proof
        limits = made.limits
        rules = [_("Each row filled exactly, no question twice in a form")]
        if limits.get("overlap") is not None:
            rules.append(_("Two forms share at most %(number)d questions") % {"number": limits["overlap"]})
        if limits.get("rest_days"):
            rules.append(_("No question of the last %(number)d days") % {"number": limits["rest_days"]})
        if limits.get("max_uses") is not None:
            rules.append(_("No question asked in %(number)d exams or more") % {"number": limits["max_uses"]})
        if limits.get("tolerance") is not None and proof["expected"]:
            rules.append(
                _("Difficulty of the forms within %(number)s %%")
                % {"number": f"{limits['tolerance'] * 100:g}".replace(".", ",")}
            )
        if proof["enemies"]:
            rules.append(_("%(number)d pairs kept apart") % {"number": proof["enemies"]})
        return {
            "lang": language,
            "title": _("Proof of coverage"),
            "head": head_of(exam),
            "exam": exam.title,
            "facts": [
                [
                    _("Blueprint"),
                    f"{made.blueprint_version.blueprint.name} – {_('version')} {made.blueprint_version.number}",
                ],
                [_("Drawn at"), moment(made.created_at)],
                [_("Seed"), str(made.seed)],
                [_("Points of each form"), str(proof["points"]).replace(".", ",")],
            ],
            "rules": rules,
            "cells": [
                {"label": labels[cell["row"]], "need": cell["need"], "free": cell["free"], "forms": cell["forms"]}
                for cell in proof["cells"]
            ],
            "overlap": proof["overlap"],
            "expected": [f"{value:.2f}".replace(".", ",") for value in proof["expected"] or []],
            "labels": {
                "title": _("PROOF OF COVERAGE"),
                "row": _("Row of the blueprint"),
                "need": _("Needed"),
                "free": _("In the bank"),
                "form": pgettext("exam", "Form"),
                "overlap": _("Questions that two forms share"),
                "expected": _("Expected points"),
                "page": _("Page"),
                "rules": _("Checked"),
            },
        }
