"""Writing GIFT."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from quizzes.formats.losses import common_losses, html_losses
from quizzes.formats.markup import LEVEL_NAMES, plain, shown
from quizzes.formats.model import Loss, ParsedQuestion, WrittenFile
from quizzes.formats.true_false import is_true_false


def write(questions: Sequence[ParsedQuestion]) -> WrittenFile:
    """Return the questions as a GIFT file, with what it could not say."""
    losses: list[Loss] = []
    pieces: list[str] = []
    topic: list[str] | None = None
    for number, question in enumerate(questions, start=1):
        name = question.code or str(number)
        lost = common_losses(question, {"source"}) + html_losses(question, pictures=True)
        body = _body(question, lost)
        losses += [Loss(name, code) for code in dict.fromkeys(lost)]
        if body is None:
            continue
        if question.topic != topic:
            topic = question.topic
            path = "/".join(part.replace("/", "//") for part in topic) if topic else ""
            pieces.append(f"$CATEGORY: $course$/{path}" if path else "$CATEGORY: $course$/top")
        pieces.append(_comment(question) + f"::{_escape(name)}::[html]{_escape(question.stem)}{body}")
    return WrittenFile(("\n\n".join(pieces) + "\n").encode(), "txt", "text/plain; charset=utf-8", losses)


def _comment(question: ParsedQuestion) -> str:
    """Return the hints that Moodle writes in a comment: idnumber and tags."""
    hints = [f"[id:{_hint(question.code)}]"] if question.code else []
    tags = [*question.tags, *([LEVEL_NAMES[question.level]] if question.level in LEVEL_NAMES else [])]
    hints += [f"[tag:{_hint(tag)}]" for tag in tags]
    return "// " + " ".join(hints) + "\n" if hints else ""


def _hint(text: str) -> str:
    return re.sub(r"([\]\\])", r"\\\1", text).replace("\n", " ")


def _escape(text: str) -> str:
    return re.sub(r"([\\~=#{}:])", r"\\\1", text).replace("\n", "\\n")


def _note(html: str) -> str:
    return f"#[html]{_escape(html)}" if html else ""


def _general(question: ParsedQuestion) -> str:
    html = question.feedback.get("general", "")
    return f"\n####[html]{_escape(html)}" if html else ""


def _body(question: ParsedQuestion, lost: list[str]) -> str | None:
    general = _general(question)
    notes = question.feedback.get("options") or {}
    match question.kind:
        case "single_choice" if is_true_false(question):
            right = question.key["correct"] == "a"
            wrong_note, right_note = notes.get("b" if right else "a", ""), notes.get("a" if right else "b", "")
            said = (_note(wrong_note) or "#") if wrong_note or right_note else ""
            return f"{{{'TRUE' if right else 'FALSE'}{said}{_note(right_note)}{general}}}"
        case "single_choice" | "multiple_response":
            if any(option.get("fixed") for option in question.content["options"]):
                lost.append("loss_fixed")
            return "{\n" + "\n".join(_options(question, notes, lost)) + general + "\n}"
        case "short_text":
            return _short(question, lost, general)
        case "numeric":
            return _numeric(question, lost, general)
        case "matching" | "true_false_group":
            return _matching(question, lost, general)
        case "essay":
            if question.key.get("rubric"):
                lost.append("loss_rubric")
            if question.key.get("model_html"):
                lost.append("loss_model")
            if question.content.get("min_words") or question.content.get("max_words"):
                lost.append("loss_length")
            return "{" + general.strip() + "}"
    lost.append("loss_kind")
    return None


def _options(question: ParsedQuestion, notes: dict[str, str], lost: list[str]) -> list[str]:
    options = question.content["options"]
    if question.kind == "single_choice":
        signs = {one["id"]: "=" if one["id"] == question.key["correct"] else "~" for one in options}
    else:
        weights = option_weights(question)
        if question.key.get("scoring", "all_or_nothing") == "all_or_nothing":
            lost.append("loss_scoring")
        signs = {ident: f"~%{_percent(weight)}%" for ident, weight in weights.items()}
    return [f"\t{signs[one['id']]}[html]{_escape(one['html'])}{_note(notes.get(one['id'], ''))}" for one in options]


def option_weights(question: ParsedQuestion) -> dict[str, Decimal]:
    """Return the weights in per cent of the options of a multiple response.

    All-or-nothing has no words in Moodle: a wrong choice that takes everything away is the nearest.
    """
    correct = frozenset(question.key["correct"])
    each = (Decimal(100) / len(correct)).quantize(Decimal("0.00001"))
    scoring = question.key.get("scoring", "all_or_nothing")
    wrong = {"partial": Decimal(0), "partial_penalty": -each}.get(scoring, Decimal(-100))
    return {one["id"]: each if one["id"] in correct else wrong for one in question.content["options"]}


def _percent(weight: Decimal) -> str:
    return shown(weight)


def _short(question: ParsedQuestion, lost: list[str], general: str) -> str | None:
    key = question.key
    if key.get("pattern"):
        lost.append("loss_kind")
        return None
    if key.get("case"):
        lost.append("loss_case")
    if not key.get("accents", True):
        lost.append("loss_accents")
    if question.content.get("lines", 1) != 1:
        lost.append("loss_lines")
    rows = []
    for one in key["accepted"]:
        share = Decimal(one.get("share", "1")) * 100
        weight = "" if share == 100 else f"%{_percent(share)}%"
        rows.append(f"\t={weight}{_escape(one['text'])}")
    return "{\n" + "\n".join(rows) + general + "\n}"


def _numeric(question: ParsedQuestion, lost: list[str], general: str) -> str:
    if question.content.get("unit"):
        lost.append("loss_unit")
    rows = [
        f"\t={'' if Decimal(one.get('share', '1')) == 1 else '%' + _percent(Decimal(one['share']) * 100) + '%'}"
        f"{one['value']}:{tolerance}"
        for one, tolerance in zip(question.key["accepted"], absolute_tolerances(question.key, lost), strict=True)
    ]
    return "{#\n" + "\n".join(rows) + general + "\n}"


def absolute_tolerances(key: dict[str, Any], lost: list[str]) -> list[str]:
    """Return the tolerances as amounts, whatever the key says; that they were relative is a loss."""
    if key.get("tolerance_kind", "absolute") == "absolute":
        return [one.get("tolerance", "0") for one in key["accepted"]]
    lost.append("loss_tolerance")
    return [shown(abs(Decimal(one["value"]) * Decimal(one.get("tolerance", "0")))) for one in key["accepted"]]


def _matching(question: ParsedQuestion, lost: list[str], general: str) -> str:
    prompts, options, pairs = as_matching(question, lost)
    rows = [f"\t=[html]{_escape(one['html'])} -> {_escape_right(options[pairs[one['id']]])}" for one in prompts]
    used = set(pairs.values())
    rows += [f"\t= -> {_escape_right(html)}" for ident, html in options.items() if ident not in used]
    return "{\n" + "\n".join(rows) + general + "\n}"


def _escape_right(html: str) -> str:
    return _escape(html if "<" in html else plain(html))


def as_matching(
    question: ParsedQuestion, lost: list[str]
) -> tuple[list[dict[str, Any]], dict[str, str], dict[str, str]]:
    """Return prompts, options by id, and pairs; true/false statements are matched with *Đúng* and *Sai*."""
    if question.kind == "matching":
        if question.key.get("scoring", "partial") != "partial":
            lost.append("loss_scoring")
        if any(option.get("fixed") for option in question.content["options"]):
            lost.append("loss_fixed")
        options = {option["id"]: option["html"] for option in question.content["options"]}
        return question.content["prompts"], options, question.key["pairs"]
    lost.append("loss_as_matching")
    if question.key.get("scale"):
        lost.append("loss_scale")
    if any(one.get("fixed") for one in question.content["statements"]):
        lost.append("loss_fixed")
    true = set(question.key["true"])
    pairs = {one["id"]: "a" if one["id"] in true else "b" for one in question.content["statements"]}
    return question.content["statements"], {"a": "Đúng", "b": "Sai"}, pairs
