"""Slowing down whoever guesses passwords or codes.

Only failures count. An account pauses after a few; an address only after many, because a hall of 500 people shares
one address (domain.md §2).
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Collection
from dataclasses import dataclass

from django.db import transaction

from lms.common.clock import now
from lms.people.models import Throttle


@dataclass(frozen=True, slots=True)
class Limit:
    """``failures`` within ``window`` make a pause of ``pause``."""

    failures: int
    window: dt.timedelta
    pause: dt.timedelta


_QUARTER = dt.timedelta(minutes=15)
ACCOUNT = Limit(10, _QUARTER, _QUARTER)
ADDRESS = Limit(500, _QUARTER, _QUARTER)
CODES = Limit(200, _QUARTER, _QUARTER)  # activation codes tried from one address
MAILS = Limit(3, dt.timedelta(hours=1), dt.timedelta(hours=1))  # messages to one mailbox


def key_for(kind: str, value: str) -> str:
    """Return the row's key; the value is hashed, since people type passwords into the wrong field."""
    return f"{kind}:{hashlib.sha256(value.encode()).hexdigest()[:40]}"


def paused_until(keys: Collection[str]) -> dt.datetime | None:
    """Return until when one of ``keys`` has to wait, ``None`` if none has."""
    rows = Throttle.objects.filter(key__in=keys, paused_until__gt=now())
    return max((row.paused_until for row in rows if row.paused_until), default=None)


def fail(key: str, limit: Limit) -> None:
    """Count one failure; the one that reaches the limit begins the pause."""
    moment = now()
    with transaction.atomic():
        row, created = Throttle.objects.select_for_update().get_or_create(
            key=key, defaults={"since": moment, "failures": 1}
        )
        if not created:
            if row.since + limit.window <= moment:
                row.since, row.failures = moment, 0
            row.failures += 1
        if row.failures >= limit.failures:
            row.since, row.failures, row.paused_until = moment, 0, moment + limit.pause
        row.save(update_fields=["since", "failures", "paused_until"])


def forget(key: str) -> None:
    """Take the failures of ``key`` back: its owner proved to be the owner."""
    Throttle.objects.filter(key=key).delete()
