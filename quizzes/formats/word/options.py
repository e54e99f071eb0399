"""Finding the options of a question, however they are typed: one a line, two a line, all in one line after the stem."""

# ruff: noqa: E501 (patterns read best in one line)

from __future__ import annotations

import re
import sys
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from quizzes.formats.word.rich import PLAIN, Mark, Rich

# What teachers put before the right option: stars, ticks, arrows, boxes. An empty box marks the others.
_MARK = r"\*{1,3}|\([ ]?[*xX✓√][ ]?\)|\[[ ]?[*xX✓√]?[ ]?\]|[✓✔√☑☒☐□]|[=-]+>|[→⇒#]"
_EMPTY_MARKS = frozenset("☐□")
_BULLETS = frozenset(("→", "⇒", "#", "->", "=>", "-->", "==>"))  # before every option they mark nothing
# A letter and its sign, after white space; the sign may stand without a space before the text ("A.Hà Nội"). Nothing
# reaches over the end of a line: "A. x (*)" marks A and not the option of the next line.
_CANDIDATE = re.compile(
    rf"(?<!\S)(?:[-–+•●▪][ \t]+)?(?:(?P<star>{_MARK})(?P<gap>[ \t]?))?(?P<open>[(\[])?(?P<letter>[A-Ja-j])(?P<near>\*{{1,2}})?"
    r"[ \t]?(?P<sign>[.)\]:/]|[-–;,](?=\s))(?P<after>[ \t]?\*{1,2}(?=\s|\w))?"
)
# A letter without any sign ("A  Hà Nội") counts only at the beginning of lines, and only when three follow each other.
_UNSIGNED = re.compile(rf"(?:^|(?<=\n))[ \t]*(?:(?P<star>{_MARK})[ \t]?)?(?P<letter>[A-J])[ \t]+(?=\S)")
_LETTER = re.compile(r"\S")
_SPLIT_STRENGTH = 2
_LETTERS = "ABCDEFGHIJ"
_ANY = ""  # whatever the sign


@dataclass(frozen=True, slots=True)
class _Found:
    start: int
    end: int
    letter: str
    at: int  # where the letter itself stands
    sign: str
    strength: int  # 3 at the beginning of a line, 2 after a tab or two spaces, 1 after one space
    star: bool
    mark: str = ""  # what stands before the letter


@dataclass(slots=True)
class Option:
    """One option as typed: its letter, its text, the looks of its letter, and whether a star marks it."""

    letter: str
    rich: Rich
    letter_looks: frozenset[str] = frozenset()
    starred: bool = False


@dataclass(slots=True)
class Found:
    """The text before the options, the options, and where (if anywhere) a second set of options begins."""

    stem: Rich
    options: list[Option] = field(default_factory=list)
    lower: bool = False
    sign: str = ""
    jumbled: bool = False  # letters repeated or left out
    rest: int | None = None


def joined(lines: Sequence[Rich]) -> Rich:
    """Return lines as one text."""
    marks: list[Mark] = []
    for index, line in enumerate(lines):
        if index:
            marks.append(PLAIN)
        marks += line.marks
    return Rich("\n".join(line.text for line in lines), marks)


def begins(rich: Rich) -> bool:
    """Whether a line begins with an option."""
    match = _CANDIDATE.match(rich.text.lstrip())
    return match is not None and match["sign"] not in ";,"


def may_hold(text: str) -> bool:
    """Whether an option may stand in a line."""
    return _CANDIDATE.search(text) is not None or _UNSIGNED.match(text) is not None


def _candidates(text: str) -> list[_Found]:
    found = []
    seen, first = 0, _LETTER.search(text)  # how far the ends of lines are known, and the first letter of the line
    for match in _CANDIDATE.finditer(text):
        begin = match.start()
        if (end := text.rfind("\n", seen, begin)) >= 0:
            first = _LETTER.search(text, end)
        seen = begin
        if first is None or first.start() >= begin:
            strength = 3
        elif text[begin - 1] == "\t" or text[begin - 2 : begin] == "  ":
            strength = 2
        else:
            strength = 1
        sign = match["sign"]
        if (sign in "-–:" and strength < 2) or (sign in ";," and strength < 3):
            continue
        if sign == "]" and not match["open"]:
            continue
        start, mark = match.start(), match["star"] or ""
        if mark and match["gap"] and strength < 3:
            # "A. x (*) B. y": what stands apart from the letter, inside a line, belongs to the option before
            start, mark = match.start("open") if match["open"] else match.start("letter"), ""
        star = _filled(mark) or bool(match["near"] or match["after"])
        found.append(_Found(start, match.end(), match["letter"], match.start("letter"), sign, strength, star, mark))
    return found


def _filled(mark: str) -> bool:
    return bool(mark) and mark not in _EMPTY_MARKS and mark.strip("[] ") != ""


def _unsigned(text: str) -> list[_Found]:
    """Return options whose letters have no sign; nothing unless A, B and C follow each other at once."""
    found: list[_Found] = []
    for match in _UNSIGNED.finditer(text):
        if match["letter"] == chr(ord("A") + len(found)):
            star = _filled(match["star"] or "")
            found.append(
                _Found(
                    match.start(), match.end(), match["letter"], match.start("letter"), "", 3, star, match["star"] or ""
                )
            )
        elif match["letter"] == "A" and len(found) < 3:
            return []
        elif match["letter"] == "A":
            break
    return found if len(found) >= 3 else []


