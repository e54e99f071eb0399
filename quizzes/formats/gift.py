"""GIFT, the text format of Moodle: all of its question types, weights, feedback, categories, comments and escapes.

https://docs.moodle.org/en/GIFT_format
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from quizzes.formats.legacy import guess, to_unicode
from quizzes.formats.markup import (
    decimal,
    from_markdown,
    from_plain,
    has_tag,
    inline,
    intake,
    percent_share,
    plain,
    shown,
    take_level,
)
from quizzes.formats.model import ERROR, NOTE, ParsedQuestion, Place, Reading, letter, letters
from quizzes.formats.safe import MAX_QUESTIONS, check_size, decode_text
from quizzes.formats.shares import accepted_answers, choose, numeric_answers
from quizzes.formats.true_false import pairs_as_group, true_false

#: While a text is split, escaped characters stand as private-use code points, so that no separator is found in them.
_ESCAPED = {char: chr(0xE100 + index) for index, char in enumerate("~=#{}:%\\\"'[]-> n")}
_BACK = str.maketrans({mark: "\n" if char == "n" else char for char, mark in _ESCAPED.items()})
_ESCAPE = re.compile(r"\\([~=#{}:\\n%\"'\[\]])")
_FORMAT = re.compile(r"^\s*\[(html|moodle|plain|markdown)\]", re.IGNORECASE)
_NAME = re.compile(r"^\s*::(.*?)::", re.DOTALL)
_WEIGHT = re.compile(r"^%\s*([-+]?\d+(?:[.,]\d+)?)\s*%")
#: A hint that is never closed reaches to the end of its line, so that a search does not begin anew inside it.
_HINT = re.compile(r"\[(id|tag):((?:\\.|[^\]\\]|\\\Z)*+)(\]?)")
_ANSWER = re.compile(r"([=~])([^=~]*+)")
_TRUTH = {"t": True, "true": True, "đ": True, "đúng": True, "f": False, "false": False, "s": False, "sai": False}


@dataclass(slots=True)
class _Answer:
    """One answer between the braces: ``right`` for ``=``; the weight in per cent when the file gives one."""

    text: str
    right: bool
    weight: Decimal | None
    feedback: str


def read(data: bytes, name: str = "") -> Reading:
    """Read a GIFT file.

    Raises:
        UnreadableFileError: empty, too large or not text.
    """
    check_size(data)
    text, _encoding = decode_text(data)
    reading = Reading("gift")
    if old := guess(text):
        text = to_unicode(text, old)
        reading.doubt("legacy_encoding", encoding=old.upper(), sample=plain(text)[:80])
    topic: list[str] = []
    for line, block, hints in _blocks(text):
        if block.startswith("$CATEGORY:"):
            first, _, rest = block.partition("\n")
            topic = category_path(first.partition(":")[2].strip())
            if not rest.strip():
                continue
            block = rest.strip()
        if len(reading.questions) >= MAX_QUESTIONS:
            reading.doubt("too_many", limit=MAX_QUESTIONS)
            break
        question = _question(block, reading, Place("line", str(line)))
        if question is not None:
            question.topic = list(topic)
            for hint, value in hints:
                if hint == "id":
                    question.code = value
                else:
                    question.tags.append(value)
            take_level(question)
            reading.questions.append(question)
    if not reading.questions:
        reading.doubt("no_questions", ERROR)
    return reading


def category_path(text: str) -> list[str]:
    """Return a category as the names of its levels: ``$course$/top/A/B`` gives A, B; ``//`` is a slash in a name."""
    parts = [part.replace("\0", "/").strip() for part in text.replace("//", "\0").split("/")]
    while parts and (re.fullmatch(r"\$.*\$", parts[0]) or parts[0].lower() in ("top", "")):
        parts.pop(0)
    return [part[:250] for part in parts if part]


