"""Short text: a word or a line is typed, compared with the accepted answers as Vietnamese readers would.

Answer ``{"text": "…"}``, key ``{"accepted": [{"text", "share"}], "case", "accents", "pattern"}``; the comparison is
explained in :mod:`quizzes.engine.wording`.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from quizzes.engine.registry import ONE
from quizzes.kinds.base import Authored, Shown, register
from quizzes.kinds.cleaning import Problems, clean_accepted_texts, clean_feedback
from quizzes.kinds.typed import TypedKind

MOST_LINES = 10


@register
class ShortText(TypedKind):
    name = "short_text"
    label = _("Short answer")
    template = "quizzes/attempt/kinds/short_text.html"
    example = {"text": "…"}
    field = "text"

    def clean_item(self, content: Mapping[str, Any], key: Mapping[str, Any], feedback: Mapping[str, Any]) -> Authored:
        problems = Problems()
        lines = content.get("lines", 1)
        if not isinstance(lines, int) or not 1 <= lines <= MOST_LINES:
            problems.add("lines", _("Give 1 to %(most)d lines.") % {"most": MOST_LINES})
        cleaned = clean_accepted_texts(key, "key", problems)
        problems.check()
        return Authored({"lines": lines}, cleaned, clean_feedback(feedback, []))

    def show(
        self,
        content: Mapping[str, Any],
        *,
        seed: int,
        stream: str,
        shuffle: bool,
        key: Mapping[str, Any] | None = None,
    ) -> Shown:
        return Shown({"lines": content.get("lines", 1)})

    def accepted(self, question: Mapping[str, Any], key: Mapping[str, Any]) -> list[str]:
        return [one["text"] for one in key["accepted"] if Decimal(one["share"]) == ONE]

    def answer_view(self, question: Mapping[str, Any], answer: Mapping[str, Any] | None) -> dict[str, Any]:
        return {**super().answer_view(question, answer), "lines": question.get("lines", 1)}
