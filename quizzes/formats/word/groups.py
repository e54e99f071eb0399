"""Word questions whose parts are judged, paired or ordered."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from quizzes.formats.markup import inline
from quizzes.formats.model import ERROR, ParsedQuestion, letters
from quizzes.formats.word import convention
from quizzes.formats.word.keys import Convention

if TYPE_CHECKING:
    from quizzes.formats.word.build import Parts


def fill_true_false(parts: Parts, found: Convention, question: ParsedQuestion) -> None:  # noqa: C901 (one case each)
    from quizzes.formats.word.build import option_html

    in_words = bool(parts.text("key") or parts.answer or any(value is not None for value in parts.truths))
    look = "" if in_words else found.key
    statements = [
        {"id": str(index), "html": option_html(option, look)} for index, option in enumerate(parts.options, start=1)
    ]
    question.content = {"statements": statements}
    if not 2 <= len(statements) <= 10:
        question.doubt("too_few_options", ERROR, count=len(statements))
    values: list[bool | None] | None = None
    for text in (parts.text("key"), parts.answer):
        if text and (given := convention.truths(text, len(statements))) is not None:
            values = list(given)
    if values is None and any(value is not None for value in parts.truths):
        values = list(parts.truths)
        if all(value is not False for value in values):
            values = [bool(value) for value in values]
    if values is None:
        for look in (found.key, *found.others):
            if marked := parts.marks.only(look):
                values = [index in marked for index in range(len(statements))]
                break
    if values is None and parts.starred:
        values = [index in parts.starred for index in range(len(statements))]
    if values is None:
        question.key = {"true": []}
        question.doubt("no_truths", ERROR)
        return
    question.key = {"true": [str(index) for index, value in enumerate(values, start=1) if value]}
    for index, value in enumerate(values, start=1):
        if value is None:
            question.doubt("truth_missing", ERROR, statement=chr(ord("a") + index - 1))
    if scale := convention.scale(parts.text("scoring"), len(statements)):
        question.key["scale"] = scale


def fill_matching(parts: Parts, question: ParsedQuestion) -> None:
    from quizzes.formats.word.build import option_html, prompts_of, stem_html

    stem, prompts = prompts_of(parts)
    question.stem = stem_html(stem)
    made = [
        {"id": ident, "html": option_html(option, ""), "fixed": False}
        for ident, option in zip(letters(len(parts.options)), parts.options, strict=True)
    ]
    held = set(re.findall(r"\b[A-Z]\b", parts.text("fixed").upper()))
    made = [{**one, "fixed": str(one["id"]).upper() in held} for one in made]
    question.content = {
        "prompts": [{"id": str(index), "html": inline(row.html())} for index, row in enumerate(prompts, start=1)],
        "options": made,
    }
    given = convention.pairs(parts.text("key") or parts.answer)
    known = {one["id"] for one in made}
    pairs = {prompt: letter for prompt, letter in given.items() if letter in known and int(prompt) <= len(prompts)}
    question.key = {"pairs": pairs, "scoring": convention.scoring(parts.text("scoring")) or "partial"}
    if len(prompts) < 1 or len(made) < 2:
        question.doubt("no_pairs", ERROR)
    elif len(pairs) < len(prompts):
        question.doubt("pairs_missing", ERROR)


def fill_ordering(parts: Parts, question: ParsedQuestion) -> None:
    from quizzes.formats.word.build import option_html

    made = [
        {"id": ident, "html": option_html(option, "")}
        for ident, option in zip(letters(len(parts.options)), parts.options, strict=True)
    ]
    question.content = {"options": made}
    order = [letter.lower() for letter in re.findall(r"\b[A-Za-z]\b", parts.text("key") or parts.answer)]
    question.key = {"order": order, "scoring": convention.scoring(parts.text("scoring")) or "all_or_nothing"}
    if len(made) < 2:
        question.doubt("too_few_options", ERROR, count=len(made))
    elif sorted(order) != sorted(one["id"] for one in made):
        question.doubt("order_missing", ERROR)
