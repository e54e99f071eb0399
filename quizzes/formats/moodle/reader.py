"""Reading Moodle XML: one ``<question>`` after the other, each by the reader of its type.

https://docs.moodle.org/en/Moodle_XML_format
"""

from __future__ import annotations

import base64
import binascii
import html as entities
import logging
import re
from typing import Any
from urllib.parse import unquote

from quizzes.formats.gift import category_path
from quizzes.formats.markup import (
    from_markdown,
    from_plain,
    has_tag,
    inline,
    intake,
    plain,
    take_level,
    without_tags,
)
from quizzes.formats.model import ERROR, NOTE, ParsedQuestion, Place, Reading, UnreadableFileError
from quizzes.formats.moodle.types import TYPES, UNSUPPORTED
from quizzes.formats.safe import MAX_QUESTIONS, MEGABYTE, check_size, parse_xml

logger = logging.getLogger(__name__)

PLUGINFILE = "@@PLUGINFILE@@/"
MAX_PICTURE = 10 * MEGABYTE
_ENTITY = re.compile(r"&[a-z#0-9]++;", re.IGNORECASE)
#: What Moodle writes there by itself says nothing about the question.
_STANDARD = {
    "your answer is correct.", "your answer is partially correct.", "your answer is incorrect.",
    "câu trả lời của bạn đúng", "câu trả lời của bạn đúng một phần.", "câu trả lời của bạn sai.", "",
}  # fmt: skip


def read(data: bytes, name: str = "") -> Reading:
    """Read a Moodle XML file: what has no counterpart is listed, and one broken question breaks no other.

    Raises:
        UnreadableFileError: the file is not Moodle XML, or not safe to read.
    """
    check_size(data)
    root = parse_xml(data, huge=len(data) > 9 * MEGABYTE)
    if root.tag != "quiz":
        raise UnreadableFileError("not_moodle", tag=str(root.tag)[:40])
    reading = Reading("moodle_xml")
    topic: list[str] = []
    for number, element in enumerate(root.iterfind("question"), start=1):
        kind = (element.get("type") or "").strip()
        if kind == "category":
            topic = category_path(element.findtext("category/text") or "")
            continue
        if len(reading.questions) >= MAX_QUESTIONS or number > 4 * MAX_QUESTIONS:
            reading.doubt("too_many", limit=MAX_QUESTIONS)
            break
        source = Source(element, reading, str(number))
        if kind in UNSUPPORTED or kind not in TYPES:
            severity = NOTE if kind == "description" else "warning"
            code = "description" if kind == "description" else "unsupported_type"
            reading.doubt(code, severity, source.question.place, name=source.name[:60], type=kind[:30])
            continue
        source.question.topic = list(topic)
        try:
            source.common()
            TYPES[kind](source)
        except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
            logger.exception("A Moodle question of the type %s cannot be read", kind)
            source.question.content, source.question.key = {}, {}
            source.question.doubt("item_broken", ERROR)
        reading.questions.append(source.question)
    if not reading.questions:
        reading.doubt("no_questions", ERROR)
    return reading


class Source:
    """One ``<question>`` on its way to a :class:`ParsedQuestion`."""

    def __init__(self, element: Any, reading: Reading, number: str) -> None:
        self.element = element
        self.reading = reading
        self.name = plain(element.findtext("name/text") or "")
        self.question = ParsedQuestion(place=Place("question", number, self.name[:80]))
        self._files: dict[Any, dict[str, Any]] = {}

    def common(self) -> None:
        """Read what every type has."""
        question = self.question
        question.stem = self.inline(self.element.find("questiontext"))
        if not question.stem:
            question.doubt("no_stem", ERROR)
        if general := self.inline(self.element.find("generalfeedback")):
            question.feedback["general"] = general
        question.code = (self.element.findtext("idnumber") or "").strip()[:60]
        question.tags = [
            tag for found in self.element.iterfind("tags/tag/text") if (tag := plain(found.text or "")[:60])
        ]
        take_level(question)
        if (self.element.findtext("hidden") or "0").strip() == "1":
            question.doubt("hidden", NOTE)
        for part in ("correctfeedback", "partiallycorrectfeedback", "incorrectfeedback"):
            text = plain(self.element.findtext(f"{part}/text") or "").lower()
            if text not in _STANDARD:
                question.doubt("feedback_left", NOTE)

    def html(self, element: Any, default: str = "html") -> str:
        """Return the cleaned html of an element with ``<text>`` and perhaps ``<file>``, whatever its format."""
        if element is None:
            return ""
        text = element.findtext("text")
        if text is None:
            text = element.text or ""
        if not text.strip():
            return ""
        return intake(
            self._as_html(text, element.get("format") or default), self.reading, self.question, self.fetch(element)
        )

    def inline(self, element: Any, default: str = "html") -> str:
        """Return the html of an option."""
        return inline(self.html(element, default))

    def text(self, element: Any) -> str:
        """Return an answer that is compared as text."""
        raw = (element.findtext("text") if element is not None else "") or ""
        return re.sub(r"\s+", " ", entities.unescape(without_tags(raw)) if "<" in raw else raw).strip()

    def field(self, path: str) -> str:
        return (self.element.findtext(path) or "").strip()

    def fetch(self, element: Any) -> Any:
        """Return a function that finds the bytes behind an address: files stand in the element, or in the question."""

        def find(address: str) -> bytes | None:
            wanted = address.removeprefix(PLUGINFILE).partition("?")[0]
            for holder in (element, self.element):
                if (file := self._files_in(holder).get(wanted)) is not None:
                    return _decode(file.text or "")
            return None

        return find

    def _files_in(self, holder: Any) -> dict[str, Any]:
        """Return the ``<file>`` elements in an element by name, with and without their path; looked for once."""
        if holder not in self._files:
            found: dict[str, Any] = {}
            for file in holder.iter("file"):
                path = (file.get("path") or "/").strip("/")
                name = unquote(file.get("name") or "")
                found.setdefault(name, file)
                found.setdefault(f"{path}/{name}".lstrip("/"), file)
            self._files[holder] = found
        return self._files[holder]

    def _as_html(self, text: str, form: str) -> str:
        if form == "markdown":
            return from_markdown(text)
        if form in ("plain_text", "plain"):
            return from_plain(text)
        if form == "moodle_auto_format" and not has_tag(text) and not _ENTITY.search(text):
            return from_plain(text)
        return text


def _decode(text: str) -> bytes | None:
    if len(text) > MAX_PICTURE * 3 // 2:
        return None
    try:
        return base64.b64decode(text, validate=False)
    except (binascii.Error, ValueError):
        return None
