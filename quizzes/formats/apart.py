"""Reading a question file without opening it in this process.

The readers run in the limited process. What comes back may have been written by the file itself, if it took its reader
over: every value is looked at before it becomes a question, and a question that would take long to clean or to show is
kept as an error instead.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NoReturn

from lms.common.limited import JobLimits, LimitedError, Trouble, run
from quizzes.formats.model import (
    ERROR,
    NOTE,
    WARNING,
    Doubt,
    ParsedQuestion,
    Picture,
    Place,
    Reading,
    UnreadableFileError,
)
from quizzes.formats.safe import MAX_QUESTIONS, MEGABYTE, check_size
from quizzes.formats.word.convention import KIND_TAGS

#: Of one question, all its texts together. A long passage has 10,000 characters.
MAX_CHARACTERS = 60_000
MAX_TAGS = 3_000
MAX_NESTED = 60
#: Within a request: nobody waits longer at a page, and a thread of the server waits with them.
AT_ONCE = JobLimits(seconds=4, wall=8, output=2 * MEGABYTE, wait=1.0)
IN_THE_BACKGROUND = JobLimits(seconds=60, wall=180, output=64 * MEGABYTE, wait=600.0)
_KINDS = frozenset({"single_choice", *KIND_TAGS})
_PICTURE_NAME = re.compile(r"[A-Za-z0-9._-]{1,100}")
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]{0,20})")
_VOID = frozenset({"br", "hr", "img", "wbr"})


def read_apart(data: bytes, name: str, limits: JobLimits = IN_THE_BACKGROUND) -> Reading:
    """Read a file of any known format in the limited process.

    Raises:
        UnreadableFileError: with the reason in the person's words.
        LimitedError: it asks for more than the limits allow.
    """
    check_size(data)
    answer = run("quizzes.formats.inside.read", data, limits=limits, name=name)
    try:
        return _reading(answer.value, answer.blobs)
    except (TypeError, ValueError, KeyError, AttributeError, RecursionError) as error:
        raise LimitedError(Trouble.CRASH) from error


def _reading(value: dict[str, Any], blobs: list[bytes]) -> Reading:
    if "refused" in value:
        raise UnreadableFileError(str(value["refused"]), **_plain(value["params"]))
    reading = Reading(_text(value["format"])[:20])
    reading.questions = [_question(one) for one in value["questions"][:MAX_QUESTIONS]]
    reading.doubts = [_doubt(one) for one in value["doubts"]]
    for name, blob in zip(value["pictures"], blobs, strict=True):
        if not _PICTURE_NAME.fullmatch(name):
            raise ValueError("the name of a picture")
        reading.pictures[name] = Picture(name, blob)
    return reading


def _question(value: dict[str, Any]) -> ParsedQuestion:
    if value["kind"] not in _KINDS:
        raise ValueError("a kind of question")
    question = ParsedQuestion(
        kind=value["kind"],
        stem=_text(value["stem"]),
        content=_plain(value["content"]),
        key=_plain(value["key"]),
        feedback=_plain(value["feedback"]),
        source=_text(value["source"]),
        topic=[_text(one) for one in value["topic"]],
        level=_text(value["level"]),
        tags=[_text(one) for one in value["tags"]],
        code=_text(value["code"]),
        place=_place(value["place"]),
        doubts=[_doubt(one) for one in value["doubts"]],
        confidence=float(value["confidence"]),
    )
    return question if fits(question) else _too_long(question)


def fits(question: ParsedQuestion) -> bool:
    """Whether the texts of a question can be cleaned and shown in a moment: cleaning is slow where tags nest deeply."""
    characters = tags = 0
    for text in _texts([question.stem, question.content, question.key, question.feedback, question.source]):
        characters += len(text)
        if characters > MAX_CHARACTERS:
            return False
        nested = 0
        for match in _TAG.finditer(text):
            tags += 1
            if match[2].lower() not in _VOID:
                nested = max(0, nested - 1) if match[1] else nested + 1
            if nested > MAX_NESTED or tags > MAX_TAGS:
                return False
    return True


def marked_length(question: ParsedQuestion) -> int:
    """Return how many characters of a question the cleaner has to look through: those of texts with markup."""
    texts = _texts([question.stem, question.content, question.key, question.feedback])
    return sum(len(text) for text in texts if "<" in text or "&" in text)


def _too_long(question: ParsedQuestion) -> ParsedQuestion:
    """Keep the place of a question that is too long, and the beginning of what it says, as an error."""
    kept = ParsedQuestion(
        stem=_TAG.sub("", question.stem[:500]).replace("<", "").replace(">", ""), place=question.place
    )
    kept.doubt("question_too_long", ERROR)
    return kept


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, one in value.items():
            yield key
            yield from _texts(one)
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)


def _text(value: Any) -> str:
    return value.replace("\x00", "") if isinstance(value, str) else _wrong("a text")


def _plain(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else _wrong("an object")


def _place(value: Any) -> Place:
    return Place(_text(value["kind"]), _text(value["number"]), _text(value["within"]))


def _doubt(value: Any) -> Doubt:
    if value["severity"] not in (NOTE, WARNING, ERROR):
        raise ValueError("a severity")
    place = _place(value["place"]) if value.get("place") else None
    return Doubt(_text(value["code"]), value["severity"], _plain(value["params"]), place)


def _wrong(what: str) -> NoReturn:
    raise ValueError(what)
