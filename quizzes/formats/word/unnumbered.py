"""Files whose questions have no numbers: what stands before each set of options is a question."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from quizzes.formats.safe import MAX_QUESTIONS
from quizzes.formats.word import options, patterns
from quizzes.formats.word.blocks import TextLine

if TYPE_CHECKING:
    from quizzes.formats.word.drafts import RawQuestion

#: How many lines and letters of a text are looked at for the next set of options: few, and when they hold none, many.
_WINDOWS = ((24, 1_000), (1_000, 20_000))
_LABEL = re.compile(r"^\s*(?:(?:câu\s*hỏi|câu|hỏi|question|q)\s*[:.)]|\[(?P<level>[1-4])\]|\[\d+\])\s*", re.IGNORECASE)


def cut(lines: Sequence[TextLine]) -> tuple[list[RawQuestion], list[TextLine]]:
    """Return the questions of ``lines``, numbered from 1, and the lines that belong to none."""
    drafts: list[RawQuestion] = []
    left: list[TextLine] = []
    stem: list[TextLine] = []
    current: RawQuestion | None = None
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


def _letter(line: TextLine) -> str:
    found = options.find(line.rich).options
    match = re.search(r"[A-Ja-j]", line.text)
    return match[0].upper() if match else found[0].letter if found else ""


def _draft(number: int, stem: list[TextLine], left: list[TextLine], *, first: bool) -> RawQuestion:
    from quizzes.formats.markup import level_of
    from quizzes.formats.word.drafts import RawQuestion

    titles = 0
    while first and len(stem) - titles > 1 and (stem[titles].text.isupper() or not _LABEL.match(stem[titles].text)):
        titles += 1
    left += stem[:titles]  # the title of the paper
    stem = stem[titles:]
    draft = RawQuestion(number=number, name=f"Câu {number}", paragraph=stem[0].paragraph, lines=list(stem))
    if match := _LABEL.match(stem[0].text):
        draft.level = level_of(f"mức {match['level']}") if match["level"] else ""
        rest = stem[0].rich[match.end() :]
        draft.lines = ([TextLine(rest, stem[0].paragraph)] if rest else []) + draft.lines[1:]
    return draft


def split(draft: RawQuestion) -> list[RawQuestion]:
    """Cut a draft that holds several sets of options: the numbers of the later questions were forgotten."""
    if any(patterns.VERDICT.match(line.text) for line in draft.lines):
        return [draft]  # "a) Đúng, b) Sai" judges the statements above
    found = [draft]
    while len(found) <= MAX_QUESTIONS:
        other = _cut_off(found[-1], _WINDOWS[0]) or _cut_off(found[-1], _WINDOWS[1])
        if other is None:
            break
        found.append(other)
    return found


def _cut_off(draft: RawQuestion, window: tuple[int, int]) -> RawQuestion | None:
    """Take from the second set of options on off a draft, and return it as a draft of its own; ``None`` for one set.

    Args:
        window: so many lines and letters at the beginning are looked at: a long text is cut many times.
    """
    from quizzes.formats.word.drafts import RawQuestion

    lines, beyond = _beginning(draft.lines, window)
    whole = options.joined([line.rich for line in lines])
    found = options.find(whole)
    if len(found.options) < 2 or found.rest is None:
        return None
    first, second = whole[: found.rest], whole[found.rest :]
    rows = second.split_lines()
    fields = 0  # the answer line belongs to the question before
    while fields < len(rows) and (not rows[fields] or patterns.field_of(rows[fields].text)):
        fields += 1
    first, second = options.joined([first, *rows[:fields]]), options.joined(rows[fields:])
    if not second.text.strip() or len(options.find(second).options) < 2:
        return None
    draft.lines = [TextLine(part, draft.paragraph) for part in first.split_lines() if part]
    return RawQuestion(
        number=draft.number,
        name=draft.name,
        lines=[*(TextLine(part, draft.paragraph) for part in second.split_lines() if part), *beyond],
        topic=list(draft.topic),
        chapter=draft.chapter,
        section=draft.section,
        hint=draft.hint,
        paragraph=draft.paragraph,
        unnumbered=True,
    )


def _beginning(lines: list[TextLine], window: tuple[int, int]) -> tuple[list[TextLine], list[TextLine]]:
    """Return the lines of a window, and the others."""
    most, longest = window
    letters = 0
    for index, line in enumerate(lines):
        letters += len(line.text)
        if letters > longest or index + 1 >= most:
            return lines[: index + 1], lines[index + 1 :]
    return lines, []
