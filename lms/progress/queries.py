"""Reads of progress that are not model shapes."""

from __future__ import annotations

from collections.abc import Iterable

from lms.programmes.queries import OutlineItem, outline
from lms.progress.models import ItemProgress


class ItemNotFound(LookupError):  # noqa: N818 (an entrance answers 404)
    """The edition has no such item (an entrance answers 404, as for an item one may not see)."""


def find_item(edition_id: int, item_id: int) -> OutlineItem:
    """The item of the edition, from the cached outline. Raises :class:`ItemNotFound`."""
    for module in outline(edition_id):
        for item in module.items:
            if item.id == item_id:
                return item
    raise ItemNotFound(item_id)


def item_states(enrolment_id: int) -> dict[int, str]:
    """State by item of one enrolment; an item never opened is absent (to do)."""
    return dict(ItemProgress.objects.filter(enrolment_id=enrolment_id).values_list("item_id", "state"))


def item_states_of(enrolment_ids: Iterable[int]) -> dict[tuple[int, int], str]:
    """State by (enrolment, item) of many enrolments, in one read."""
    rows = ItemProgress.objects.filter(enrolment_id__in=list(enrolment_ids)).values_list(
        "enrolment_id", "item_id", "state"
    )
    return {(enrolment_id, item_id): state for enrolment_id, item_id, state in rows}
