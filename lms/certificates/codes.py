"""Verification codes: short enough to type from paper, too many to guess, with a check digit against slips.

Twelve characters of Crockford's base 32 (no I, L, O, U): eleven random ones, some 2^54 possibilities, and a check
digit over them. The digit is a weighted sum modulo the prime 31, which catches every single slip and every swap of
neighbours; for that the 32nd character (Z) is never used.
"""

from __future__ import annotations

import re
import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXY"
_VALUES = {char: value for value, char in enumerate(ALPHABET)} | {"O": 0, "I": 1, "L": 1}
_LENGTH = 12
_PRIME = len(ALPHABET)
_SEPARATORS = re.compile(r"[\s\-–—._]+")


def new_code() -> str:
    """Return a new random code as it is stored and printed: ``XXXX-XXXX-XXXX``."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(_LENGTH - 1))
    return _group(body + _check_digit(body))


def parse_code(text: str) -> str | None:
    """Return the code that a person meant, or ``None`` when it cannot be one.

    Lower case, missing or other separators, and the look-alikes O, I, L are understood.

    >>> parse_code("not a code") is None
    True
    """
    bare = _SEPARATORS.sub("", text).upper()
    if len(bare) != _LENGTH or not set(bare) <= _VALUES.keys():
        return None
    body = "".join(ALPHABET[_VALUES[char]] for char in bare)
    return _group(body) if _check_digit(body[:-1]) == body[-1] else None


def _check_digit(body: str) -> str:
    """Weights differ and are not zero modulo the prime: one wrong or two swapped characters change the sum."""
    total = sum(weight * _VALUES[char] for weight, char in enumerate(body, start=2))
    return ALPHABET[total % _PRIME]


def _group(code: str) -> str:
    return "-".join(code[start : start + 4] for start in range(0, _LENGTH, 4))
