"""Shuffling that gives the same order for the same seed on every machine and every version of Python.

``random.Random`` promises stable output only for ``random()``, not for ``shuffle()``; a paper must be
reproducible from its seed for as long as its results count. So the stream is SHA-256 in counter mode.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence


def _never(_item: object) -> bool:
    return False


def _words(seed: int, stream: str) -> Iterator[int]:
    """Yield 64-bit words of the stream named ``stream`` under ``seed``, without end."""
    counter = 0
    while True:
        block = hashlib.sha256(f"{seed}/{stream}/{counter}".encode()).digest()
        for start in range(0, 32, 8):
            yield int.from_bytes(block[start : start + 8], "big")
        counter += 1


def _below(words: Iterator[int], bound: int) -> int:
    """Return an unbiased number in ``range(bound)``, throwing away words of the uneven rest."""
    limit = (1 << 64) - (1 << 64) % bound
    return next(word for word in words if word < limit) % bound


def permute[T](items: Sequence[T], *, seed: int, stream: str, fixed: Callable[[T], bool] = _never) -> list[T]:
    """Return ``items`` in a new order in which every fixed item keeps its place ("Cả ba đáp án trên").

    Args:
        items: what to order.
        seed: the paper's seed.
        stream: a name that keeps the orders of one paper independent ("questions", "options/3").
        fixed: tells whether an item must stay where it is.
    """
    free = [index for index, item in enumerate(items) if not fixed(item)]
    moved = [items[index] for index in free]
    words = _words(seed, stream)
    for last in range(len(moved) - 1, 0, -1):
        other = _below(words, last + 1)
        moved[last], moved[other] = moved[other], moved[last]
    result = list(items)
    for index, item in zip(free, moved, strict=True):
        result[index] = item
    return result
