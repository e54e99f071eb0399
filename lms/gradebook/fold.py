"""The grade fold: ledger rows → one mark on 10 per item. Pure Python, like :mod:`lms.completion.outcome`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

BEST, LAST, FIRST = "best", "last", "first"


def round_mark(mark: Decimal) -> Decimal:
    """Round a mark to two places, halves up, as marks are printed."""
    return mark.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class MarkEntry:
    """A row of the ledger. Ids grow with time; ``replaces`` is the id of the row that this one corrects.

    A ``void`` row takes out what it replaces and counts for nothing itself (an annulled attempt).
    """

    id: int
    item_id: int
    points: Decimal
    max_points: Decimal
    replaces: int | None = None
    is_attempt: bool = True
    void: bool = False

    @property
    def mark(self) -> Decimal:
        """The mark on 10, unrounded."""
        return self.points * 10 / self.max_points


def standing_entries(entries: Iterable[MarkEntry]) -> list[tuple[int, MarkEntry]]:
    """The entries in force with the id of the row each goes back to, in the order of those first rows.

    A correction takes the place of what it replaces: a regraded first attempt stays the first attempt.
    """
    rows = {entry.id: entry for entry in entries}
    replaced = {entry.replaces for entry in rows.values() if entry.replaces is not None}

    def root(entry: MarkEntry) -> int:
        while entry.replaces is not None and entry.replaces in rows:
            entry = rows[entry.replaces]
        return entry.id

    standing = (entry for entry in rows.values() if entry.id not in replaced and not entry.void)
    return sorted(((root(entry), entry) for entry in standing), key=lambda row: row[0])


def item_marks(entries: Iterable[MarkEntry], counting: Mapping[int, str]) -> dict[int, Decimal]:
    """The mark on 10 of each item by its counting rule (``best`` where none is given), unrounded."""
    by_item: dict[int, list[Decimal]] = {}
    for _root, entry in standing_entries(entries):
        by_item.setdefault(entry.item_id, []).append(entry.mark)
    return {item_id: _counted(marks, counting.get(item_id, BEST)) for item_id, marks in by_item.items()}


def _counted(marks: list[Decimal], rule: str) -> Decimal:
    if rule == FIRST:
        return marks[0]
    return marks[-1] if rule == LAST else max(marks)


def attempts_made(entries: Iterable[MarkEntry]) -> dict[int, int]:
    """Return the number of graded attempts of each item; corrections of an attempt are no further attempts."""
    made: dict[int, int] = {}
    rows = list(entries)
    roots = {root for root, _entry in standing_entries(rows)}
    for entry in rows:
        if entry.id in roots and entry.is_attempt:
            made[entry.item_id] = made.get(entry.item_id, 0) + 1
    return made
