"""A warning on questions whose pictures nobody described for those who cannot see them."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Final

from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy, ngettext

from quizzes.engine.texts import undescribed_pictures
from quizzes.models import Item
from quizzes.queries.bank.flags import FlagSource

_FIELDS: Final = ("stem", "content", "key", "feedback")


def _looking() -> QuerySet[Item]:
    """Items whose present version holds a picture that looks undescribed to the database."""
    texts = {f"{name}_text": Cast(f"current__{name}", TextField()) for name in _FIELDS[1:]}
    found = Q(current__stem__contains=' alt=""') | (
        Q(current__stem__contains="<img") & ~Q(current__stem__contains=" alt=")
    )
    for name in texts:
        found |= Q(**{f"{name}__contains": ' alt=\\"\\"'})
    return Item.objects.annotate(**texts).filter(found).order_by()


def _items() -> QuerySet[Any, Any]:
    return Item.objects.filter(pk__in=_looking().values("pk")).order_by().values("pk")


def _notes(item_ids: Collection[int]) -> dict[int, str]:
    """Count exactly in the present versions of these items: one statement."""
    rows = _looking().filter(pk__in=item_ids).values_list("pk", *(f"current__{name}" for name in _FIELDS))
    counts = {pk: undescribed_pictures(parts) for pk, *parts in rows}
    return {
        pk: ngettext(
            "%(count)s picture has no description for people who cannot see it.",
            "%(count)s pictures have no description for people who cannot see them.",
            count,
        )
        % {"count": count}
        for pk, count in counts.items()
        if count
    }


DESCRIPTIONS: Final = FlagSource("alt", gettext_lazy("Picture without a description"), _items, _notes)