def _blocks(text: str) -> Iterator[tuple[int, str, list[tuple[str, str]]]]:
    """Yield (line, text, hints of the comments before) of each block between empty lines; braces hold blank lines."""
    lines: list[str] = []
    start, open_braces = 0, 0
    hints: list[tuple[str, str]] = []
    rows = [*text.split("\n"), ""]
    for number, line in enumerate(rows, start=1):
        if line.lstrip().startswith("//"):
            hints += [
                (match[1], re.sub(r"\\(.)", r"\1", match[2]).strip()) for match in _HINT.finditer(line) if match[3]
            ]
            continue
        if line.strip().upper().startswith("$CATEGORY:") and not open_braces:
            if lines:
                yield start, "\n".join(lines), hints
                hints = []
            yield number, "$CATEGORY:" + line.strip()[10:], []
            lines = []
            continue
        if not line.strip() and (open_braces <= 0 or _looks_new(rows, number)):
            if lines:
                yield start, "\n".join(lines), hints
                hints = []
            lines, open_braces = [], 0
            continue
        if not lines:
            start = number
        lines.append(line)
        bare = _ESCAPE.sub("", line)
        open_braces += bare.count("{") - bare.count("}")
    if lines:
        yield start, "\n".join(lines), hints


def _looks_new(rows: list[str], number: int) -> bool:
    """Whether after an empty line inside open braces a new question starts: a brace was forgotten."""
    return number < len(rows) and rows[number].lstrip().startswith(("::", "$CATEGORY"))


def _question(block: str, reading: Reading, place: Place) -> ParsedQuestion | None:
    question = ParsedQuestion(place=place)
    text = _ESCAPE.sub(lambda match: _ESCAPED[match[1]], block)
    if match := _NAME.match(text):
        question.place = Place("line", place.number, _plain(match[1]).strip()[:80])
        text = text[match.end() :]
    form, text = _take_format(text, "moodle")
    start = text.find("{")
    end = text.rfind("}")
    if start < 0:
        if end < 0:
            reading.doubt("description", NOTE, Place("line", place.number), name=plain(_plain(text))[:60])
            return None
        question.stem = _html(text, form, reading, question)
        question.doubt("braces", ERROR)
        return question
    if end < start:
        question.stem = _html(text.replace("{", " "), form, reading, question)
        question.doubt("braces", ERROR)
        return question
    before, body, after = text[:start].strip(), text[start + 1 : end].strip(), text[end + 1 :].strip(" \n\"';")
    body, general = _split_general(body)
    if general:
        inner, general_text = _take_format(general, form)
        if html := _html(general_text, inner, reading, question):
            question.feedback["general"] = html
    if after:
        shown_before = before + " _____ " + after
        question.stem = _html(shown_before, form, reading, question)
    else:
        question.stem = inline(_html(before, form, reading, question))
    if not question.stem:
        question.doubt("no_stem", ERROR)
    _fill(question, body, form, reading)
    return question


def _split_general(body: str) -> tuple[str, str]:
    """Split off the feedback of the whole question, written after ``####``."""
    found = body.find("####")
    return (body, "") if found < 0 else (body[:found].strip(), body[found + 4 :].strip())


def _fill(question: ParsedQuestion, body: str, form: str, reading: Reading) -> None:
    """Work out the kind from what stands between the braces."""
    if not body:
        question.kind = "essay"
        question.content = {"min_words": 0, "max_words": 0}
        question.key = {"rubric": [], "model_html": ""}
        return
    if body.startswith("#"):
        _numeric(question, body[1:].strip(), form, reading)
        return
    head, *notes = _split(body, "#")
    if (right := _TRUTH.get(_plain(head).strip().lower())) is not None:
        # the first note is for the wrong answer, the second for the right one
        said = [_html(_take_format(note, form)[1], _take_format(note, form)[0], reading, question) for note in notes]
        feedback = {}
        if said:
            feedback[not right] = said[0]
        if len(said) > 1:
            feedback[right] = said[1]
        true_false(question, right, feedback)
        return
    answers = _answers(body)
    if not answers:
        question.doubt("no_options", ERROR)
        return
    rights = [answer for answer in answers if answer.right]
    if all(answer.right and "->" in answer.text for answer in answers) and len(answers) > 1:
        _matching(question, answers, form, reading)
    elif len(rights) == len(answers):
        _short(question, answers)
    else:
        _choice(question, answers, form, reading)


def _answers(body: str) -> list[_Answer]:
    found: list[_Answer] = []
    for match in _ANSWER.finditer(body):
        sign, rest = match[1], match[2].strip()
        weight = None
        if given := _WEIGHT.match(rest):
            weight = decimal(given[1])
            rest = rest[given.end() :].strip()
        text, *notes = _split(rest, "#")
        found.append(_Answer(text.strip(), sign == "=", weight, "#".join(notes).strip()))
    return found


