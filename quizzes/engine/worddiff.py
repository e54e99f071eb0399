"""Differences between two texts, word by word. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

type Op = Literal["same", "added", "removed"]

_TOKEN = re.compile(r"\s+|\w+|[^\w\s]")


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of words that is in both texts, only in the new one, or only in the old one."""

    op: Op
    text: str


def word_diff(old: str, new: str) -> list[Piece]:
    """Return the pieces from ``old`` to ``new``.

    Joining those that are not ``added`` gives ``old``, joining those that are not ``removed`` gives ``new``.
    """
    before, after = _TOKEN.findall(old), _TOKEN.findall(new)
    pieces: list[Piece] = []
    for tag, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            _add(pieces, "same", before[a:b])
            continue
        _add(pieces, "removed", before[a:b])
        _add(pieces, "added", after[c:d])
    return pieces


def _add(pieces: list[Piece], op: Op, tokens: list[str]) -> None:
    if tokens:
        pieces.append(Piece(op, "".join(tokens)))
