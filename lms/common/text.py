"""Folding of Vietnamese text for search and comparison (docs/domain.md)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

_SPACES = re.compile(r"\s+")
#: Marks that stand on the letter before fall away; đ has no such mark.
_BARE = {code: None for code in range(0x300, 0x1E950) if unicodedata.combining(chr(code))} | {
    ord("đ"): "d",
    ord("Đ"): "D",
}


def fold(text: str) -> str:
    """Return ``text`` in lower case without accents, with single spaces.

    đ has no canonical decomposition, so it is mapped by hand; hoà/hòa and uỷ/ủy fold alike.

    >>> fold("Đặng  Thị HOÀ")
    'dang thi hoa'
    """
    return _SPACES.sub(" ", without_accents(text)).strip().lower()


def without_accents(text: str) -> str:
    """Return ``text`` without accents, its case and spaces as they are.

    >>> without_accents("Đảng uỷ")
    'Dang uy'
    """
    if text.isascii():
        return text
    return unicodedata.normalize("NFD", text).translate(_BARE)


def normalise(text: str) -> str:
    """Return ``text`` in NFC with single spaces: the one form that is stored (macOS types NFD)."""
    return _SPACES.sub(" ", unicodedata.normalize("NFC", text)).strip()


def sub_closed(pattern: re.Pattern[str], change: str | Callable[[re.Match[str]], str], text: str, close: str) -> str:
    """Return ``text`` with what a pattern takes changed, in time that grows with its length.

    Args:
        pattern: of one tag or bracket, from its opening sign to the next closing one. Behind the last closing sign it
            can only fail, and is not tried there: otherwise every opening sign would look through all that follows.
        close: the closing sign.
    """
    end = text.rfind(close) + 1
    return pattern.sub(change, text[:end]) + text[end:]


def whole_number(text: str, *, most: int = 18) -> int | None:
    """Return the number that ``text`` writes in plain figures; ``None`` for anything else or more than ``most``.

    For what comes with a request: ``"²".isdigit()`` is true, ``int`` refuses text of more than 4,300 figures, and no
    database keeps a number of more than 19.

    >>> whole_number("042"), whole_number("²"), whole_number("9" * 19)
    (42, None, None)
    """
    return int(text) if text.isascii() and text.isdigit() and len(text) <= most else None
