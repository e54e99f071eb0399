"""One description of a printed paper, the same for PDF and Word. It is made from the public content alone.

The key cannot slip in: nothing here reads an item version. What the learner's file shows is what the frozen paper
shows on the screen, in the layout that teachers use (docs/domain.md).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from lms.common.formats import date_short
from quizzes.engine.parts import PARTS, part_of
from quizzes.enums import Letterhead
from quizzes.models import Exam, Paper
from quizzes.printing.pictures import PrintedPicture, load_picture
from quizzes.printing.text import Block, blocks_of, pictures_of, unmarked, width_of, words_of

#: How wide a text may be, in em, to stand in a quarter and in a half of the line at 13 pt, behind its letter.
QUARTER, HALF = 6.6, 15.5
_ROMAN = ("I", "II", "III", "IV", "V", "VI")
_GAP = re.compile(r"\[\[(\w+)\]\]")


@dataclass(frozen=True, slots=True)
class Printed:
    """The paper as data (JSON can hold it), and its pictures by address."""

    data: dict[str, Any]
    pictures: Mapping[str, PrintedPicture] = field(default_factory=dict)


def print_paper(paper: Paper, exam: Exam, *, language: str = "vi") -> Printed:
    """Return the printed form of ``paper``; labels are in ``language``, the questions as they were written."""
    with translation.override(language):
        questions = [_question(question) for question in paper.content["questions"]]
        data = {
            "lang": language,
            "title": f"{exam.title} – {paper.code}",
            "head": head_of(exam),
            "exam": exam.title,
            "subject": exam.subject,
            "duration": _duration(exam),
            "code": paper.code,
            "parts": _parts(exam, questions),
            "labels": {
                "code": _("Paper code"),
                "page": _("Page"),
                "name": _("Full name"),
                "number": pgettext("paper", "Candidate number"),
                "class": pgettext("paper", "Class"),
                "question": pgettext("paper", "Question"),
                "true": _("True"),
                "false": _("False"),
                "end": _("THE END"),
                "note": _("The invigilator gives no further explanation."),
            },
        }
    pictures: dict[str, PrintedPicture] = {}
    for src in sorted({src for question in questions for src in _sources(question)}):
        picture = load_picture(src, len(pictures) + 1)
        if picture is not None:
            pictures[src] = picture
    return Printed(data, pictures)


def head_of(exam: Exam) -> dict[str, str]:
    """Return the letterhead: the issuing body and the one above it, and what stands at the right."""
    parent = exam.unit.get_parent()
    head = {"superior": parent.name if parent else "", "issuer": exam.unit.name, "kind": exam.letterhead}
    match exam.letterhead:
        case Letterhead.PARTY:
            return {**head, "first": _("COMMUNIST PARTY OF VIETNAM"), "second": ""}
        case Letterhead.STATE:
            return {
                **head,
                "first": _("SOCIALIST REPUBLIC OF VIETNAM"),
                "second": _("Independence - Freedom - Happiness"),
            }
        case _:
            return {**head, "first": "", "second": ""}


def _duration(exam: Exam) -> str:
    parts = []
    if exam.time_limit:
        parts.append(
            ngettext(
                "Time: %(minutes)d minute (handing out not counted)",
                "Time: %(minutes)d minutes (handing out not counted)",
                exam.time_limit,
            )
            % {"minutes": exam.time_limit}
        )
    if exam.held_on:
        parts.append(_("Day of the exam: %(day)s") % {"day": date_short(exam.held_on)})
    return " – ".join(parts)


def _parts(exam: Exam, questions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the questions under the heads of their parts; without parts they are one, without a head."""
    names = [name for name in PARTS if any(part_of(question["kind"]) == name for question in questions)]
    if not exam.sections or len(names) < 2:
        return [{"title": "", "note": "", "questions": questions}]
    parts = []
    for number, name in enumerate(names):
        own = [question for question in questions if part_of(question["kind"]) == name]
        title, note = part_words(name)
        span = _("Questions %(first)d to %(last)d.") % {"first": own[0]["number"], "last": own[-1]["number"]}
        if len(own) == 1:
            span = _("Question %(first)d.") % {"first": own[0]["number"]}
        head = _("PART %(number)s. %(title)s.") % {"number": _ROMAN[number], "title": title}
        parts.append({"title": head, "note": f"{span} {note}", "questions": own})
    return parts


def part_words(name: str) -> tuple[str, str]:
    """Return the title of a part and what candidates do in it."""
    return {
        "single": (_("Choosing one option"), _("For each question the candidate chooses one option only.")),
        "multiple": (_("Choosing several options"), _("A question can have more than one right option.")),
        "true_false": (_("True or false"), _("In each statement a), b), c), d) the candidate chooses true or false.")),
        "arrange": (_("Matching, ordering, completing"), _("The candidate answers as each question says.")),
        "short": (_("Short answers"), _("The candidate writes the answer.")),
        "essay": (pgettext("paper", "Essay"), _("The candidate writes on separate sheets.")),
    }[name]


