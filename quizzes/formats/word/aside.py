"""Parts of a Word file beside its lines: text boxes and notes. Both are read where they are anchored."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from quizzes.formats.word.rich import OBJECT, PLAIN, Rich
from quizzes.formats.word.styles import W

MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
V = "{urn:schemas-microsoft-com:vml}"
WPS = "{http://schemas.microsoft.com/office/word/2010/wordprocessingShape}"
#: Stands before a note's text: part of the question and not of the interface, so in the language of the files.
NOTE_WORD = "chú thích"
_BOX = W + "txbxContent"
_VML_SHAPES = {V + name for name in ("shape", "rect", "oval", "line", "polyline", "roundrect", "arc", "curve")}
_FILLED = (_BOX, V + "imagedata", V + "textpath")


def drawn(element: Any) -> Iterator[Any]:
    """Yield the elements of a drawing in order, what Word wrote twice once, and text boxes without their inside."""
    if element.tag == MC + "AlternateContent":
        chosen = element.find(MC + "Choice")
        chosen = element.find(MC + "Fallback") if chosen is None else chosen
        if chosen is not None:
            for child in chosen:
                yield from drawn(child)
        return
    yield element
    if element.tag != _BOX:
        for child in element:
            yield from drawn(child)


def boxes(parts: list[Any]) -> list[Any]:
    """Return the contents of the text boxes among the ``parts`` of a drawing."""
    return [part for part in parts if part.tag == _BOX]


def lost_shapes(parts: list[Any]) -> bool:
    """Whether lines, arrows or other shapes without text or picture are among the ``parts`` of a drawing."""
    for part in parts:
        if part.tag == WPS + "wsp" and part.find(WPS + "txbx") is None and part.find(WPS + "linkedTxbx") is None:
            return True
        if part.tag in _VML_SHAPES and not any(True for _one in part.iter(*_FILLED)):
            return True
    return False


def lettering(parts: list[Any]) -> bool:
    """Whether words that are drawn as a picture (WordArt of old files) are among the ``parts`` of a drawing."""
    return any(part.tag == V + "textpath" and (part.get("string") or "").strip() for part in parts)


class Fields:
    """Whether the text read now is the code of a field ("PAGE \\* MERGEFORMAT"), which nobody sees."""

    def __init__(self) -> None:
        self._open: list[bool] = []  # of each field that has begun, whether its code is being read
        self._codes = 0

    @property
    def hidden(self) -> bool:
        return self._codes > 0

    def take(self, kind: str) -> None:
        """Take a sign of a field: ``begin``, ``separate`` (its code ends, what it shows begins) or ``end``."""
        if kind == "begin":
            self._open.append(True)
            self._codes += 1
        elif kind == "separate" and self._open:
            self._codes -= self._open[-1]
            self._open[-1] = False
        elif kind == "end" and self._open:
            self._codes -= self._open.pop()


class Notes:
    """The footnotes or the endnotes of a file."""

    def __init__(self, root: Any, name: str) -> None:
        found = root.iterfind(W + name) if root is not None else ()
        self._notes = {note.get(W + "id") or "": note for note in found}

    def paragraphs(self, ident: str) -> list[Any]:
        """Return the paragraphs of a note; none when the file lacks it."""
        note = self._notes.get(ident)
        return list(note.iter(W + "p")) if note is not None else []


def add_note(rich: Rich, note: Rich) -> None:
    """Put a note behind what ``rich`` holds so far, in the look of its last letter: a note never marks a key."""
    mark = next((mark for mark in reversed(rich.marks) if not mark.html), PLAIN)
    rich.add(f" ({NOTE_WORD}: ", mark)
    for letter, own in zip(" ".join(note.text.split()), _marks_of_words(note), strict=True):
        if letter == OBJECT:
            rich.add_object(own.html)
        else:
            rich.add(letter, mark)
    rich.add(")", mark)


def _marks_of_words(note: Rich) -> list[Any]:
    """Return the marks of a note's letters when every run of white space is one space."""
    marks: list[Any] = []
    waiting = False
    for letter, mark in zip(note.text, note.marks, strict=True):
        if letter.isspace():
            waiting = bool(marks)
            continue
        if waiting:
            marks.append(PLAIN)
            waiting = False
        marks.append(mark)
    return marks
