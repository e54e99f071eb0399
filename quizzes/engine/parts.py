"""The parts of a paper by kind of question, in the order in which papers set them (docs/domain.md)."""

from __future__ import annotations

#: Part → its kinds. Choosing comes first, writing last.
PARTS: dict[str, tuple[str, ...]] = {
    "single": ("single_choice",),
    "multiple": ("multiple_response",),
    "true_false": ("true_false_group",),
    "arrange": ("matching", "ordering", "gap_text", "hotspot"),
    "short": ("short_text", "numeric"),
    "essay": ("essay",),
}
_PLACE = {kind: index for index, kinds in enumerate(PARTS.values()) for kind in kinds}
_NAMES = tuple(PARTS)


def part_place(kind: str) -> int:
    """Return where the part of ``kind`` stands; an unknown kind comes before the essays."""
    return _PLACE.get(kind, _PLACE["essay"] - 1)


def part_of(kind: str) -> str:
    """Return the name of the part of ``kind``."""
    return _NAMES[part_place(kind)]
