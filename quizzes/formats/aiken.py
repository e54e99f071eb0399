"""Aiken: a question in one line, options A. or A), and a line ANSWER: B."""

from __future__ import annotations

import re
from decimal import Decimal

from quizzes.formats.legacy import guess, to_unicode
from quizzes.formats.markup import escape, from_plain, plain, tidy
from quizzes.formats.model import ERROR, ParsedQuestion, Place, Reading, letters
from quizzes.formats.safe import MAX_QUESTIONS, check_size, decode_text
from quizzes.formats.shares import choose

_OPTION = re.compile(r"^\s*([A-Z])\s*[.)]\s*(.*)$")
_ANSWER = re.compile(r"^\s*(?:ANSWER|ĐÁP ÁN|DAP AN)\s*:\s*(.*)$", re.IGNORECASE)


def read(data: bytes, name: str = "") -> Reading:
    """Read an Aiken file. A question that is not whole is kept with its doubt.

    Raises:
        UnreadableFileError: empty, too large or not text.
    """
    check_size(data)
    text, _encoding = decode_text(data)
    reading = Reading("aiken")
    if old := guess(text):
        text = to_unicode(text, old)
        reading.doubt("legacy_encoding", encoding=old.upper(), sample=plain(text)[:80])
    stem: list[str] = []
    options: list[tuple[str, str]] = []
    start = 0
    for number, raw in enumerate([*text.split("\n"), ""], start=1):
        line = raw.rstrip()
        answer, option = _ANSWER.match(line), _OPTION.match(line)
        if answer:
            if len(reading.questions) >= MAX_QUESTIONS:
                reading.doubt("too_many", limit=MAX_QUESTIONS)
                return reading
            reading.questions.append(_question(stem, options, answer[1], start or number))
            stem, options, start = [], [], 0
        elif option:
            start = start or number
            options.append((option[1], option[2].strip()))
        elif line.strip():
            if options:  # the next question starts: the one before never said its answer
                reading.questions.append(_question(stem, options, "", start))
                stem, options, start = [], [], 0
            start = start or number
            stem.append(line.strip())
    if stem or options:
        reading.questions.append(_question(stem, options, "", start))
    if not reading.questions:
        reading.doubt("no_questions", ERROR)
    return reading


def _question(stem: list[str], options: list[tuple[str, str]], answer: str, line: int) -> ParsedQuestion:
    question = ParsedQuestion(stem=tidy(from_plain("\n".join(stem))), place=Place("line", str(line)))
    if not question.stem:
        question.doubt("no_stem", ERROR)
    ids = letters(len(options))
    question.content = {
        "options": [
            {"id": ident, "html": escape(text).strip(), "fixed": False}
            for ident, (_letter, text) in zip(ids, options, strict=True)
        ]
    }
    if len(options) < 2:
        question.doubt("too_few_options", ERROR, count=len(options))
    wanted = {letter.upper() for letter in re.findall(r"\b[A-Za-z]\b", answer)}
    known = {letter: ident for (letter, _text), ident in zip(options, ids, strict=True)}
    if not answer.strip():
        question.doubt("no_key", ERROR)
        return question
    right = [ident for letter, ident in known.items() if letter in wanted]
    if not right or wanted - set(known):
        question.doubt("unknown_answer", ERROR, answer=answer.strip()[:40])
        return question
    if len(right) > 1:
        question.kind = "multiple_response"
        question.key = {"correct": right, "scoring": "all_or_nothing"}
    else:
        choose(question, {ident: Decimal(100 if ident in right else 0) for ident in ids}, single=True)
    return question
