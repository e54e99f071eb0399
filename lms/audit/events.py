"""Recording what happens often and at the same time: signing in, being refused, taking files along.

A stream of the record has one writer at a time. Five thousand people sign in within five minutes, so these events are
spread over streams of a day and a shard: ``security:2026-11-30:3``. Each names its request; the request's address
stands in :class:`~lms.audit.traces.RequestTrace`, which is deleted in time.
"""

from __future__ import annotations

import datetime as dt
import threading
import zlib
from typing import Any, Final

from django.conf import settings
from django.db import transaction

from lms.audit.seals import mac_of
from lms.audit.services import record
from lms.audit.traces import RequestTrace
from lms.common.clock import now, today
from lms.common.request_context import RequestFacts, current_request

SECURITY: Final = "security"
EXPORTS: Final = "exports"
SHARDS: Final = 8


def note_event(
    *,
    action: str,
    actor: Any | None = None,
    target: str = "",
    data: dict[str, Any] | None = None,
    kind: str = SECURITY,
) -> None:
    """Record an event of the present request in one of the day's streams.

    Args:
        action: a dotted verb, ``people.signed_in``.
        actor: the person who acts; ``None`` for somebody unknown.
        target: what was acted on, ``user:17``.
        data: further facts; the request's identifier is added.
        kind: the group of streams, :data:`SECURITY` or :data:`EXPORTS`.
    """
    facts = current_request()
    body = dict(data or {})
    with transaction.atomic():
        if facts is not None:
            body |= {"request": facts.id, "address": address_digest(facts.id, facts.address)}
            _keep_trace(facts)
        record(actor=actor, action=action, target=target, data=body, stream=_stream(kind, actor, target, facts))


def note_bounded(
    *,
    who: str,
    action: str,
    actor: Any | None = None,
    target: str = "",
    data: dict[str, Any] | None = None,
    kind: str = SECURITY,
    first: int = 1,
    each: int = 0,
) -> None:
    """Record an event that somebody could cause without end, so that nobody fills the record by it.

    Of the events of one ``who`` in one minute the one numbered ``first`` is recorded, then every tenfold of it; the
    entry says how many there were (``count``). The first ``each`` are recorded one by one.
    """
    count = _counter.count(f"{action}\n{who}")
    if count is None or not (count <= each or _is_step(count, first)):
        return
    note_event(action=action, actor=actor, target=target, data={**(data or {}), "count": count}, kind=kind)


def forget_traces() -> int:
    """Delete the origins of requests older than ``SEN_TRACE_DAYS`` and return how many there were."""
    limit = now() - dt.timedelta(days=settings.SEN_TRACE_DAYS)
    deleted, _rows = RequestTrace.objects.filter(at__lt=limit).delete()
    return deleted


def origins_of(request_ids: set[str]) -> dict[str, str]:
    """Return the network addresses of recorded requests that are still kept, by request."""
    rows = RequestTrace.objects.filter(pk__in=request_ids)
    return dict(rows.values_list("request_id", "address"))


def address_digest(request_id: str, address: str) -> str:
    """Return what the chain keeps of an address: enough to prove a kept one, another digest in every request."""
    return mac_of("lms.audit.trace", request_id, address)[:32]


def _keep_trace(facts: RequestFacts) -> None:
    row = RequestTrace(request_id=facts.id, at=now(), address=facts.address[:64], agent=facts.agent)
    RequestTrace.objects.bulk_create([row], ignore_conflicts=True)


def _stream(kind: str, actor: Any | None, target: str, facts: RequestFacts | None) -> str:
    """Spread by person, else by target or address, so that the events of one person stand in one chain of the day."""
    person = getattr(actor, "pk", None)
    by = str(person) if person else target or (facts.address if facts else "")
    return f"{kind}:{today().isoformat()}:{zlib.crc32(by.encode()) % SHARDS}"


def _is_step(count: int, first: int) -> bool:
    while first < count:
        first *= 10
    return count == first


class _MinuteCounter:
    """Counts by key within a minute, in this process: what it bounds must not depend on a cache that may be away."""

    LONGEST: Final = 5000  # keys of one minute; a flood from many addresses is not written down one by one

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._minute = 0
        self._counts: dict[str, int] = {}

    def count(self, key: str) -> int | None:
        """Return how often ``key`` came in this minute; ``None`` where this minute has too many keys."""
        minute = int(now().timestamp()) // 60
        with self._lock:
            if minute != self._minute:
                self._minute, self._counts = minute, {}
            if key not in self._counts and len(self._counts) >= self.LONGEST:
                return None
            self._counts[key] = self._counts.get(key, 0) + 1
            return self._counts[key]

    def clear(self) -> None:
        """Forget every count (tests)."""
        with self._lock:
            self._counts = {}


_counter = _MinuteCounter()
