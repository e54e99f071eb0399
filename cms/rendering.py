"""Plain text of stream bodies, for counting and searching."""

from __future__ import annotations

from typing import Any

from django.utils.html import strip_tags


def plain_text(body: Any) -> str:
    """Return the words of a stream body without markup."""
    parts: list[str] = []
    for block in body or []:
        parts.extend(block.block.get_searchable_content(block.value))
    return strip_tags(" ".join(str(part) for part in parts))


def count_words(body: Any) -> int:
    """Return the number of words, split on white space (a Vietnamese syllable counts as one)."""
    return len(plain_text(body).split())
