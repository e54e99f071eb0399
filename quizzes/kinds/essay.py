"""Essay: a longer text, marked by a person with a rubric.

Answer ``{"html": "…"}``, content ``{"min_words", "max_words"}`` (0: no bound; both are shown, not enforced), key
``{"rubric": [{"id", "title", "share", "description"}], "model_html"}``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from html import unescape
from typing import Any

from django.http import QueryDict
from django.utils.html import escape, strip_tags
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lms.common.html import clean_html, plain
from lms.common.text import normalise
from quizzes.kinds.base import Authored, Kind, Shown, register
from quizzes.kinds.cleaning import Problems, answer_text, clean_decimal, clean_feedback, mapping, storable

LONGEST = 100_000
# What the field takes, so that the paragraphs made of it stay below.
LONGEST_TYPED = 80_000
MOST_WORDS = 20_000
MOST_CRITERIA = 20
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_END = re.compile(r"</(?:p|h3|h4|li|blockquote|tr|pre)>", re.IGNORECASE)


@register
class Essay(Kind):
    name = "essay"
    label = pgettext_lazy("question", "Essay")
    template = "quizzes/attempt/kinds/essay.html"
    review_template = "quizzes/attempt/review/essay.html"
    example = {"html": "<p>…</p>"}

    def clean_item(self, content: Mapping[str, Any], key: Mapping[str, Any], feedback: Mapping[str, Any]) -> Authored:
        problems = Problems()
        words = {}
        for name in ("min_words", "max_words"):
            value = content.get(name) or 0
            if not isinstance(value, int) or not 0 <= value <= MOST_WORDS:
                problems.add(name, _("The number of words is a whole number up to %(most)d.") % {"most": MOST_WORDS})
                value = 0
            words[name] = value
        if 0 < words["max_words"] < words["min_words"]:
            problems.add("max_words", _("The most words must not be fewer than the least."))
        rubric = self._clean_rubric(key.get("rubric") or [], problems)
        problems.check()
        return Authored(
            words,
            {"rubric": rubric, "model_html": clean_html(str(key.get("model_html", "")))},
            clean_feedback(feedback, []),
        )

    def _clean_rubric(self, raw: Any, problems: Problems) -> list[dict[str, str]]:
        if not isinstance(raw, list) or len(raw) > MOST_CRITERIA:
            problems.add("key", _("Give at most %(most)d criteria.") % {"most": MOST_CRITERIA})
            return []
        rubric = []
        for index, entry in enumerate(map(mapping, raw)):
            where = f"key.rubric.{index}"
            title = normalise(str(entry.get("title", "")))
            if not title:
                problems.add(where, _("Name the criterion."))
            rubric.append(
                {
                    "id": str(entry.get("id", "")).strip() or str(index + 1),
                    "title": title,
                    "share": clean_decimal(entry.get("share", ""), where, problems, low="0", high="1"),
                    "description": clean_html(str(entry.get("description", ""))),
                }
            )
        if len({entry["id"] for entry in rubric}) != len(rubric):
            problems.add("key", _("Each criterion needs an id of its own."))
        if rubric and sum(Decimal(entry["share"]) for entry in rubric) != 1:
            problems.add("key", _("The shares of the criteria must add up to 1."))
        return rubric

    def show(
        self,
        content: Mapping[str, Any],
        *,
        seed: int,
        stream: str,
        shuffle: bool,
        key: Mapping[str, Any] | None = None,
    ) -> Shown:
        return Shown({"min_words": content.get("min_words", 0), "max_words": content.get("max_words", 0)})

    def shown_key(self, key: Mapping[str, Any], shown: Mapping[str, str]) -> dict[str, Any]:
        return dict(key)

    def lookup(self, public: Mapping[str, Any]) -> None:
        return None

    def clean_answer(self, answer: Any, lookup: None) -> dict[str, Any] | None:
        if answer is None:
            return None
        self.answer_keys(answer, "html")
        html = answer_text(answer["html"], self.wrong_shape(), most=LONGEST)
        cleaned = clean_html(html) if html else ""
        return {"html": cleaned} if plain(cleaned) else None

    def read_form(self, data: QueryDict, name: str, lookup: None) -> dict[str, Any] | None:
        html = html_from_text(data.get(name, ""))
        return {"html": html} if html else None

    def answer_view(self, question: Mapping[str, Any], answer: Mapping[str, Any] | None) -> dict[str, Any]:
        text = text_from_html(answer["html"]) if answer else ""
        return {"text": text, "longest": LONGEST_TYPED, "words": count_words(text), **_bounds(question)}

    def review_view(
        self,
        question: Mapping[str, Any],
        answer: Mapping[str, Any] | None,
        key: Mapping[str, Any] | None,
        notes: Mapping[str, str],
    ) -> dict[str, Any]:
        html = answer["html"] if answer else ""
        return {
            "html": html,
            "words": count_words(text_from_html(html)),
            "rubric": [{**one, "percent": float(one["share"]) * 100} for one in key["rubric"]] if key else [],
            "model_html": key["model_html"] if key else "",
            **_bounds(question),
        }


def _bounds(question: Mapping[str, Any]) -> dict[str, int]:
    return {"min_words": question.get("min_words", 0), "max_words": question.get("max_words", 0)}


def html_from_text(text: str) -> str:
    """Return typed text as paragraphs: a blank line ends one, a single line break is one.

    >>> html_from_text("Một\\nHai\\n\\nBa < 4")
    '<p>Một<br>Hai</p><p>Ba &lt; 4</p>'
    """
    lines = storable(text).replace("\r\n", "\n").replace("\r", "\n").strip()
    paragraphs = (part.strip("\n") for part in re.split(r"\n\s*\n", lines))
    return "".join(f"<p>{escape(part).replace('\n', '<br>')}</p>" for part in paragraphs if part.strip())


def text_from_html(html: str) -> str:
    """Return the text to type that gives ``html`` back, as far as a plain field can."""
    broken = _BREAK.sub("\n", _END.sub("\n\n", html.replace("\n", " ")))
    return unescape(strip_tags(broken)).strip()


def count_words(text: str) -> int:
    """Return the number of words, split at white space."""
    return len(text.split())
