"""Losses of formats, found the same way for all of them."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Set as AbstractSet

from quizzes.formats.markup import plain
from quizzes.formats.model import PICTURE_PREFIX, ParsedQuestion


def texts_of(question: ParsedQuestion) -> Iterator[str]:
    """Yield every html text of a question."""
    yield question.stem
    yield question.content.get("text", "")
    for name in ("options", "statements", "prompts"):
        for part in question.content.get(name) or ():
            yield part["html"]
    for gap in question.content.get("gaps") or ():
        for choice in gap.get("choices") or ():
            yield choice["html"]
    yield question.feedback.get("general", "")
    yield from (question.feedback.get("options") or {}).values()
    yield question.key.get("model_html", "")


def common_losses(question: ParsedQuestion, missing: AbstractSet[str]) -> list[str]:
    """Return the codes of what a format without these parts leaves out: source, level, tags, topic, code, feedback …"""
    names = ("source", "level", "tags", "topic", "code")
    lost = [f"loss_{name}" for name in names if name in missing and getattr(question, name)]
    if "feedback" in missing and question.feedback.get("general"):
        lost.append("loss_feedback")
    if question.feedback.get("options") and (
        "option_feedback" in missing or question.kind not in ("single_choice", "multiple_response")
    ):
        lost.append("loss_option_feedback")
    return lost


def html_losses(question: ParsedQuestion, *, pictures: bool = False) -> list[str]:
    """Return the codes of what a text format leaves out of html."""
    lost = []
    if pictures and any(PICTURE_PREFIX in text for text in texts_of(question)):
        lost.append("loss_picture")
    return lost


def short_name(question: ParsedQuestion, number: int) -> str:
    """Return a name for a question: its code, or its first words."""
    return question.code or " ".join(plain(question.stem).split()[:8])[:80] or f"Câu {number}"
