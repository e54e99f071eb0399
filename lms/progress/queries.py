"""Reads of progress that are not model shapes."""

from __future__ import annotations

from lms.programmes.queries import OutlineItem, outline


class ItemNotFound(LookupError):  # noqa: N818 (an entrance answers 404)
    """The edition has no such item (an entrance answers 404, as for an item one may not see)."""


def find_item(edition_id: int, item_id: int) -> OutlineItem:
    """The item of the edition, from the cached outline. Raises :class:`ItemNotFound`."""
    for module in outline(edition_id):
        for item in module.items:
            if item.id == item_id:
                return item
    raise ItemNotFound(item_id)
