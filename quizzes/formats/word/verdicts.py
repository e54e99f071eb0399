"""Verdicts behind an option or a statement: "(đúng)", "(S)", a star, a tick, " – Đúng"."""

# ruff: noqa: E501 (patterns read best in one line)

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from quizzes.formats.model import ParsedQuestion
from quizzes.formats.true_false import true_false

if TYPE_CHECKING:
    from quizzes.formats.word.build import Parts

_END = re.compile(
    r"[\s*]*(?:[(\[]\s*(?P<word>đúng|đ|đáp án đúng|đáp án|correct|right|true|x|✓|√|s|sai|false|wrong|\*)\s*[)\]]|(?P<tick>[✓√☑✔]|(?<=\S)\s*\*{1,2}))\s*[.;]?\s*$",
    re.IGNORECASE,
)
# Without brackets the word may be the option's own ("… là sai"), so it counts only where the options agree on it.
_BARE_END = re.compile(
    r"(?<=\S)(?:\s*(?:[-–—:]+>?|=+>|→|…+|\.{3,}|_{2,})\s*(?P<apart>đúng|sai|đ|s)|(?:(?<=[.;!])\s*|\t\s*|\s{2,})(?P<word>Đúng|Sai|ĐÚNG|SAI|Đ|S))\s*[.;]?\s*$",
)
_APART = re.compile(_BARE_END.pattern, re.IGNORECASE)
#: So much of the end of an option is looked at; runs of dots before a verdict may be longer, and are taken whole.
_LONGEST_END = 200
_LEADERS = "-–—:=…._* \t"
_FALSE = ("s", "sai", "false", "wrong")


def take(parts: Parts) -> None:
    """Take the verdicts off the options of a question and note them as truths and stars."""
    if not _take_bare(parts):
        for option in parts.options:
            value, starred = None, False
            if match := _at_end(_END, option.rich.text):
                word = (match["word"] or "").lower()
                value = False if word in _FALSE else True if word in ("đ", "đúng", "true") else None
                starred = value is not False
                option.rich = option.rich[: _start(match)].strip()
            parts.truths.append(value)
            option.starred = option.starred or starred
    parts.starred |= {index for index, option in enumerate(parts.options) if option.starred}


def _take_bare(parts: Parts) -> bool:
    """Take verdicts without brackets: one behind every statement of a group, or one "– Đúng" behind the right option."""
    found = [_at_end(_APART, option.rich.text) or _at_end(_BARE_END, option.rich.text) for option in parts.options]
    there = [match for match in found if match is not None]
    said = [(match["apart"] or match["word"]).lower() for match in there]
    meant = parts.draft.hint == "true_false_group"
    group = len(there) >= 2 and (meant or (parts.lower and len(there) == len(found)))
    single = len(there) == 1 and len(found) >= 2 and there[0]["apart"] is not None and said == ["đúng"]
    if not group and not single:
        return False
    for option, match in zip(parts.options, found, strict=True):
        value = None
        if match is not None:
            value = (match["apart"] or match["word"]).lower() not in _FALSE
            option.rich = option.rich[: _start(match)].strip()
            option.starred = option.starred or value
        parts.truths.append(value)
    return True


def _at_end(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    """Return what is written behind a text: a search in its end alone, which takes no longer for a longer text."""
    return pattern.search(text, max(0, len(text) - _LONGEST_END))


def _start(match: re.Match[str]) -> int:
    """Return where a match begins; one that fills the end that was looked at takes its leaders before it along."""
    if match.start() > max(0, len(match.string) - _LONGEST_END):
        return match.start()
    return len(match.string[: match.start()].rstrip(_LEADERS))


def judge_stem(parts: Parts, question: ParsedQuestion) -> None:
    """Make a question of one statement with its verdict behind it: "Đảng ra đời năm 1930. (Đ)"."""
    from quizzes.formats.word.build import stem_html

    match = _at_end(_END, parts.stem.text)
    word = (match["word"] or "").lower() if match else ""
    if match is None or word not in ("đ", "đúng", "true", "s", "sai", "false"):
        return
    question.stem = stem_html(parts.stem[: _start(match)].strip())
    true_false(question, word not in _FALSE, {})
