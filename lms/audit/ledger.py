"""The ledger of streams: one more chain, which notes every entry that became the end of its stream.

A stream proves itself only from its first entry to its head. Somebody who can write to the database but lacks the key
could still delete a stream with its head, or put back an older head that the server once sealed. The ledger shows both:
it names entries that are gone, and it goes on with what all other streams did since, so it cannot be put back alone.

An entry is noted just after its transaction, in a transaction of its own: noting it inside would make every writer of
the product wait for one row until the longest of them has ended. What a crash in that moment leaves out is noted by
:func:`catch_up` within a minute.
"""

from __future__ import annotations

import datetime as dt
import json
import logging
from collections.abc import Iterator

from django.db import connection, transaction
from django.db.models import F, Max, OuterRef, Q, QuerySet, Subquery

from lms.audit.chains import ChainFault, locked_head, move_head, verify_chain
from lms.audit.models import LEDGER, AuditEntry, AuditHead, LedgerEntry
from lms.audit.seals import mac_of
from lms.common.clock import now

logger = logging.getLogger(__name__)

#: An entry that the ledger has not noted after this time was withheld from it, or the server stood still.
PATIENCE = dt.timedelta(minutes=10)


def note_after_commit(stream: str) -> None:
    """Have the end of ``stream`` noted once the present transaction is committed.

    Side effects: a transaction after the caller's; its failure is logged and leaves the caller's act as it is.
    """
    _waiting().add(stream)
    transaction.on_commit(_note_waiting, robust=True)


def _waiting() -> set[str]:
    """Return the streams that wait on this thread's connection."""
    if not hasattr(connection, "sen_audit_waiting"):
        connection.sen_audit_waiting = set()  # type: ignore[attr-defined]
    waiting: set[str] = connection.sen_audit_waiting  # type: ignore[attr-defined]
    return waiting


def _note_waiting() -> None:
    """Note all streams that wait on this connection; the first call of a commit leaves the others nothing."""
    waiting = _waiting()
    names = sorted(waiting)
    waiting.clear()
    if names:
        note(names)


def note(names: list[str]) -> int:
    """Note the present end of each stream that the ledger has not noted yet; return how many were.

    Safe to call twice and from several processes: the ledger's head is locked first.
    """
    with transaction.atomic():
        if _is_gone():
            logger.error("the ledger of streams is gone: nothing is noted until somebody has looked at the audit trail")
            return 0
        head = locked_head(LEDGER)
        number, digest = head.number, head.digest
        rows = []
        for stream, end, end_digest in _ahead(names).order_by("stream").values_list("stream", "number", "digest"):
            number += 1
            row = LedgerEntry(number=number, at=now(), stream=stream, stream_number=end, stream_digest=end_digest)
            row.digest = digest = mac_of(digest, canonical(row))
            rows.append(row)
        if rows:
            LedgerEntry.objects.bulk_create(rows)
            move_head(LEDGER, number, digest)
    return len(rows)


def _is_gone() -> bool:
    """Whether streams that the ledger must have noted are there, and the ledger is not.

    A ledger that began anew would vouch for what its deletion was to hide.
    """
    if AuditHead.objects.filter(stream=LEDGER).exists():
        return False
    return AuditEntry.objects.filter(at__lt=now() - PATIENCE).exists()


def catch_up() -> int:
    """Note the streams that nobody noted after their commit; return how many were."""
    names = list(_ahead().values_list("stream", flat=True))
    if not names:
        return 0
    logger.warning("%s streams of the audit trail were not noted at once; noting them now", len(names))
    return note(names)


def verify_ledger() -> list[ChainFault]:
    """Return the faults that the ledger shows: its own, and streams that no longer are as it saw them."""
    rows = LedgerEntry.objects.order_by("number").iterator(chunk_size=2000)
    problems = verify_chain(LEDGER, ((row.number, row.digest, canonical(row)) for row in rows))
    seen = AuditEntry.objects.filter(stream=OuterRef("stream"), number=OuterRef("stream_number")).values("digest")[:1]
    gone = LedgerEntry.objects.annotate(kept=Subquery(seen)).filter(Q(kept=None) | ~Q(kept=F("stream_digest")))
    for row in gone.order_by("number"):
        code = "ledger_missing" if row.kept is None else "ledger_differs"
        problems.append(ChainFault(row.stream, row.stream_number, code))
    since = now() - PATIENCE
    for stream, number in _ahead().order_by("stream").values_list("stream", "number"):
        if AuditEntry.objects.filter(stream=stream, number=number, at__lt=since).exists():
            problems.append(ChainFault(stream, number, "not_in_ledger"))
    return problems


def late(since: dt.datetime | None = None) -> Iterator[ChainFault]:
    """Yield the entries that the ledger noted long after they were written (code ``late``), from ``since`` on.

    Nothing is wrong with them by itself: the server may have been cut off between two transactions. It is worth a look
    when nobody remembers such a moment.
    """
    written = AuditEntry.objects.filter(stream=OuterRef("stream"), number=OuterRef("stream_number")).values("at")[:1]
    rows = LedgerEntry.objects.filter(opening=False).annotate(written=Subquery(written))
    if since is not None:
        rows = rows.filter(at__gte=since)
    for row in rows.filter(written__lt=F("at") - PATIENCE).order_by("number"):
        yield ChainFault(row.stream, row.stream_number, "late")


def _ahead(names: list[str] | None = None) -> QuerySet[AuditHead]:
    """Heads that are further than the ledger's last note of their stream."""
    noted = (
        LedgerEntry.objects.filter(stream=OuterRef("stream"))
        .order_by()
        .values("stream")
        .annotate(last=Max("stream_number"))
        .values("last")
    )
    heads = AuditHead.objects.exclude(stream=LEDGER).filter(number__gt=0)
    if names is not None:
        heads = heads.filter(stream__in=names)
    return heads.annotate(noted=Subquery(noted)).filter(Q(noted=None) | Q(noted__lt=F("number")))


def canonical(row: LedgerEntry) -> str:
    """Return the one JSON text of a note: sorted keys, no spaces, time in UTC."""
    fields = {
        "number": row.number,
        "at": row.at.astimezone(dt.UTC).isoformat(timespec="microseconds"),
        "stream": row.stream,
        "stream_number": row.stream_number,
        "stream_digest": row.stream_digest,
        "opening": row.opening,
    }
    return json.dumps(fields, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
