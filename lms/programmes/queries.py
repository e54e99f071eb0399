"""Reads of editions that other apps need in a shape of their own."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.core.cache import cache

from cms.enums import ModuleKind
from lms.programmes.enums import ItemKind
from lms.programmes.models import EditionItem, EditionModule


@dataclass(frozen=True, slots=True)
class OutlineItem:
    """An item of an edition as learners meet it."""

    id: int
    position: int
    kind: str
    title: str
    periods: int
    required: bool
    counts: bool
    weight: Decimal
    min_seconds: int
    lesson_id: int | None
    exam_id: int | None
    set_number: int | None

    @property
    def kind_label(self) -> str:
        """The kind in the reader's language."""
        return str(ItemKind(self.kind).label)


@dataclass(frozen=True, slots=True)
class OutlineModule:
    """A module of an edition with its items in order."""

    id: int
    position: int
    kind: str
    title: str
    items: tuple[OutlineItem, ...]

    @property
    def kind_label(self) -> str:
        """The kind in the reader's language."""
        return str(ModuleKind(self.kind).label)


def outline(edition_id: int) -> tuple[OutlineModule, ...]:
    """Return the modules and items of an edition; empty for an unknown one.

    Cached without an end: an edition never changes once it is committed. Two queries when cold, none when warm.
    """
    key = f"programmes:outline:{edition_id}"
    cached: tuple[OutlineModule, ...] | None = cache.get(key)
    if cached is not None:
        return cached
    items: dict[int, list[OutlineItem]] = {}
    fields = (
        "id",
        "position",
        "kind",
        "title",
        "periods",
        "required",
        "counts",
        "weight",
        "min_seconds",
        "lesson_id",
        "exam_id",
        "set_number",
    )
    rows = EditionItem.objects.filter(edition_id=edition_id).order_by("position")
    for row in rows.values("module_id", *fields):
        items.setdefault(row.pop("module_id"), []).append(OutlineItem(**row))
    built = tuple(
        OutlineModule(id=pk, position=position, kind=kind, title=title, items=tuple(items.get(pk, ())))
        for pk, position, kind, title in EditionModule.objects.filter(edition_id=edition_id)
        .order_by("position")
        .values_list("id", "position", "kind", "title")
    )
    if built:
        cache.set(key, built, timeout=None)
    return built
