"""Reads of notifications."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import QuerySet

from lms.common.prepared import counted, prepared
from lms.notifications.models import Notification


@prepared
def _unread(user: Any) -> QuerySet[Notification, int]:
    return counted(Notification.objects.visible_to(user).unread())


def unread_count(user: Any) -> int:
    """Return how many notices ``user`` has not read: one query on a partial index; the menu shows it."""
    return (_unread.first(user=user) or 0) if user.is_authenticated else 0


def params_told(kind: str, *, since: dt.datetime) -> list[dict[str, Any]]:
    """Return the parameters of the notices of ``kind`` that anybody got since then."""
    return list(Notification.objects.filter(kind=kind, created_at__gte=since).values_list("params", flat=True))
