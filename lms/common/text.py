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
    return _SPACES.sub(" ", without_accents(text)).strip().lower()


def without_accents(text: str) -> str:
    """Return ``text`` without accents, its case and spaces as they are.

    >>> without_accents("Đảng uỷ")
    'Dang uy'
    """
    decomposed = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def normalise(text: str) -> str:
    """Return ``text`` in NFC with single spaces: the one form that is stored (macOS types NFD)."""
    return _SPACES.sub(" ", unicodedata.normalize("NFC", text)).strip()


def row_id(raw: str) -> int | None:
    """Return the number of a row as a form or an address carries it; ``None`` for what no row can have."""
    return int(raw) if raw.isascii() and raw.isdigit() and len(raw) <= 18 else None
