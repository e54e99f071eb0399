"""Recognises text in the encodings of before Unicode, TCVN3 (fonts .VnTime …) and VNI.

Such files hold Latin-1 letters that only look right in the old fonts: "Céng hßa X· héi". They are never converted
silently, since a wrong guess would spoil names: the reader shows what it makes of them and asks for a Unicode file.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from lms.common.text import fold

_TCVN3 = dict(
    zip(
        "µ¸¶·¹¨»¾¼½Æ©ÇÊÈÉË®ÌÐÎÏÑªÒÕÓÔÖ×ÝØÜÞßãáâä«åèæçé¬êíëìîïóñòô\xadõøö÷ùúýûüþ¡¢§£¤¥¦",
        "àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵĂÂĐÊÔƠƯ",
        strict=True,
    )
)

_HUYEN, _SAC, _HOI, _NGA, _NANG = "\u0300", "\u0301", "\u0309", "\u0303", "\u0323"
_TONES = frozenset((_HUYEN, _SAC, _HOI, _NGA, _NANG))
_CIRCUMFLEX, _BREVE = "\u0302", "\u0306"
# VNI writes a letter and then its marks as one Latin-1 letter.
_VNI_MARKS = {
    "ø": _HUYEN,
    "ù": _SAC,
    "û": _HOI,
    "õ": _NGA,
    "ï": _NANG,
    "â": _CIRCUMFLEX,
    "ê": _BREVE,
    "à": _CIRCUMFLEX + _HUYEN,
    "á": _CIRCUMFLEX + _SAC,
    "å": _CIRCUMFLEX + _HOI,
    "ã": _CIRCUMFLEX + _NGA,
    "ä": _CIRCUMFLEX + _NANG,
    "è": _BREVE + _HUYEN,
    "é": _BREVE + _SAC,
    "ú": _BREVE + _HOI,
    "ü": _BREVE + _NGA,
    "ë": _BREVE + _NANG,
}
_VNI_LETTERS = {"ñ": "đ", "ô": "ơ", "ö": "ư", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ", "ì": "ì", "í": "í"}
_VNI_BASES = frozenset("aeouyôö")

_VIETNAMESE = frozenset(
    char
    for base in "aăâeêioôơuưy"
    for tone in ("", _HUYEN, _SAC, _HOI, _NGA, _NANG)
    for char in (unicodedata.normalize("NFC", base + tone), unicodedata.normalize("NFC", base + tone).upper())
) | frozenset("đĐ")
_SYLLABLE = re.compile(
    r"(ngh|ng|nh|gh|gi|kh|ph|qu|th|tr|ch|[bcdghklmnprstvx])?[aeiouy]{1,3}(ng|nh|ch|[cmnpt])?\Z",
)
_WORD = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class Legacy:
    """Text that is not Unicode: which encoding it seems to be (``None``: unsure) and the first cells, read so."""

    encoding: str | None
    samples: tuple[tuple[str, str], ...]


def from_tcvn3(text: str) -> str:
    """Return TCVN3 text in Unicode."""
    return "".join(_TCVN3.get(char, char) for char in text)


def from_vni(text: str) -> str:
    """Return VNI text in Unicode."""
    result: list[str] = []
    before = ""
    for char in text:
        lower = char.lower()
        if before in _VNI_BASES and lower in _VNI_MARKS:
            marks = _VNI_MARKS[lower]
            result[-1] = unicodedata.normalize("NFC", result[-1] + marks)
            before = ""
            continue
        plain = _VNI_LETTERS.get(lower, char)
        result.append(plain.upper() if char.isupper() and plain != char else plain)
        before = lower
    return "".join(result)


def suspicious(text: str) -> bool:
    """Whether ``text`` holds a Latin-1 sign that no Vietnamese word has."""
    return any("\u00a1" <= char <= "\u00ff" and char not in _VIETNAMESE for char in text)


def _sound(word: str) -> bool:
    letters = "".join(char for char in word if char.isalpha())
    if not letters or len(letters) != len(word.strip(".,;:-()\"'")):
        return False
    if any(char > "\x7f" and char not in _VIETNAMESE for char in letters):
        return False
    tones = sum(mark in _TONES for mark in unicodedata.normalize("NFD", letters))
    return tones <= 1 and bool(_SYLLABLE.match(fold(letters)))


def _soundness(cells: list[str]) -> float:
    words = [word for cell in cells for word in _WORD.findall(cell) if any(char > "\x7f" for char in word)]
    return sum(map(_sound, words)) / len(words) if words else 0.0


def detect(cells: Iterable[str]) -> Legacy | None:
    """Return what old encoding the text cells of a list are in; ``None`` when they are sound Unicode.

    A few odd signs in a long list are no sign of it (Ê Đê names may hold ñ); in an old encoding nearly every name is.
    """
    texts = [cell for cell in cells if any(char.isalpha() for char in cell)]
    accented = [cell for cell in texts if any(char > "\x7f" for char in cell)]
    affected = [cell for cell in accented if suspicious(cell)]
    # No old encoding has the letters above Latin-1 (ă đ ơ ư, ạ … ỹ).
    unicode = sum(any(char in _VIETNAMESE and char > "\xff" for char in cell) for cell in accented)
    if len(affected) * 5 < len(accented) or len(affected) * 10 < len(texts) or len(affected) < min(3, unicode + 1):
        return None
    sample = affected[:200]
    as_is = _soundness(sample)
    readings = sorted(
        (
            (_soundness([read(cell) for cell in sample]), name, read)
            for name, read in (("TCVN3", from_tcvn3), ("VNI", from_vni))
        ),
        key=lambda reading: reading[0],
    )
    (second, _name, _read), (best, name, read) = readings
    if best > 0.8 and best - second > 0.15 and best > as_is:
        return Legacy(name, tuple((cell, read(cell)) for cell in affected[:5]))
    return Legacy(None, tuple((cell, "") for cell in affected[:5]))
