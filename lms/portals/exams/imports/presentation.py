"""A question of a file as the preview shows it: as learners will see it, with the key and every doubt at its place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from lms.common.html import CleanHtml, clean_html
from quizzes.enums import Level
from quizzes.errors import InvalidItemError
from quizzes.formats import Doubt, ParsedQuestion
from quizzes.formats.messages import doubt_text, place_text, sentence
from quizzes.formats.model import ERROR, NOTE, PICTURE_PREFIX
from quizzes.formats.word import convention
from quizzes.kinds import get_kind
from quizzes.models import ImportedQuestion


@dataclass(frozen=True, slots=True)
class Part:
    """An option, a statement or a thing to be matched."""

    label: str
    html: CleanHtml
    right: bool = False
    fixed: bool = False
    answer: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True)
class DoubtView:
    text: str
    severity: str


@dataclass(slots=True)
class QuestionView:
    """The values that the template of one question needs."""

    row: ImportedQuestion
    place: str
    kind: str
    kind_label: str | Promise
    stem: CleanHtml
    parts: list[Part] = field(default_factory=list)
    prompts: list[Part] = field(default_factory=list)
    text: CleanHtml | str = ""
    picture: str = ""
    lines: list[str] = field(default_factory=list)
    feedback: CleanHtml | str = ""
    source: str = ""
    doubts: list[DoubtView] = field(default_factory=list)
    topic: str = ""
    level: str | Promise = ""
    tags: list[str] = field(default_factory=list)
    choosable: bool = False  # the right option can be marked at once
    many: bool = False


def question_view(row: ImportedQuestion) -> QuestionView:
    """Return one question of a file, ready to be shown."""
    question = ParsedQuestion.from_json(row.data)
    base = reverse("exams:import-picture", args=[row.batch_id, "x"])[:-1]

    def html(text: str) -> CleanHtml:
        return clean_html(text.replace(PICTURE_PREFIX, base))

    try:
        label: str | Promise = get_kind(question.kind).label
    except InvalidItemError:
        label = question.kind
    view = QuestionView(
        row=row,
        place=place_text(question.place),
        kind=question.kind,
        kind_label=label,
        stem=html(question.stem),
        feedback=html(question.feedback.get("general", "")),
        source=question.source,
        topic=str(row.topic) if row.topic_id else " › ".join(question.topic),
        level=Level(row.level).label if row.level else "",
        tags=question.tags,
    )
    view.doubts = [DoubtView(_spoken(sentence(one.code, one.params)), one.severity) for one in _sorted(question.doubts)]
    _fill(view, question, html)
    return view


def _spoken(text: str) -> str:
    return text[:1].upper() + text[1:]


def _sorted(doubts: list[Doubt]) -> list[Doubt]:
    order = {ERROR: 0, "warning": 1, NOTE: 2}
    return sorted(doubts, key=lambda one: order[one.severity])


def _fill(view: QuestionView, question: ParsedQuestion, html: Any) -> None:
    content, key = question.content, question.key
    notes = question.feedback.get("options") or {}
    match question.kind:
        case "single_choice" | "multiple_response":
            right = key.get("correct") or []
            right = [right] if isinstance(right, str) else right
            view.parts = [
                Part(
                    one["id"].upper(),
                    html(one["html"]),
                    one["id"] in right,
                    bool(one.get("fixed")),
                    notes.get(one["id"], ""),
                    one["id"],
                )
                for one in content.get("options", [])
            ]
            view.many = question.kind == "multiple_response"
            view.choosable = len(view.parts) >= 2 and all(one.html for one in view.parts)
        case "true_false_group":
            true = key.get("true", [])
            view.parts = [
                Part(
                    chr(97 + index),
                    html(one["html"]),
                    one["id"] in true,
                    bool(one.get("fixed")),
                    _("True") if one["id"] in true else _("False"),
                )
                for index, one in enumerate(content.get("statements", []))
            ]
        case "matching":
            pairs = key.get("pairs", {})
            view.prompts = [
                Part(one["id"], html(one["html"]), answer=pairs.get(one["id"], "").upper())
                for one in content.get("prompts", [])
            ]
            view.parts = [
                Part(one["id"].upper(), html(one["html"]), fixed=bool(one.get("fixed")))
                for one in content.get("options", [])
            ]
        case "ordering":
            by_id = {one["id"]: one for one in content.get("options", [])}
            view.parts = [
                Part(str(number), html(by_id[ident]["html"]), right=True)
                for number, ident in enumerate(key.get("order", []), start=1)
                if ident in by_id
            ] or [Part("–", html(one["html"])) for one in by_id.values()]
        case "short_text" if key.get("accepted"):
            view.lines = [convention.join_alternatives(key["accepted"])]
        case "numeric" if key.get("accepted"):
            unit = content.get("unit", "")
            view.lines = [f"{convention.join_numbers(key['accepted'])} {unit}".strip()]
        case "gap_text":
            view.text = html(content.get("text", ""))
            view.lines = convention.gap_lines(question) if key.get("gaps") else []
        case "hotspot":
            view.picture = str(
                html(f'<img src="{content.get("image", "")}" alt="">').partition('src="')[2].partition('"')[0]
            )
            view.lines = [f"{area['shape']} {' '.join(area['coords'])}" for area in key.get("areas", [])]
        case "essay":
            view.lines = [line for line in convention.essay_lines(question) if not line.startswith("Bài mẫu")]
    if how := _how(question):
        view.lines.append(how)


def _how(question: ParsedQuestion) -> str:
    try:
        said = convention.how_scored(question)
    except KeyError:
        return ""
    return _("Scored: %(how)s") % {"how": said} if said else ""


def file_doubts(doubts: list[Mapping[str, Any]]) -> list[DoubtView]:
    """Return what is said about the file as a whole."""
    return [
        DoubtView(_spoken(doubt_text(one)), one.severity) for one in _sorted([Doubt.from_json(raw) for raw in doubts])
    ]
