"""Slowing down whoever guesses passwords or codes, without locking anybody out (docs/adr/0031).

Two kinds of counters stand in one table:

* *Tries* (:func:`take_try`) are counted before anything is looked at, by one conditional update, so that parallel
  tries cannot outrun the count. After a few free ones each try makes the next wait, longer and longer. A try that
  proves right gives the count back (:func:`forget`).
* *Failures* (:func:`fail`) are counted afterwards; the one that reaches a limit begins a pause. They are for what many
  people share: a network address, a mailbox, the codes of a hall.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final

from django.db import transaction
from django.db.models import Case, DateTimeField, F, Q, Value, When

from lms.common.clock import now
from lms.people.models import Throttle


@dataclass(frozen=True, slots=True)
class Limit:
    """``failures`` within ``window`` make a pause of ``pause``."""

    failures: int
    window: dt.timedelta
    pause: dt.timedelta


@dataclass(frozen=True, slots=True)
class Delay:
    """``free`` tries wait for nothing; each further one makes the next wait twice as long, up to ``longest``.

    ``forgotten`` without a try begins anew.
    """

    free: int
    longest: dt.timedelta
    forgotten: dt.timedelta

    def after(self, tries: int) -> dt.timedelta:
        """Return how long the next try waits after so many."""
        beyond = tries - self.free
        if beyond < 0:
            return dt.timedelta(0)
        return min(dt.timedelta(seconds=2 ** min(beyond, 20)), self.longest)

    @property
    def steps(self) -> range:
        """The numbers of tries at which the wait still grows."""
        last = self.free
        while self.after(last) < self.longest:
            last += 1
        return range(self.free, last + 1)


_QUARTER = dt.timedelta(minutes=15)
_HOUR = dt.timedelta(hours=1)
# Wrong passwords for one name that was typed, from one source: a known device, or a network address.
SOURCE: Final = Delay(5, _QUARTER, _HOUR)
# Wrong passwords for one name from all unknown sources together: only slows, for no more than half a minute.
ACCOUNT: Final = Delay(50, dt.timedelta(seconds=30), _HOUR)
# Wrong codes of the second factor: whoever gets there knows the password, and there are only a million codes.
FACTOR: Final = Delay(5, _QUARTER, dt.timedelta(hours=24))
ADDRESS: Final = Limit(500, _QUARTER, _QUARTER)
CODES: Final = Limit(200, _QUARTER, _QUARTER)  # activation codes tried from one address
MAILS: Final = Limit(3, _HOUR, _HOUR)  # messages to one mailbox
CONTACT: Final = Limit(5, dt.timedelta(days=1), dt.timedelta(days=1))  # changes of the own e-mail and phone
ASKED: Final = Limit(100, _HOUR, _HOUR)  # requests for a new password from one address


def key_for(kind: str, value: str) -> str:
    """Return the row's key; the value is hashed, since people type passwords into the wrong field."""
    return f"{kind}:{hashlib.sha256(value.encode()).hexdigest()[:40]}"


def paused_until(keys: Collection[str]) -> dt.datetime | None:
    """Return until when one of ``keys`` has to wait, ``None`` if none has."""
    rows = Throttle.objects.filter(key__in=keys, paused_until__gt=now())
    return max((row.paused_until for row in rows if row.paused_until), default=None)


def take_try(key: str, delay: Delay) -> dt.datetime | None:
    """Count a try of ``key`` before it is made; return until when it has to wait instead, ``None`` if it may go on.

    Of parallel tries only so many go on as one after the other would: the row is changed by one conditional update.
    """
    moment = now()
    Throttle.objects.bulk_create([Throttle(key=key, since=moment)], ignore_conflicts=True)
    forgotten = Q(since__lte=moment - delay.forgotten)
    waiting = [
        When(Q(failures=tries - 1) & ~forgotten, then=Value(moment + delay.after(tries))) for tries in delay.steps
    ]
    beyond = When(Q(failures__gte=delay.steps[-1]) & ~forgotten, then=Value(moment + delay.longest))
    taken = Throttle.objects.filter(Q(paused_until__isnull=True) | Q(paused_until__lte=moment), key=key).update(
        paused_until=Case(*waiting, beyond, default=Value(None), output_field=DateTimeField()),
        failures=Case(When(forgotten, then=Value(1)), default=F("failures") + 1),
        since=moment,
    )
    # Where the wait ended between the two statements the next try goes on.
    return None if taken else paused_until([key]) or moment + dt.timedelta(seconds=1)


def tries_of(keys: Iterable[str]) -> int:
    """Return how many tries are counted now under ``keys`` together."""
    return sum(Throttle.objects.filter(key__in=list(keys)).values_list("failures", flat=True))


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


def once_a_day(key: str) -> bool:
    """Whether this is the first call for ``key`` in 24 hours; of parallel ones only one is."""
    moment = now()
    again = moment + dt.timedelta(hours=24)
    _row, created = Throttle.objects.get_or_create(key=key, defaults={"since": moment, "paused_until": again})
    if created:
        return True
    rows = Throttle.objects.filter(key=key, paused_until__lte=moment)
    return bool(rows.update(since=moment, paused_until=again))


def forget(key: str) -> None:
    """Take the failures of ``key`` back: its owner proved to be the owner."""
    Throttle.objects.filter(key=key).delete()


def forget_stale() -> int:
    """Delete counters that nobody has touched for two days and that let nobody wait; return how many there were."""
    limit = now() - dt.timedelta(days=2)
    idle = Q(paused_until__isnull=True) | Q(paused_until__lt=limit)
    deleted, _rows = Throttle.objects.filter(idle, since__lt=limit).delete()
    return deleted
