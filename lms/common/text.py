"""Folding of Vietnamese text for search and comparison (domain.md §8)."""

from __future__ import annotations

import re
import unicodedata

_SPACES = re.compile(r"\s+")


def fold(text: str) -> str:
    """Return ``text`` in lower case without accents, with single spaces.

    đ has no canonical decomposition, so it is mapped by hand; hoà/hòa and uỷ/ủy fold alike.

    >>> fold("Đặng  Thị HOÀ")
    'dang thi hoa'
    """
    decomposed = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    bare = "".join(char for char in decomposed if not unicodedata.combining(char))
    return _SPACES.sub(" ", bare).strip().lower()


def normalise(text: str) -> str:
    """Return ``text`` in NFC with single spaces: the one form that is stored (macOS types NFD)."""
    return _SPACES.sub(" ", unicodedata.normalize("NFC", text)).strip()
