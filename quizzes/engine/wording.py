"""Comparison of Vietnamese answers, and a safe way to match patterns that authors wrote.

Tone marks may stand on either vowel (hoà/hòa, uỷ/ủy), text may be composed or decomposed, đ may have been typed as
the Icelandic ð of old keyboards, spaces and dashes differ (185 - QĐ/TW), a full stop may end it: all the same answer.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Any

import re2

from lms.common.text import normalise, without_accents

# The most that a pattern may use; RE2 works in time linear to the text, whatever the pattern.
PATTERN_MEMORY = 1 << 20
MAX_PATTERN = 500

_TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")
_LOOKALIKES = str.maketrans(
    {
        **dict.fromkeys("‐‑‒–—―−", "-"),
        **dict.fromkeys("‘’‛′`´", "'"),
        **dict.fromkeys("“”„«»″", '"'),
        **dict.fromkeys("\u200b\u200c\u200d\u2060\ufeff\u00ad", None),
        "ð": "đ",
        "Ð": "Đ",
        "Ɖ": "Đ",
        "ɖ": "đ",
        "…": "...",
    }
)
_AROUND_JOINS = re.compile(r"(?<!\s)\s*+([-/])\s*+")
_ENDS = " .,;:!?\"'"


class BadPatternError(ValueError):
    """A regular expression that cannot be used; the message is RE2's own."""


def comparable(text: str, *, case: bool, accents: bool) -> str:
    """Return the form in which answers are compared.

    Args:
        text: what somebody wrote.
        case: whether upper and lower case differ.
        accents: whether accents, and đ and d, differ. Where a tone mark stands in its syllable never matters.
    """
    plain = _AROUND_JOINS.sub(r"\1", normalise(text.translate(_LOOKALIKES)))
    # What is nothing but punctuation is compared as it is.
    plain = plain.strip(_ENDS) or plain
    if not case:
        plain = plain.casefold()
    return _tones_last(plain) if accents else without_accents(plain)


def _tones_last(text: str) -> str:
    """Return ``text`` decomposed, with the tone marks of each word behind it."""
    result: list[str] = []
    tones: list[str] = []
    for char in unicodedata.normalize("NFD", text):
        if char in _TONES:
            tones.append(char)
            continue
        if tones and not char.isalpha() and not unicodedata.combining(char):
            result += tones
            tones.clear()
        result.append(char)
    return "".join(result + tones)


@lru_cache(maxsize=1024)
def compile_pattern(pattern: str, *, case: bool, accents: bool) -> Any:
    """Return ``pattern`` compiled, to be used with :func:`matches`.

    Raises:
        BadPatternError: it is not a regular expression, too long, or uses what needs unbounded time
            (look-around, back references).
    """
    if len(pattern) > MAX_PATTERN:
        raise BadPatternError(f"longer than {MAX_PATTERN} characters")
    options = re2.Options()
    options.max_mem = PATTERN_MEMORY
    options.log_errors = False
    options.case_sensitive = case
    text = unicodedata.normalize("NFC", pattern)
    try:
        return re2.compile(text if accents else without_accents(text), options)
    except re2.error as error:
        reason = error.args[0] if error.args else ""
        raise BadPatternError(reason.decode() if isinstance(reason, bytes) else str(reason)) from error


def matches(pattern: str, text: str, *, case: bool, accents: bool) -> bool:
    """Whether the whole of ``text``, with or without its last punctuation, matches ``pattern``."""
    compiled = compile_pattern(pattern, case=case, accents=accents)
    # as it was typed, and without what a keyboard or a copied page slips in (marks of no width, other dashes, ð)
    plain = {normalise(text), normalise(text.translate(_LOOKALIKES))}
    if not accents:
        plain = {without_accents(one) for one in plain}
    forms = plain | {one.rstrip(_ENDS) for one in plain}
    return any(compiled.fullmatch(one) is not None for one in forms)