def _choice(question: ParsedQuestion, answers: list[_Answer], form: str, reading: Reading) -> None:
    ids = letters(len(answers))
    options, notes, weights = [], {}, {}
    for ident, answer in zip(ids, answers, strict=True):
        inner, text = _take_format(answer.text, form)
        options.append({"id": ident, "html": inline(_html(text, inner, reading, question)), "fixed": False})
        weights[ident] = answer.weight if answer.weight is not None else Decimal(100 if answer.right else 0)
        if answer.feedback:
            inner, text = _take_format(answer.feedback, form)
            if html := _html(text, inner, reading, question):
                notes[ident] = html
    question.content = {"options": options}
    if notes:
        question.feedback["options"] = notes
    single = any(answer.right for answer in answers)
    choose(question, weights, single=single)


def _short(question: ParsedQuestion, answers: list[_Answer]) -> None:
    question.kind = "short_text"
    question.content = {"lines": 1}
    pairs = []
    for answer in answers:
        _form, text = _take_format(answer.text, "plain")
        pairs.append((_plain(text), answer.weight if answer.weight is not None else Decimal(100)))
        if answer.feedback:
            question.doubt("feedback_left", NOTE)
    accepted_answers(question, pairs, case=False)


def _matching(question: ParsedQuestion, answers: list[_Answer], form: str, reading: Reading) -> None:
    prompts: list[dict[str, Any]] = []
    options: list[dict[str, Any]] = []
    pairs: dict[str, str] = {}
    known: dict[str, str] = {}
    for answer in answers:
        left, right = answer.text.split("->", 1)
        inner, left = _take_format(left, form)
        choice = inline(
            _html(
                right.strip(),
                form if has_tag(right) else "plain",
                reading,
                question,
            )
        )
        if choice not in known:
            known[choice] = letter(len(known))
            options.append({"id": known[choice], "html": choice, "fixed": False})
        if prompt := inline(_html(left.strip(), inner, reading, question)):
            ident = str(len(prompts) + 1)
            prompts.append({"id": ident, "html": prompt})
            pairs[ident] = known[choice]
    question.kind = "matching"
    question.content = {"prompts": prompts, "options": options}
    question.key = {"pairs": pairs, "scoring": "partial"}
    if group := pairs_as_group(prompts, options, pairs):
        question.kind = "true_false_group"
        question.content, question.key = group


def _numeric(question: ParsedQuestion, body: str, form: str, reading: Reading) -> None:
    answers = _answers(body)
    if not answers:
        first, *notes = _split(body, "#")
        answers = [_Answer(first.strip(), True, None, "#".join(notes))]
        rest = _answers(notes[-1]) if notes else []
        answers += rest
    elif head := body[: re.search(r"[=~]", body).start()].strip():  # type: ignore[union-attr]
        # "{#3:2~#Completely wrong}": the first answer has no sign
        text, *notes = _split(head, "#")
        answers.insert(0, _Answer(text.strip(), True, None, "#".join(notes)))
    rows = []
    for answer in answers:
        if answer.feedback:
            question.doubt("feedback_left", NOTE)
        text = _plain(answer.text).strip()
        if text in ("", "*") or not answer.right:
            continue
        weight = answer.weight if answer.weight is not None else Decimal(100)
        low, dots, high = text.partition("..")
        if dots:
            least, most = decimal(low), decimal(high)
            if least is not None and most is not None and least <= most:
                rows.append((shown((least + most) / 2), shown((most - least) / 2), weight))
                continue
        else:
            value, _, tolerance = text.partition(":")
            number, width = decimal(value), decimal(tolerance or "0")
            if number is not None and width is not None:
                rows.append((shown(number), shown(abs(width)), weight))
                continue
        question.doubt("not_a_number", ERROR, text=text[:40])
    numeric_answers(question, rows)


def _split(text: str, sign: str) -> list[str]:
    return text.split(sign)


def _take_format(text: str, default: str) -> tuple[str, str]:
    if match := _FORMAT.match(text):
        return match[1].lower(), text[match.end() :]
    return default, text


def _plain(text: str) -> str:
    return text.translate(_BACK)


def _html(text: str, form: str, reading: Reading, question: ParsedQuestion) -> str:
    raw = _plain(text).strip()
    if not raw:
        return ""
    if form == "plain":
        return intake(from_plain(raw), reading, question)
    if form == "markdown":
        return intake(from_markdown(raw), reading, question)
    if form == "moodle":
        raw = raw.replace("\n", "<br>") if has_tag(raw) else from_plain(raw)
    return intake(raw, reading, question)


__all__ = ["category_path", "percent_share", "read"]
