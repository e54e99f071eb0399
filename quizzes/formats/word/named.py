"""The lines of a question that begin with a name: its answer, explanation, level … Everything else is its body."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from quizzes.formats.word import options, patterns
from quizzes.formats.word.blocks import TextLine
from quizzes.formats.word.rich import PLAIN, Rich

if TYPE_CHECKING:
    from quizzes.formats.word.drafts import RawQuestion

_GO_ON = ("explanation", "model", "rubric", "note")
_REASON = re.compile(r"^\W*[A-H]\W+(?=(?:vì|do|bởi|theo|căn cứ|dựa)\b)", re.IGNORECASE)

_ARROW = re.compile(r"^\s*(?:[=-]+>|→|⇒|✓|✔|√)\s*(?P<letter>[A-H])\s*[.)/:]\s*\S")
_OPTION = re.compile(r"^\s*(?:[=-]+>|→|⇒|✓|✔|√|\*)?\s*(?P<letter>[A-Ha-h])\s*[.)/:]")


def named_lines(draft: RawQuestion) -> tuple[list[Rich], list[tuple[str, Rich]]]:
    """Return the body of a question and its named lines, with the lines that go on with them."""
    body: list[Rich] = []
    fields = [(name, [rich]) for name, rich in draft.fields]
    letters: set[str] = set()  # of the options in the body
    open_field = ""
    for line in relettered(draft.lines):
        rich = line.rich
        found = patterns.field_of(rich.text)
        if found is not None and not _is_option(rich, found, letters):
            rest = rich[found.rest :]
            if found.name == "explanation" and (inner := patterns.field_of(rest.text)) and inner.name == "key":
                found, rest = inner, rest[inner.rest :]
            if found.name in ("gap", "note", "rubric"):
                rest = _prefixed(rich[: found.rest].text, rest)
            open_field = found.name if found.name in _GO_ON else ""
            if found.name == "key" and not draft.tag:
                # "Đáp án:" alone has its text below; what follows an answer says why it is right
                open_field = "explanation" if rest else "key"
                if reason := _REASON.match(rest.text):
                    fields.append(("explanation", [rest[reason.end() :]]))
                    rest = rest[: reason.end()]
            fields.append((found.name, [rest]))
            continue
        if open_field in ("key", "explanation") and not draft.tag and patterns.VERDICT.match(rich.text):
            fields.append(("key", [rich]))  # "a) Đúng" below the statements
            continue
        if open_field and not options.begins(rich):
            if fields[-1][0] == open_field:
                fields[-1][1].append(rich)
            else:
                fields.append((open_field, [rich]))
            continue
        open_field = ""
        if match := patterns.INLINE_KEY.search(rich.text):
            fields.append(("key", [rich[match.start("key") : match.end("key")]]))
            rich = rich[: match.start()]
        letters.add(_letter_of(rich.text))
        body.append(rich)
    return body, [(name, options.joined(rows) if len(rows) > 1 else rows[0]) for name, rows in fields]


def _is_option(rich: Rich, found: patterns.Field, letters: set[str]) -> bool:
    """Whether "=> B. Hà Nội" is option B, marked so, and not the answer below the options."""
    if found.name != "key" or not (match := _ARROW.match(rich.text)):
        return False
    return match["letter"] not in letters


def _letter_of(text: str) -> str:
    match = _OPTION.match(text)
    return match["letter"].upper() if match else ""


def _prefixed(key: str, rest: Rich) -> Rich:
    """Keep what the name of a field says ("[[2]]", "Nhận xét B") before its text."""
    found = Rich()
    found.add(key.strip() + "\t", PLAIN)
    return found + rest


def relettered(lines: list[TextLine]) -> list[TextLine]:
    """Automatic letters that went on from the question before (E, F, G, H) begin at A again."""
    labelled = [line for line in lines if re.fullmatch(r"[(]?[A-Za-z][.)\]:]?", line.label)]
    if len(labelled) < 2 or any(line.label.strip("(.)]:").upper() == "A" for line in labelled):
        return lines
    fresh = {id(line): index for index, line in enumerate(labelled)}
    changed = []
    for line in lines:
        if id(line) in fresh:
            at = next(index for index, char in enumerate(line.text) if char.isalpha())
            letter = chr(ord("A") + fresh[id(line)])
            line = TextLine(
                Rich(line.text[:at] + letter + line.text[at + 1 :], line.rich.marks), line.paragraph, line.label
            )
        changed.append(line)
    return changed