def _question(question: Mapping[str, Any]) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "number": question["slot"],
        "kind": question["kind"],
        "points": _points(question["points"]),
        "stem": blocks_of(question.get("stem_html", "")),
        "columns": 0,
        "options": [],
        "statements": [],
        "prompts": [],
        "lines": 0,
        "answer": "",
        "picture": None,
    }
    match question["kind"]:
        case "true_false_group":
            shown["statements"] = [
                {"letter": f"{_letter(index)})", "blocks": unmarked(blocks_of(one["html"]))}
                for index, one in enumerate(question["statements"])
            ]
        case "matching":
            shown["prompts"] = [
                {"letter": f"{one['id']}.", "blocks": blocks_of(one["html"])} for one in question["prompts"]
            ]
            shown["options"] = _options(question["options"])
            shown["answer"] = "   ".join(f"{one['id']} – ......" for one in question["prompts"])
        case "ordering":
            shown["options"] = _options(question["options"])
            shown["columns"] = 1
            shown["answer"] = _("Order:") + " " + " – ".join(["......"] * len(question["options"]))
        case "gap_text":
            _gaps(question, shown)
        case "short_text":
            shown["lines"] = int(question.get("lines") or 1)
            shown["answer"] = _("Answer:")
        case "numeric":
            shown["lines"] = 1
            shown["answer"] = (
                _("Answer (%(unit)s):") % {"unit": question["unit"]} if question.get("unit") else _("Answer:")
            )
        case "hotspot":
            picture = {"t": "img", "src": question.get("image_url") or "", "alt": question.get("alt", ""), "width": 0}
            shown["stem"] = [*shown["stem"], picture]
            shown["answer"] = _("Mark the place on the picture with a cross.")
        case "essay":
            shown["answer"] = _words_wanted(question)
        case _:
            shown["options"] = _options(question.get("options", []))
            shown["columns"] = _columns(shown["options"])
    return shown


def _letter(index: int) -> str:
    return "abcdefghijklmnopqrstuvwxyz"[index]


def _points(value: float) -> str:
    return f"{value:g}".replace(".", ",")


def _options(options: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{"letter": f"{one['id'].upper()}.", "blocks": unmarked(blocks_of(one["html"]))} for one in options]


def _columns(options: list[dict[str, Any]]) -> int:
    """Return how many options go on a line: 4, 2 or 1, by the longest."""
    simple = all(len(one["blocks"]) <= 1 and all(block["t"] != "table" for block in one["blocks"]) for one in options)
    longest = max((width_of(words_of(one["blocks"])) for one in options), default=0.0)
    pictures = any(pictures_of(one["blocks"]) for one in options)
    if not simple or any("\n" in words_of(one["blocks"]) for one in options):
        return 1
    if longest <= QUARTER and len(options) <= 4:
        return 4
    return 2 if longest <= HALF or pictures else 1


def _gaps(question: Mapping[str, Any], shown: dict[str, Any]) -> None:
    """Set the text with numbered gaps; the choices of a gap stand below, a gap to be typed has a dotted line."""
    chosen = {str(gap["id"]) for gap in question["gaps"] if gap.get("choices")}

    def mark(found: re.Match[str]) -> str:
        return f"({found[1]}) ______" if found[1] in chosen else f"({found[1]}) ........................"

    shown["stem"] = [*shown["stem"], *blocks_of(_GAP.sub(mark, question["text"]))]
    shown["gaps"] = [
        {"letter": f"({gap['id']})", "options": options, "columns": _columns(options)}
        for gap in question["gaps"]
        if gap.get("choices") and (options := _options(gap["choices"]))
    ]


def _words_wanted(question: Mapping[str, Any]) -> str:
    least, most = int(question.get("min_words") or 0), int(question.get("max_words") or 0)
    if least and most:
        return _("From %(least)d to %(most)d words.") % {"least": least, "most": most}
    if least:
        return _("At least %(least)d words.") % {"least": least}
    return _("At most %(most)d words.") % {"most": most} if most else ""


def _sources(question: Mapping[str, Any]) -> list[str]:
    groups: list[list[Block]] = [question["stem"]]
    for name in ("options", "statements", "prompts"):
        groups += [one["blocks"] for one in question[name]]
    for gap in question.get("gaps", []):
        groups += [one["blocks"] for one in gap["options"]]
    return [src for group in groups for src in pictures_of(group)]
