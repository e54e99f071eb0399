"""Vietnamese personal names: parts, display order and a sort key that any database orders right.

Names sort by given name, then middle, then family name, letters in Vietnamese order (a ă â … d đ e ê … o ô ơ …
u ư …) and, for equal letters, tones in the order none, huyền, hỏi, ngã, sắc, nặng (docs/domain.md).
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import Protocol

from lms.common.text import normalise


class NamedPerson(Protocol):
    """Anything with the three parts of a name."""

    family_name: str
    middle_name: str
    given_name: str


_ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
# Keys are digits only, so that every collation of every database orders them alike: two digits a letter
# (figures 10-19, letters 20-52), "00" ends a word's letters, then one digit a tone.
_CODE = {str(figure): str(10 + figure) for figure in range(10)} | {
    letter: str(20 + index) for index, letter in enumerate(_ALPHABET)
}
_END = "00"
_TONES = {"\u0300": "1", "\u0309": "2", "\u0303": "3", "\u0301": "4", "\u0323": "5"}


def full_name(family: str, middle: str, given: str) -> str:
    """Join the parts in display order, leaving out empty ones."""
    return " ".join(part for part in (family, middle, given) if part)


def split_full_name(name: str) -> tuple[str, str, str]:
    """Split a full name as typed in a list into (family, middle, given).

    The first word is the family name, the last the given name; a single word is a given name.
    """
    words = normalise(name).split(" ")
    if len(words) == 1:
        return "", "", words[0]
    return words[0], " ".join(words[1:-1]), words[-1]


def mask_name(person: NamedPerson) -> str:
    """Return a name that its owner recognises and others cannot read off: "N. V. An"."""
    words = f"{person.family_name} {person.middle_name}".split()
    return " ".join([*(f"{word[0]}." for word in words), person.given_name])


@lru_cache(maxsize=16384)  # few words make up most names
def _word_key(word: str) -> str:
    letters, tones = [], []
    for char in word.lower():
        decomposed = unicodedata.normalize("NFD", char)
        tone = next((_TONES[mark] for mark in decomposed if mark in _TONES), "0")
        base = unicodedata.normalize("NFC", "".join(mark for mark in decomposed if mark not in _TONES))
        if base in _CODE:
            letters.append(_CODE[base])
            tones.append(tone)
    return "".join(letters) + _END + "".join(tones)


def text_sort_key(text: str) -> str:
    """Return a key of digits for any Vietnamese text: letters decide first, tones break ties, word by word.

    Figures sort before letters; whole numbers are padded so that "Lớp 2" comes before "Lớp 10".
    """
    words = normalise(text).split(" ")
    return _END.join(_word_key(word.zfill(6) if word.isdigit() else word) for word in words)


def sort_key(family: str, middle: str, given: str, *, own: str = "") -> str:
    """Return the stored sort key of a person: given, middle, family; ``own`` replaces the order of the parts."""
    if own:
        return text_sort_key(own)[:250]
    return _END.join(text_sort_key(part) for part in (given, middle, family) if part)[:250]
