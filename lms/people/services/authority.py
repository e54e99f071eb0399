"""The one question before an account is changed by somebody else: may this person handle it?"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import batched
from typing import Any

from lms.people.models import User

_BATCH = 5000


def beyond(actor: Any, user_ids: Iterable[int]) -> list[int]:
    """Return those of ``user_ids`` whose account ``actor`` may not handle; the product itself (``None``) may all."""
    wanted = sorted(set(user_ids))
    if actor is None:
        return []
    allowed: set[int] = set()
    for ids in batched(wanted, _BATCH):
        rows = User.objects.administered_by(actor).filter(pk__in=ids)
        allowed.update(rows.order_by().values_list("pk", flat=True))
    return [pk for pk in wanted if pk not in allowed]


def run_by(actor: Any, user_ids: Iterable[int]) -> set[int]:
    """Return those of ``user_ids`` for whom ``actor`` speaks: people at home in a unit that ``actor`` runs."""
    found: set[int] = set()
    # Asked even for nobody: how much work it is must not tell whether somebody was found.
    for ids in batched(sorted(set(user_ids)) or [0], _BATCH):
        found.update(User.objects.run_by(actor).filter(pk__in=ids).order_by().values_list("pk", flat=True))
    return found
