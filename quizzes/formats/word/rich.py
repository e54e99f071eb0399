"""Text with a mark for every letter, so that a word split over ten runs reads as one word."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from itertools import groupby

from quizzes.formats.legacy import to_unicode
from quizzes.formats.markup import escape

OBJECT = "\ufffc"  # a picture, a formula or a table inside the text
_NO_LETTERS = OBJECT + " \t\n\r\f\v"
_JUNK = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"), None) | {0xA0: " ", 0x2007: " ", 0x202F: " "}


@dataclass(frozen=True, slots=True)
class Mark:
    """The look of a letter."""

    bold: bool = False
    italic: bool = False
    underline: bool = False
    colour: str = ""  # six hex digits; nothing for black and automatic
    highlight: str = ""
    raised: str = ""  # sub or sup
    html: str = ""  # what an OBJECT is
    #: The looks that may mark a key; worked out once, for every letter asks.
    features: frozenset[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "features", self._features())

    def _features(self) -> frozenset[str]:
        found = []
        if self.underline:
            found.append("underline")
        if self.highlight:
            found.append(f"highlight:{self.highlight}")
        if self.colour:
            found.append(f"colour:{self.colour}")
        if self.bold:
            found.append("bold")
        if self.italic:
            found.append("italic")
        return frozenset(found)


PLAIN = Mark()
#: Longer runs of blanks are cut to this. Html shows them as one space, and patterns that try a run of blanks from every
#: place of it stay quick.
MOST_BLANKS = 8
_BLANKS = re.compile(rf"[^\S\n]{{{MOST_BLANKS + 1},}}+")
_LEADING = re.compile(r"[^\S\n]*+")


class Rich:
    """A text and the marks of its letters.

    What is added stands in pieces until the text is asked for: a paragraph may have a hundred thousand runs.
    """

    __slots__ = ("_blanks", "_pieces", "_text", "marks")

    def __init__(self, text: str = "", marks: list[Mark] | None = None) -> None:
        self._text = text
        self._pieces: list[str] = []
        self._blanks = ""  # that the text ends with
        self.marks: list[Mark] = [] if marks is None else marks

    @property
    def text(self) -> str:
        if self._pieces:
            self._text += "".join(self._pieces)
            self._pieces.clear()
        return self._text

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Rich) and (self.text, self.marks) == (other.text, other.marks)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"Rich({self.text!r})"

    def add(self, text: str, mark: Mark) -> None:
        """Append ``text`` in NFC without invisible letters; a letter typed in pieces gets the mark of its base.

        Of a run of blanks longer than ``MOST_BLANKS`` the beginning is kept, and a tab if there is one.
        """
        text = text.translate(_JUNK)
        if text and unicodedata.combining(text[0]) and (base := self._last_letter()):
            joined = unicodedata.normalize("NFC", base + text)
            self._pieces.append(unicodedata.normalize("NFC", joined[0]))
            text = joined[1:]
        clean = unicodedata.normalize("NFC", text)
        if not clean:
            return
        if self._blanks and clean[0].isspace():
            leading = _LEADING.match(clean)[0]  # type: ignore[index]
            clean = _cut(self._blanks + leading)[len(self._blanks) :] + clean[len(leading) :]
        clean = _BLANKS.sub(lambda run: _cut(run[0]), clean)
        if clean and clean[-1].isspace():
            trailing = clean[len(clean.rstrip()) :].rpartition("\n")[2]
            self._blanks = self._blanks + trailing if len(trailing) == len(clean) else trailing
        elif clean:
            self._blanks = ""
        if clean:
            self._pieces.append(clean)
            self.marks.extend([mark] * len(clean))

    def _last_letter(self) -> str:
        """Take the last letter off the text and return it; its mark stays for what takes its place."""
        if not self._pieces:
            if not self._text:
                return ""
            self._pieces, self._text = [self._text], ""
        last = self._pieces.pop()
        if len(last) > 1:
            self._pieces.append(last[:-1])
        return last[-1]

    def add_object(self, html: str) -> None:
        self._pieces.append(OBJECT)
        self._blanks = ""
        self.marks.append(Mark(html=html))

    def __getitem__(self, part: slice) -> Rich:
        return Rich(self.text[part], self.marks[part])

    def __add__(self, other: Rich) -> Rich:
        return Rich(self.text + other.text, self.marks + other.marks)

    def __bool__(self) -> bool:
        return bool(self.text.strip())

    def strip(self) -> Rich:
        left = len(self.text) - len(self.text.lstrip())
        right = len(self.text.rstrip())
        return self[left : max(left, right)]

    def split_lines(self) -> list[Rich]:
        parts, start = [], 0
        for match in re.finditer("\n", self.text):
            parts.append(self[start : match.start()])
            start = match.end()
        parts.append(self[start:])
        return parts

    def recoded(self, encoding: str) -> Rich:
        """Return the text of an old encoding in Unicode; every letter keeps its look."""
        found = Rich()
        for mark, group in groupby(zip(self.text, self.marks, strict=True), key=lambda pair: pair[1]):
            if mark.html:
                for _letter in group:
                    found.add_object(mark.html)
            else:
                found.add(to_unicode("".join(letter for letter, _mark in group), encoding), mark)
        return found

    def share(self, feature: str) -> float:
        """Return which part of the letters has a look."""
        if self.marks and self.marks.count(self.marks[0]) == len(self.marks):  # most texts look alike all over
            return float(feature in self.marks[0].features and bool(self.text.strip(_NO_LETTERS)))
        letters = [
            mark for char, mark in zip(self.text, self.marks, strict=True) if not char.isspace() and char != OBJECT
        ]
        return sum(feature in mark.features for mark in letters) / len(letters) if letters else 0.0

    def _looks(self) -> list[Mark]:
        """Return the marks of the letters, each about once."""
        return list({id(mark): mark for mark in self.marks}.values())

    def features(self) -> set[str]:
        """Return every look of any letter."""
        return {feature for mark in self._looks() for feature in mark.features}

    def without(self, features: Iterable[str]) -> Rich:
        """Return the text without some looks."""
        names = {feature.partition(":")[0] for feature in features}
        changes: dict[str, object] = {name: ("" if name in ("colour", "highlight") else False) for name in names}
        looks = self._looks()
        if not any(getattr(mark, name) for mark in looks for name in names):
            return self
        plain = {id(mark): replace(mark, **changes) for mark in looks}  # type: ignore[arg-type]
        return Rich(self.text, [plain[id(mark)] for mark in self.marks])

    def html(self) -> str:
        """Return the text as html: bold, italic, underlined, raised; colours are left out."""
        pieces: list[str] = []
        index, size = 0, len(self.text)
        while index < size:
            mark = self.marks[index]
            end = index
            while end < size and not mark.html and (self.marks[end] is mark or _same_look(self.marks[end], mark)):
                end += 1
            if mark.html:
                pieces.append(mark.html)
                index += 1
                continue
            pieces.append(_tagged(self.text[index:end], mark))
            index = end
        return re.sub(r"[ \t]*\n[ \t]*", "<br>", re.sub(r"[ \t]+", " ", "".join(pieces))).strip()


def _cut(run: str) -> str:
    """Return a run of blanks no longer than it need be; a tab tells options apart, and stays."""
    kept, rest = run[:MOST_BLANKS], run[MOST_BLANKS:]
    return kept + "\t" if "\t" in rest and "\t" not in kept else kept


def _same_look(one: Mark, other: Mark) -> bool:
    return (one.bold, one.italic, one.underline, one.raised, one.html) == (
        other.bold,
        other.italic,
        other.underline,
        other.raised,
        other.html,
    )


def _tagged(text: str, mark: Mark) -> str:
    inner = text.strip()
    if not inner:
        return text
    before, after = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
    html = escape(inner)
    if mark.raised:
        html = f"<{mark.raised}>{html}</{mark.raised}>"
    for wanted, tag in ((mark.underline, "u"), (mark.italic, "i"), (mark.bold, "b")):
        if wanted:
            html = f"<{tag}>{html}</{tag}>"
    return before + html + after
