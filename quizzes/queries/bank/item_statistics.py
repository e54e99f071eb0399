"""The last statistics of questions, for pages of the bank; whoever computes them registers how they are read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ItemFigures:
    """Figures of a question over all its exams: shares between 0 and 1."""

    responses: int
    difficulty: float | None  # mean share of the points: near 1 is easy
    discrimination: float | None  # corrected point-biserial
    computed_at: dt.datetime | None = None
    url: str = ""


type Reader = Callable[[Collection[int]], Mapping[int, ItemFigures]]

_readers: list[Reader] = []


def register_item_statistics(reader: Reader) -> None:
    """Say how the figures of items are read; registering the same function twice changes nothing."""
    if reader not in _readers:
        _readers.append(reader)


def unregister_item_statistics(reader: Reader) -> None:
    """Take a reader out again (for tests)."""
    _readers.remove(reader)


def item_statistics(item_ids: Collection[int]) -> dict[int, ItemFigures]:
    """Return the figures of those of these items that have any."""
    found: dict[int, ItemFigures] = {}
    for reader in _readers:
        found.update(reader(item_ids))
    return found