def find(whole: Rich) -> Found:
    """Return the options of ``whole``: the first run of letters A, B … that holds together.

    Capital letters win over small ones, which may number statements inside the stem.
    """
    candidates = _candidates(whole.text)
    best: list[_Found] = []
    for lower in (False, True):
        chain = _first_chain([one for one in candidates if one.letter.islower() == lower])
        if chain and (not best or (len(chain) >= 2 > len(best))):
            best = chain
        if len(best) >= 2:
            break
    if len(best) < 2 and (bare := _unsigned(whole.text)):
        best, candidates = bare, []
    if not best:
        return Found(whole.strip())
    if all(one.mark in _BULLETS for one in best):
        best = [replace(one, star=False) for one in best]
    limit = _next_start(candidates, best)
    options = []
    jumbled = False
    for index, one in enumerate(best):
        end = best[index + 1].start if index + 1 < len(best) else (limit if limit is not None else len(whole.text))
        looks = whole.marks[one.at].features
        expected = chr(ord("A") + index)
        jumbled = jumbled or one.letter.upper() != expected
        options.append(Option(expected, whole[one.end : end].strip(), looks, one.star))
    rest = None
    if limit is not None:
        # the text between the last option's own line and the next A belongs to the next question
        tail = whole.text[best[-1].end : limit]
        cut = tail.find("\n")
        rest = best[-1].end + cut + 1 if cut >= 0 else limit
        options[-1].rich = whole[best[-1].end : rest].strip()
    return Found(whole[: best[0].start].strip(), options, best[0].letter.islower(), best[0].sign, jumbled, rest)


class _Places:
    """Where the candidates of one case stand, so that the next of a letter is found without looking through all."""

    def __init__(self, candidates: list[_Found]) -> None:
        self._lists: dict[tuple[str, int, str], list[_Found]] = {}
        self._starts: dict[tuple[str, int, str], list[int]] = {}
        for one in candidates:
            letter = one.letter.upper()
            for sign in (one.sign, _ANY):
                self._lists.setdefault((letter, one.strength, sign), []).append(one)
                self._starts.setdefault((letter, one.strength, sign), []).append(one.start)

    def next(self, letter: str, strength: int, sign: str, begin: int, end: int) -> _Found | None:
        """Return the first candidate of a letter that starts in ``begin`` … ``end``."""
        key = (letter, strength, sign)
        index = bisect_left(self._starts.get(key, ()), begin)
        found = self._lists[key][index] if index < len(self._starts.get(key, ())) else None
        return found if found is not None and found.start < end else None


def _first_chain(candidates: list[_Found]) -> list[_Found]:
    places = _Places(candidates)
    fallback: list[_Found] = []
    for start in candidates:
        if start.letter.upper() != "A":
            continue
        chain = _chain(places, start)
        if len(chain) < 2:
            if start.strength == 3 and not fallback:
                fallback = chain
            continue
        in_line = all(one.strength == 1 for one in chain)
        if start.strength >= _SPLIT_STRENGTH or len(chain) >= 3 or not in_line:
            return chain
    return fallback


def _chain(places: _Places, start: _Found) -> list[_Found]:
    """Return the options that follow an "A", up to the next "A" at the beginning of a line.

    Signs may differ between options by slips (A. and B)), but not between a dash and a point inside a line.
    """
    chain = [start]
    later = places.next("A", 3, _ANY, start.start + 1, sys.maxsize)
    limit = later.start if later is not None else sys.maxsize
    while True:
        begin = chain[-1].end
        expected = chr(ord("A") + len(chain))
        beyond = [
            one.start
            for letter in _LETTERS
            if letter > expected and (one := places.next(letter, 3, _ANY, begin, limit)) is not None
        ]
        found = _strongest(places, expected, start.sign, begin, min(beyond, default=limit))
        found = found or _strongest(places, expected, start.sign, begin, limit)
        if found is None and len(chain) >= 2:
            # a letter typed twice or left out: A B C C, A B D
            odd = [places.next(chr(ord(expected) + step), 3, _ANY, begin, limit) for step in (-1, 1)]
            found = min((one for one in odd if one is not None), key=lambda one: one.start, default=None)
        if found is None:
            return chain
        chain.append(found)


def _strongest(places: _Places, letter: str, sign: str, begin: int, end: int) -> _Found | None:
    return (
        places.next(letter, 3, _ANY, begin, end)
        or places.next(letter, 2, sign, begin, end)
        or places.next(letter, 1, sign, begin, end)
    )


def _next_start(candidates: list[_Found], chain: list[_Found]) -> int | None:
    """Return where the next "A" at the beginning of a line stands after the chain, of the same case."""
    lower = chain[0].letter.islower()
    for one in candidates:
        if (
            one.start > chain[-1].start
            and one.strength == 3
            and one.letter.upper() == "A"
            and one.letter.islower() == lower
        ):
            return one.start
    return None
