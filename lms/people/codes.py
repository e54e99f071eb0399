"""The form of activation codes: ten characters in two groups, none that is mistaken for another."""

from __future__ import annotations

import hashlib
import hmac

from django.conf import settings

# Without 0 O, 1 I L, 2 Z, 5 S, 8 B and U (read as V): 24 characters, 45 bits in a code.
ALPHABET = "ACDEFGHJKMNPQRTVWXY34679"
LENGTH = 10


def bare(text: str) -> str:
    """Return what was typed as the ten characters alone, in capitals."""
    return "".join(char for char in text.upper() if char.isalnum())


def readable(code: str) -> str:
    """Return ``code`` as it is printed: ``ACDEF-34679``."""
    return f"{code[:5]}-{code[5:]}"


def hash_code(code: str, *, secret: str | None = None) -> str:
    """Return what the database keeps of a code: an HMAC, since 45 bits alone could be guessed off-line."""
    key = hashlib.sha256(b"lms.people.activation:" + (secret or settings.SECRET_KEY).encode()).digest()
    return hmac.new(key, bare(code).encode(), hashlib.sha256).hexdigest()


def possible_hashes(code: str) -> list[str]:
    """Return the hash of ``code`` under today's key and those of before."""
    return [hash_code(code, secret=secret) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]
