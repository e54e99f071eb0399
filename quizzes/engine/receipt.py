"""Hashes that anyone can recompute: of a paper, and of what was handed in on it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any


def canonical_json(value: Any) -> bytes:
    """Return the one JSON form of ``value``: sorted keys, no spaces, UTF-8 (no NaN)."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def digest(value: Any) -> str:
    """Return the SHA-256 of the canonical JSON of ``value`` in hex."""
    return hashlib.sha256(canonical_json(value)).hexdigest()


def receipt(paper_digest: str, answers: Mapping[int, Any]) -> str:
    """Return the receipt of a hand-in: the hash of the paper's digest and of every answer given.

    A cleared answer (``None``) is the same as none. The learner sees both inputs, so can check the receipt.
    """
    given = [[slot, answers[slot]] for slot in sorted(answers) if answers[slot] is not None]
    return digest({"paper": paper_digest, "responses": given})
