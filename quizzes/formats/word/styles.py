"""Looks and numbers that Word keeps apart from the text: styles and automatic numbering."""

# ruff: noqa: E501 (tables, patterns and sentences read best in one line)

from __future__ import annotations

from typing import Any

from quizzes.formats.word.blocks import BULLET

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_OFF = {"0", "false", "off", "none"}
_BLACK = {
    "",
    "auto",
    "000000",
    "0D0D0D",
    "111111",
    "1A1A1A",
    "191919",
    "262626",
    "212121",
    "222222",
    "333333",
    "404040",
    "FFFFFF",
}
_LONGEST_LINE = 50  # of styles that are based on each other; Word itself allows ten
_LEVELS = {str(level): level for level in range(9)}
_NO_FILL = {"", "auto", "FFFFFF", "clear", "none"}


def flag(properties: Any, name: str) -> bool | None:
    """Return an on/off property; ``None`` when it is not said."""
    found = properties.find(W + name) if properties is not None else None
    return None if found is None else (found.get(W + "val") or "true").lower() not in _OFF


def look(properties: Any) -> dict[str, Any]:  # noqa: C901 (one case each)
    """Return what a ``w:rPr`` says."""
    said: dict[str, Any] = {}
    if properties is None:
        return said
    for name, key in (("b", "bold"), ("i", "italic"), ("vanish", "hidden")):
        if (switch := flag(properties, name)) is not None:
            said[key] = switch
    for child in properties:
        if not isinstance(child.tag, str):
            continue
        value: str = child.get(W + "val") or ""
        match child.tag.removeprefix(W):
            case "u":
                said["underline"] = value.lower() not in _OFF
            case "color":
                said["colour"] = "" if value.upper() in _BLACK or value.lower() == "auto" else value.upper()
            case "highlight":
                said["highlight"] = "" if value.lower() in ("none", "white", "black") else value
            case "shd":
                fill = (child.get(W + "fill") or "").upper()
                said.setdefault("highlight", "" if fill in {one.upper() for one in _NO_FILL} else fill)
            case "vertAlign":
                said["raised"] = {"superscript": "sup", "subscript": "sub"}.get(value, "")
            case "rFonts":
                fonts = [child.get(W + one) for one in ("ascii", "hAnsi", "cs")]
                if any(fonts):
                    said["font"] = next(font for font in fonts if font)
    return said


