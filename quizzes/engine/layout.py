"""Letters of a paper and what they stand for: shown letter ↔ the option's own id in the item version."""

from __future__ import annotations

import string
from collections.abc import Sequence

LETTERS = string.ascii_lowercase


def letter(index: int) -> str:
    """Return the id shown for the option at ``index``: a, b, c …

    Raises:
        IndexError: beyond the 26th option.
    """
    return LETTERS[index]


def shown_by_original(options: Sequence[str]) -> dict[str, str]:
    """Map original option ids, given in the order shown, to the paper's letters.

    >>> shown_by_original(["c", "a"])
    {'c': 'a', 'a': 'b'}
    """
    return {original: letter(index) for index, original in enumerate(options)}


def original_by_shown(options: Sequence[str]) -> dict[str, str]:
    """Map the paper's letters back to original option ids, given in the order shown."""
    return {letter(index): original for index, original in enumerate(options)}
