"""Files whose questions have no numbers: what stands before each set of options is a question."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from quizzes.formats.word import options, patterns
from quizzes.formats.word.blocks import Line

if TYPE_CHECKING:
    from quizzes.formats.word.drafts import Draft

_LABEL = re.compile(r"^\s*(?:(?:câu\s*hỏi|câu|hỏi|question|q)\s*[:.)]|\[(?P<level>[1-4])\]|\[\d+\])\s*", re.IGNORECASE)


def cut(lines: Sequence[Line]) -> tuple[list[Draft], list[Line]]:
    """Return the questions of ``lines``, numbered from 1, and the lines that belong to none."""
    drafts: list[Draft] = []
    left: list[Line] = []
    stem: list[Line] = []
    current: Draft | None = None
    before = 0  # options of the question at hand
    for line in lines:
        if options.begins(line.rich):
            if current is None or (_letter(line) == "A" and before >= 2):
                if not stem:
                    left.append(line)
                    continue
                current, before = _draft(len(drafts) + 1, stem, left, first=not drafts), 0
                drafts.append(current)
                stem = []
            current.lines.append(line)
            before += len(options.find(line.rich).options) or 1
        elif (current is not None and before < 2) or (
            current is not None and not stem and patterns.field_of(line.text)
        ):
            current.lines.append(line)
        elif line.text.strip():
            stem.append(line)
    left += stem
    return drafts, left


def _letter(line: Line) -> str:
    found = options.find(line.rich).options
    match = re.search(r"[A-Ja-j]", line.text)
    return match[0].upper() if match else found[0].letter if found else ""


def _draft(number: int, stem: list[Line], left: list[Line], *, first: bool) -> Draft:
    from quizzes.formats.markup import level_of
    from quizzes.formats.word.drafts import Draft

    while first and len(stem) > 1 and (stem[0].text.isupper() or not _LABEL.match(stem[0].text)):
        left.append(stem.pop(0))  # the title of the paper
    draft = Draft(number=number, name=f"Câu {number}", paragraph=stem[0].paragraph, lines=list(stem))
    if match := _LABEL.match(stem[0].text):
        draft.level = level_of(f"mức {match['level']}") if match["level"] else ""
        rest = stem[0].rich[match.end() :]
        draft.lines = ([Line(rest, stem[0].paragraph)] if rest else []) + draft.lines[1:]
    return draft


def split(draft: Draft) -> list[Draft]:
    """Cut a draft that holds two sets of options: the number of the second question was forgotten."""
    from quizzes.formats.word.drafts import Draft

    found = options.find(options.joined([line.rich for line in draft.lines]))
    if len(found.options) < 2 or found.rest is None:
        return [draft]
    if any(patterns.VERDICT.match(line.text) for line in draft.lines):
        return [draft]  # "a) Đúng, b) Sai" judges the statements above
    whole = options.joined([line.rich for line in draft.lines])
    first, second = whole[: found.rest], whole[found.rest :]
    rows = second.split_lines()
    while rows and (not rows[0] or patterns.field_of(rows[0].text)):  # the answer line belongs to the question before
        first = options.joined([first, rows.pop(0)])
    second = options.joined(rows)
    if not second.text.strip() or len(options.find(second).options) < 2:
        return [draft]
    draft.lines = [Line(part, draft.paragraph) for part in first.split_lines() if part]
    other = Draft(
        number=draft.number,
        name=draft.name,
        lines=[Line(part, draft.paragraph) for part in second.split_lines() if part],
        topic=list(draft.topic),
        chapter=draft.chapter,
        section=draft.section,
        hint=draft.hint,
        paragraph=draft.paragraph,
        unnumbered=True,
    )
    return [draft, *split(other)]
