"""The spread of questions: of single items for the bank and the draw, of a whole set for whoever freezes it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Max, Sum

from quizzes.models import ItemExposure


@dataclass(frozen=True, slots=True)
class Exposure:
    """Attempts in which an item was asked, and in which its learner was shown the key."""

    asked: int
    shown: int
    last_shown_at: dt.datetime | None


def exposure_of_items(item_ids: Collection[int]) -> dict[int, Exposure]:
    """Return the exposure of these items over all versions and exams, as counted last; the unasked are left out."""
    rows = (
        ItemExposure.objects.filter(version__item_id__in=list(item_ids))
        .order_by()
        .values("version__item_id")
        .annotate(total=Sum("asked"), seen=Sum("shown"), last=Max("last_shown_at"))
        .values_list("version__item_id", "total", "seen", "last")
    )
    return {item: Exposure(asked, shown, last) for item, asked, shown, last in rows}
