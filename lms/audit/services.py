"""Writing and proving the record of who did what.

Every stream is a chain: an entry's digest is HMAC-SHA256 over the digest before it and the entry's canonical JSON, so
that a changed, removed or inserted entry breaks the chain from there on. The stream's sealed head says where the chain
ends, so that cutting off its tail shows as well. The ledger (:mod:`lms.audit.ledger`) notes the ends of all streams.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction

from lms.audit.chains import ChainFault, locked_head, move_head, verify_chain
from lms.audit.ledger import note_after_commit
from lms.audit.models import LEDGER, AuditEntry, AuditHead
from lms.audit.seals import mac_of
from lms.common.clock import now

MAIN = "main"


def record(
    *,
    actor: Any | None,
    action: str,
    target: str = "",
    data: dict[str, Any] | None = None,
    stream: str = MAIN,
) -> AuditEntry:
    """Append one entry to ``stream`` inside the caller's transaction.

    The stream's head row is locked until that transaction ends, so writers of one stream queue up: give things
    that are written often a stream of their own (``class:12``), and write to several streams in a fixed order.

    Args:
        actor: the person who acts; ``None`` for the system itself.
        action: a dotted verb, ``people.role_granted``.
        target: what was acted on, ``user:17``.
        data: further facts; anything that JSON can hold, dates included.

    Side effects: after the commit the ledger of streams notes the entry, in a transaction of its own.
    """
    if stream == LEDGER:
        raise ValueError("the ledger is no stream of entries")
    body = _plain(data or {})
    with transaction.atomic():
        head = locked_head(stream)
        entry = AuditEntry(
            stream=stream,
            number=head.number + 1,
            at=now(),
            actor_id=getattr(actor, "pk", None),
            action=action,
            target=target,
            data=body,
        )
        entry.digest = mac_of(head.digest, canonical(entry))
        entry.save(force_insert=True)
        move_head(stream, entry.number, entry.digest)
        note_after_commit(stream)
    return entry


def verify(stream: str = MAIN) -> list[ChainFault]:
    """Return the faults of ``stream``, in the order of its entries; an empty list proves it whole."""
    entries = AuditEntry.objects.filter(stream=stream).order_by("number").iterator(chunk_size=2000)
    return verify_chain(stream, ((entry.number, entry.digest, canonical(entry)) for entry in entries))


def streams() -> Iterator[str]:
    """Yield the name of every stream that has entries or a head."""
    heads = AuditHead.objects.exclude(stream=LEDGER)
    names = AuditEntry.objects.order_by().values_list("stream").union(heads.values_list("stream"))
    for (name,) in names.order_by("stream"):
        yield name


def canonical(entry: AuditEntry) -> str:
    """Return the one JSON text of an entry: sorted keys, no spaces, time in UTC."""
    fields = {
        "stream": entry.stream,
        "number": entry.number,
        "at": entry.at.astimezone(dt.UTC).isoformat(timespec="microseconds"),
        "actor": entry.actor_id,
        "action": entry.action,
        "target": entry.target,
        "data": entry.data,
    }
    return json.dumps(fields, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def _plain(value: Any) -> Any:
    """Return ``value`` as every database gives it back: JSON types, whole numbers as int, no NUL, sound Unicode."""
    return _settle(json.loads(json.dumps(value, cls=DjangoJSONEncoder, allow_nan=False)))


def _settle(value: Any) -> Any:
    if isinstance(value, dict):
        return {_settle(key): _settle(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_settle(item) for item in value]
    if isinstance(value, str):
        return value.replace("\x00", "\ufffd").encode("utf-8", "replace").decode()
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value
