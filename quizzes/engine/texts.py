"""Likeness of two texts: word pairs, MinHash and bands. Pure and stable: what is stored means the same for ever.

A text is the set of its pairs of neighbouring words (in Vietnamese: syllables), without accents; likeness is the share
of pairs that two texts have in common (Jaccard). MinHash estimates it from 60 numbers, cut into 20 bands of 3: two
texts with likeness s share a band with probability 1 - (1 - s³)²⁰, that is 2 % at 0.1, 93 % at 0.5 and 99.6 % at 0.65.
So a look-up by bands finds the few texts that are worth comparing.
"""

from __future__ import annotations

import hashlib
import html
import random
import re
import struct
import unicodedata
import zlib
from collections.abc import Iterable, Mapping
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from lms.common.text import fold, sub_closed

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

BANDS = 20
ROWS = 3
_PRIME = (1 << 61) - 1
_RANDOM = random.Random(20260203)  # noqa: S311 (a fixed family of hash functions, no secret)
_FAMILY = tuple((_RANDOM.randrange(1, _PRIME), _RANDOM.randrange(_PRIME)) for _ in range(BANDS * ROWS))
_WORD = re.compile(r"\w+")
_TONES = "\u0300\u0301\u0303\u0309\u0323"
# hoà → hòa, thuỷ → thủy: the tone of an open oa, oe, uy stands on its first vowel in one spelling, on the second in
# the other; here the first wins. "quý" has no choice: its u belongs to the consonant.
_OPEN = re.compile(f"(?<!q)(o|u)(a|e|y)([{_TONES}])(?!\\w)")


def words(text: str) -> list[str]:
    """Return the words of ``text`` without accents and case."""
    return _WORD.findall(fold(text))


def spelling(text: str) -> str:
    """Return ``text`` in lower case with its accents, in one spelling of tones: hoà and hòa come out the same."""
    decomposed = unicodedata.normalize("NFD", text.lower())
    return unicodedata.normalize("NFC", _OPEN.sub(_first_vowel, " ".join(decomposed.split())))


def _first_vowel(match: re.Match[str]) -> str:
    first, second, tone = match.groups()
    return first + tone + second if first + second in {"oa", "oe", "uy"} else match.group()


def shingles(text: str) -> frozenset[int]:
    """Return the pairs of neighbouring words of ``text`` as numbers; a text of one word is that word."""
    found = words(text)
    if len(found) == 1:
        return frozenset({zlib.crc32(found[0].encode())})
    return frozenset(zlib.crc32(f"{one} {two}".encode()) for one, two in pairwise(found))


def likeness(one: frozenset[int], two: frozenset[int]) -> float:
    """Return the share, 0 to 1, of what two sets have in common; two empty ones have nothing in common."""
    common = len(one & two)
    return common / (len(one) + len(two) - common) if common else 0.0


def bands(found: frozenset[int]) -> list[int]:
    """Return the band values of a set of shingles, each a number of 63 bits; none for an empty set."""
    if not found:
        return []
    signature = _signature(found)
    return [
        int.from_bytes(
            hashlib.blake2b(
                struct.pack(">I3Q", band, *signature[band * ROWS : band * ROWS + ROWS]), digest_size=8
            ).digest()
        )
        >> 1
        for band in range(BANDS)
    ]


def _signature(found: frozenset[int]) -> list[int]:
    """Return the least (a·x + b) mod (2⁶¹ - 1) over the shingles x, for every hash function of the family.

    The same as in whole numbers of Python, forty times faster: a is cut in two, so that nothing needs more than 64
    bits, and multiplying by 2³² modulo 2⁶¹ - 1 turns the bits round.
    """
    import numpy as np

    high_part, low_part, added = _family()
    x = np.fromiter(found, dtype=np.uint64, count=len(found))
    high = _folded(high_part * x)
    turned = ((high & np.uint64((1 << 29) - 1)) << np.uint64(32)) | (high >> np.uint64(29))
    value = _folded(_folded(turned + _folded(low_part * x)) + added)
    return [int(one) for one in value.min(axis=1)]


@cache
def _family() -> tuple[npt.NDArray[np.uint64], ...]:
    """Return the upper and lower halves of a, and b, as columns."""
    import numpy as np

    parts = ([a >> 32 for a, _b in _FAMILY], [a & 0xFFFFFFFF for a, _b in _FAMILY], [b for _a, b in _FAMILY])
    return tuple(np.array(part, dtype=np.uint64)[:, None] for part in parts)


def _folded(value: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """Return numbers of 64 bits modulo 2⁶¹ - 1."""
    import numpy as np

    once = (value & np.uint64(_PRIME)) + (value >> np.uint64(61))
    return np.where(once >= np.uint64(_PRIME), once - np.uint64(_PRIME), once)


def text_digest(stem: str, options: Iterable[str]) -> str:
    """Return a digest that is equal for the same words in stem and options, whatever the options' order."""
    parts = [" ".join(words(stem)), *sorted(" ".join(words(option)) for option in options)]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


_BLOCK = re.compile(
    r"</?(?:p|div|br|li|ul|ol|h\d|tr|td|th|table|figure|figcaption|blockquote|pre)\b[^>]*>", re.IGNORECASE
)
_PICTURE = re.compile(r'<img\b(?:[^>"]++|"[^"]*+(?:"|\Z))*+(?:>|\Z)', re.IGNORECASE)
_ALT = re.compile(r"\balt=\"([^\"]*)\"", re.IGNORECASE)
_TAG = re.compile(r"<[^>]*>")


#: How much of a question's words its line in a list shows.
SNIPPET = 240


def snippet(stem: str, text: str = "") -> str:
    """Return the first words of a question; ``text`` is the one with gaps, which belongs to it."""
    return plain_text(f"{stem} {text}")[:SNIPPET]


def plain_text(markup: str) -> str:
    """Return the words of cleaned HTML on one line; a picture is read as its text in square brackets."""
    spaced = sub_closed(_BLOCK, " ", _PICTURE.sub(_read_aloud, markup), ">")
    return " ".join(html.unescape(sub_closed(_TAG, "", spaced, ">")).split())


def _read_aloud(picture: re.Match[str]) -> str:
    """Return a picture as its text; one without a text as it is."""
    alt = _ALT.search(picture[0])
    return picture[0] if alt is None else f" [{alt[1]}] "


def undescribed_pictures(parts: Any) -> int:
    """Count the pictures in the parts of a question, however deep, that nobody described for those who cannot see."""
    if isinstance(parts, str):
        return sum(not _described(picture[0]) for picture in _PICTURE.finditer(parts))
    if isinstance(parts, Mapping):
        own = bool(parts.get("image")) and not str(parts.get("alt", "")).strip()  # the picture of a hotspot
        return own + sum(undescribed_pictures(one) for one in parts.values())
    if isinstance(parts, list | tuple):
        return sum(undescribed_pictures(one) for one in parts)
    return 0


def _described(picture: str) -> bool:
    alt = _ALT.search(picture)
    return alt is not None and bool(html.unescape(alt[1]).strip())
