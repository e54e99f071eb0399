"""True/false as other systems ask it: one statement, two answers. Here a single choice of two options that stay put."""

from __future__ import annotations

import re
from typing import Any

from quizzes.formats.markup import TRUE_FALSE, plain
from quizzes.formats.model import ParsedQuestion

_TRUE = {"đúng", "đ", "true", "t", "correct", "yes", "right", "có"}
_FALSE = {"sai", "s", "false", "f", "incorrect", "no", "wrong", "không"}


def true_false(question: ParsedQuestion, right: bool, feedback: dict[bool, str] | None = None) -> None:
    """Make ``question`` a single choice between *Đúng* and *Sai*."""
    question.kind = "single_choice"
    question.content = {
        "options": [
            {"id": "a", "html": TRUE_FALSE[0], "fixed": True},
            {"id": "b", "html": TRUE_FALSE[1], "fixed": True},
        ]
    }
    question.key = {"correct": "a" if right else "b"}
    notes = {"a" if value else "b": html for value, html in (feedback or {}).items() if html}
    if notes:
        question.feedback["options"] = notes


def is_true_false(question: ParsedQuestion) -> bool:
    """Whether the question is one that :func:`true_false` makes."""
    options = question.content.get("options", [])
    return question.kind == "single_choice" and [(one["html"], one.get("fixed", False)) for one in options] == [
        (TRUE_FALSE[0], True),
        (TRUE_FALSE[1], True),
    ]


def truth(text: str) -> bool | None:
    """Return what a word says: Đúng, Đ, True … or Sai, S, False …; ``None`` for neither."""
    word = re.sub(r"[\s.;,()\[\]]+", "", plain(text)).lower()
    return True if word in _TRUE else False if word in _FALSE else None


def pairs_as_group(prompts: list[dict[str, Any]], options: list[dict[str, Any]], pairs: dict[str, str]) -> Any:
    """Return statements and key when a matching only asks which prompts are true and which false, else ``None``."""
    meaning = {option["id"]: truth(option["html"]) for option in options}
    if len(options) != 2 or set(meaning.values()) != {True, False} or not 2 <= len(prompts) <= 10:
        return None
    if set(pairs) != {prompt["id"] for prompt in prompts}:
        return None
    statements = [dict(prompt) for prompt in prompts]
    return {"statements": statements}, {"true": [one["id"] for one in prompts if meaning[pairs[one["id"]]]]}
