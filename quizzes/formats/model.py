"""The model of question files that readers give and writers take: plain data, no database.

Pictures stand in the html as ``<img src="/-/hinh/NAME">``; whoever stores the questions puts the real address there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Self

PICTURE_PREFIX = "/-/hinh/"
PICTURE_SRC = re.compile(r"""(["'])/-/hinh/([^"'<>]+)\1""")

MAX_DOUBTS = 300  # of a file as a whole
NOTE, WARNING, ERROR = "note", "warning", "error"


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the file, said as the file's own reader counts: "Câu 5", "Row 12", "Line 3"."""

    kind: str = ""  # question, row, line, file, item, paragraph
    number: str = ""
    within: str = ""  # the chapter, when numbers start again in each

    def as_json(self) -> dict[str, str]:
        return {"kind": self.kind, "number": self.number, "within": self.within}


@dataclass(frozen=True, slots=True)
class Doubt:
    """A doubt that the author should look at. ``code`` names the sentence in :mod:`quizzes.formats.messages`.

    An ``error`` keeps a question from being imported until it is mended, a ``warning`` asks for a look, a ``note``
    only tells.
    """

    code: str
    severity: str = WARNING
    params: Mapping[str, Any] = field(default_factory=dict)
    place: Place | None = None

    def as_json(self) -> dict[str, Any]:
        data: dict[str, Any] = {"code": self.code, "severity": self.severity, "params": dict(self.params)}
        if self.place is not None:
            data["place"] = self.place.as_json()
        return data

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        place = Place(**data["place"]) if data.get("place") else None
        return cls(data["code"], data["severity"], data.get("params") or {}, place)


@dataclass(slots=True)
class ParsedQuestion:
    """One question as a file says it. ``content``, ``key`` and ``feedback`` have the shapes of the kinds."""

    kind: str = "single_choice"
    stem: str = ""
    content: dict[str, Any] = field(default_factory=dict)
    key: dict[str, Any] = field(default_factory=dict)
    feedback: dict[str, Any] = field(default_factory=dict)
    source: str = ""
    topic: list[str] = field(default_factory=list)
    level: str = ""
    tags: list[str] = field(default_factory=list)
    code: str = ""
    place: Place = field(default_factory=Place)
    doubts: list[Doubt] = field(default_factory=list)
    confidence: float = 1.0

    def doubt(self, code: str, severity: str = WARNING, /, **params: Any) -> None:
        """Add a doubt; the same one is said once, and a question with hundreds of them is told so instead of all."""
        found = Doubt(code, severity, params)
        if len(self.doubts) >= MAX_DOUBTS:
            found = Doubt("more_doubts", severity)
        if found not in self.doubts:
            self.doubts.append(found)

    @property
    def broken(self) -> bool:
        """Whether something must be mended before this can be a question."""
        return any(doubt.severity == ERROR for doubt in self.doubts)

    def as_json(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "stem": self.stem,
            "content": self.content,
            "key": self.key,
            "feedback": self.feedback,
            "source": self.source,
            "topic": self.topic,
            "level": self.level,
            "tags": self.tags,
            "code": self.code,
            "place": self.place.as_json(),
            "doubts": [doubt.as_json() for doubt in self.doubts],
            "confidence": self.confidence,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        values = dict(data)
        values["place"] = Place(**values.get("place") or {})
        values["doubts"] = [Doubt.from_json(doubt) for doubt in values.get("doubts") or ()]
        return cls(**values)

    def said(self) -> dict[str, Any]:
        """Return what the question says, without where it stood: two readings of one question are equal in this."""
        return {
            name: getattr(self, name)
            for name in (
                "kind", "stem", "content", "key", "feedback", "source", "topic", "level", "tags", "code",
            )
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of the file: its bytes are of the type that the name's end says."""

    name: str
    data: bytes


@dataclass(slots=True)
class Reading:
    """The questions found in a file. ``doubts`` are those of the file as a whole, or of parts that are no question."""

    format: str = ""
    questions: list[ParsedQuestion] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
    pictures: dict[str, Picture] = field(default_factory=dict)
    #: By the name asked for: the address of the same bytes, and the last number that made a name its own.
    _known: dict[tuple[str, bytes], str] = field(default_factory=dict, repr=False, compare=False)
    _numbers: dict[str, int] = field(default_factory=dict, repr=False, compare=False)

    def doubt(self, code: str, severity: str = WARNING, place: Place | None = None, /, **params: Any) -> None:
        """Add a doubt; the same one is said once, and a file with hundreds of them is told so instead of all."""
        found = Doubt(code, severity, params, place)
        if len(self.doubts) > MAX_DOUBTS or found in self.doubts:
            return
        self.doubts.append(found if len(self.doubts) < MAX_DOUBTS else Doubt("more_doubts", severity))

    def add_picture(self, name: str, data: bytes) -> str:
        """Keep a picture and return its address in the html; the same bytes are kept once."""
        safe = re.sub(r"[^A-Za-z0-9._-]+", "_", name.rpartition("/")[2])[-80:] or "picture"
        asked = safe
        if (asked, data) not in self._known:
            stem, dot, end = asked.rpartition(".")
            number = self._numbers.get(asked, 1)
            if number > 1:
                safe = f"{stem}_{number}{dot}{end}"
            while safe in self.pictures and self.pictures[safe].data != data:
                number += 1
                safe = f"{stem}_{number}{dot}{end}"
            self._numbers[asked] = number
            self._known[asked, data] = safe
            self.pictures.setdefault(safe, Picture(safe, data))
        return PICTURE_PREFIX + self._known[asked, data]


class UnreadableFileError(Exception):
    """The whole file is refused; ``code`` and ``params`` make the sentence for the person (see messages)."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code, params)
        self.code = code
        self.params = params

    def __str__(self) -> str:
        from quizzes.formats.messages import sentence

        return sentence(self.code, self.params)


@dataclass(frozen=True, slots=True)
class Loss:
    """A part of a question that a format cannot say."""

    question: str
    code: str
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class WrittenFile:
    """A file made of questions, and what it could not say."""

    data: bytes
    extension: str
    content_type: str
    losses: list[Loss] = field(default_factory=list)


def letters(count: int) -> list[str]:
    """Return the ids of ``count`` options: a, b, c … z, a1 … (more than a paper takes, but a file may hold them)."""
    return [letter(index) for index in range(count)]


def letter(index: int) -> str:
    """Return the id of the option at ``index``, counted from 0."""
    return "abcdefghijklmnopqrstuvwxyz"[index % 26] + (str(index // 26) if index >= 26 else "")


def pictures_in(texts: Iterable[str]) -> list[str]:
    """Return the names of the pictures that the html texts show, each once, in order."""
    found: dict[str, None] = {}
    for text in texts:
        for match in PICTURE_SRC.finditer(text):
            found.setdefault(match[2])
    return list(found)