class Styles:
    """The styles of a document, each with what it inherits."""

    def __init__(self, root: Any) -> None:
        self._said: dict[str, dict[str, Any]] = {}
        self._elements: dict[str, Any] = {}
        self._numbering: dict[str, tuple[str, int] | None] = {}
        self._outline: dict[str, int | None] = {}
        self.default_paragraph = ""
        self.defaults: dict[str, Any] = {}  # only the font: it may be an old one
        if root is None:
            return
        said = look(root.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr"))
        self.defaults = {"font": said["font"]} if "font" in said else {}
        for style in root.iterfind(W + "style"):
            ident = style.get(W + "styleId") or ""
            self._elements[ident] = style
            if style.get(W + "type") == "paragraph" and style.get(W + "default") in ("1", "true"):
                self.default_paragraph = ident

    def look(self, ident: str) -> dict[str, Any]:
        """Return the looks that a style gives to letters."""
        if ident not in self._said:
            self._said[ident] = {}
            said: dict[str, Any] = {}
            for element in reversed(self._line(ident)):
                said |= look(element.find(W + "rPr"))
            self._said[ident] = said
        return self._said[ident]

    def numbering(self, ident: str) -> tuple[str, int] | None:
        """Return (numId, level) that a paragraph style brings along."""
        if ident not in self._numbering:
            self._numbering[ident] = self._find_numbering(ident)
        return self._numbering[ident]

    def _find_numbering(self, ident: str) -> tuple[str, int] | None:
        for element in self._line(ident):
            found = element.find(f"{W}pPr/{W}numPr")
            if found is not None:
                return number_of(found)
        return None

    def outline(self, ident: str) -> int | None:
        """Return the level of a heading style, 0 for the highest; ``None`` for a style of plain text."""
        if ident not in self._outline:
            self._outline[ident] = self._find_outline(ident)
        return self._outline[ident]

    def _find_outline(self, ident: str) -> int | None:
        for element in self._line(ident):
            found = element.find(f"{W}pPr/{W}outlineLvl")
            if found is not None and (found.get(W + "val") or "").isdigit():
                level = int(found.get(W + "val"))
                return level if level < 9 else None
        name = self.name(ident).lower()
        if name.startswith("heading ") and name[8:9].isdigit():
            return int(name[8]) - 1
        return None

    def name(self, ident: str) -> str:
        element = self._elements.get(ident)
        found = element.find(W + "name") if element is not None else None
        return (found.get(W + "val") or "") if found is not None else ""

    def _line(self, ident: str) -> list[Any]:
        """Return a style and those it is based on, the nearest first."""
        found: list[Any] = []
        seen: set[str] = set()
        while ident in self._elements and ident not in seen and len(found) < _LONGEST_LINE:
            seen.add(ident)
            element = self._elements[ident]
            found.append(element)
            based = element.find(W + "basedOn")
            ident = (based.get(W + "val") or "") if based is not None else ""
        return found


def number_of(properties: Any) -> tuple[str, int] | None:
    """Return (numId, level) of a ``w:numPr``; ``None`` when numbering is switched off."""
    num, level = properties.find(W + "numId"), properties.find(W + "ilvl")
    ident = (num.get(W + "val") or "") if num is not None else ""
    depth = (level.get(W + "val") or "0") if level is not None else "0"
    return None if ident in ("", "0") else (ident, _count(depth) or 0)


def _count(text: str) -> int | None:
    """Return a number of the file's; ``None`` for none, or one that no paper counts to."""
    return int(text) if len(text) < 7 and text.removeprefix("-").isdecimal() else None


class Numbering:
    """Counts as Word does, and gives the text that it would show before a paragraph."""

    def __init__(self, root: Any) -> None:
        self._levels: dict[str, dict[int, Any]] = {}
        self._abstract: dict[str, str] = {}
        self._overrides: dict[str, dict[int, int]] = {}
        self._own: dict[str, dict[int, Any]] = {}
        self._counts: dict[str, dict[int, int]] = {}
        self._used: set[tuple[str, int]] = set()
        if root is None:
            return
        for abstract in root.iterfind(W + "abstractNum"):
            levels = {
                _LEVELS[name]: one
                for one in abstract.iterfind(W + "lvl")
                if (name := one.get(W + "ilvl") or "0") in _LEVELS
            }
            self._levels[abstract.get(W + "abstractNumId") or ""] = levels
        for num in root.iterfind(W + "num"):
            ident = num.get(W + "numId") or ""
            target = num.find(W + "abstractNumId")
            self._abstract[ident] = (target.get(W + "val") or "") if target is not None else ""
            for override in num.iterfind(W + "lvlOverride"):
                if (name := override.get(W + "ilvl") or "0") not in _LEVELS:
                    continue
                depth = _LEVELS[name]
                start = override.find(W + "startOverride")
                if start is not None and (first := _count(start.get(W + "val") or "")) is not None:
                    self._overrides.setdefault(ident, {})[depth] = first
                if (own := override.find(W + "lvl")) is not None:
                    self._own.setdefault(ident, {})[depth] = own

    def next(self, ident: str, depth: int) -> tuple[str, Any]:
        """Count one paragraph; return its label ("Câu 3:", "B.", nothing for a bullet) and the label's ``w:rPr``."""
        abstract = self._abstract.get(ident)
        level = self._level(ident, depth)
        if abstract is None or level is None:
            return "", None
        counts = self._counts.setdefault(abstract, {})
        override = self._overrides.get(ident, {}).get(depth)
        if override is not None and (ident, depth) not in self._used:
            counts[depth] = override
        else:
            counts[depth] = counts[depth] + 1 if depth in counts else self._start(ident, depth)
        self._used.add((ident, depth))
        for deeper in [one for one in counts if one > depth]:
            del counts[deeper]
        text = level.find(W + "lvlText")
        pattern = (text.get(W + "val") or "") if text is not None else ""
        form = self._form(level)
        if form in ("bullet", "none"):
            return BULLET if form == "bullet" else "", level.find(W + "rPr")
        label = pattern
        for number in range(9):
            sign = f"%{number + 1}"
            if sign in label:
                other = self._level(ident, number)
                value = counts.get(number, self._start(ident, number))
                label = label.replace(sign, numeral(value, self._form(other) if other is not None else "decimal"))
        return label, level.find(W + "rPr")

    def _level(self, ident: str, depth: int) -> Any:
        own = self._own.get(ident, {}).get(depth)
        return own if own is not None else self._levels.get(self._abstract.get(ident, ""), {}).get(depth)

    def _start(self, ident: str, depth: int) -> int:
        level = self._level(ident, depth)
        start = level.find(W + "start") if level is not None else None
        first = _count((start.get(W + "val") or "1") if start is not None else "1")
        return 1 if first is None else first

    @staticmethod
    def _form(level: Any) -> str:
        form = level.find(W + "numFmt")
        return (form.get(W + "val") or "decimal") if form is not None else "decimal"


_ROMAN = ((1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))  # fmt: skip


def numeral(value: int, form: str) -> str:
    """Return a number in one of Word's formats."""
    if form in ("upperLetter", "lowerLetter") and 0 < value <= 780:
        text = chr(ord("A") + (value - 1) % 26) * ((value - 1) // 26 + 1)
        return text if form == "upperLetter" else text.lower()
    if form in ("upperRoman", "lowerRoman") and 0 < value < 4000:
        text = ""
        for size, sign in _ROMAN:
            while value >= size:
                text, value = text + sign, value - size
        return text if form == "upperRoman" else text.lower()
    if form == "decimalZero":
        return f"{value:02d}"
    return str(value)
