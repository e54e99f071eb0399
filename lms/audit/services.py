"""Writing and proving the record of who did what.

Every stream is a chain: an entry's digest is HMAC-SHA256 over the digest before it and the entry's canonical JSON, so
that a changed, removed or inserted entry breaks the chain from there on. The stream's sealed head says where the chain
ends, so that cutting off its tail shows as well.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction

from lms.audit.models import AuditEntry, AuditHead
from lms.common.clock import now

MAIN = "main"


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in a stream that is not as it was written. ``code`` is one of ``altered`` (an entry or its digest
    was changed), ``missing`` (an entry is gone), ``truncated`` (the newest entries are gone), ``head`` (the stream's
    end mark was changed or is gone).
    """

    stream: str
    number: int
    code: str


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
    """
    body = _plain(data or {})
    with transaction.atomic():
        head = _locked_head(stream)
        entry = AuditEntry(
            stream=stream,
            number=head.number + 1,
            at=now(),
            actor_id=getattr(actor, "pk", None),
            action=action,
            target=target,
            data=body,
        )
        key = _keys()[0]
        entry.digest = _digest(key, head.digest, entry)
        entry.save(force_insert=True)
        AuditHead.objects.filter(stream=stream).update(
            number=entry.number, digest=entry.digest, seal=_seal(key, stream, entry.number, entry.digest)
        )
    return entry


def verify(stream: str = MAIN) -> list[Problem]:
    """Return what is wrong with ``stream``, in the order of its entries; an empty list proves it whole."""
    problems = []
    keys = _keys()
    digest, number = "", 0
    for entry in AuditEntry.objects.filter(stream=stream).order_by("number").iterator(chunk_size=2000):
        if entry.number != number + 1:
            problems.append(Problem(stream, number + 1, "missing"))
        elif not any(hmac.compare_digest(_digest(key, digest, entry), entry.digest) for key in keys):
            problems.append(Problem(stream, entry.number, "altered"))
        digest, number = entry.digest, entry.number
    head = AuditHead.objects.filter(stream=stream).first()
    if head is None:
        if number:
            problems.append(Problem(stream, number, "head"))
    elif not any(hmac.compare_digest(_seal(key, stream, head.number, head.digest), head.seal) for key in keys) and (
        head.number,
        number,
    ) != (0, 0):
        problems.append(Problem(stream, head.number, "head"))
    elif head.number > number:
        problems.append(Problem(stream, number + 1, "truncated"))
    elif head.number < number or head.digest != digest:
        problems.append(Problem(stream, head.number + 1 if head.number < number else number, "altered"))
    return problems


def streams() -> Iterator[str]:
    """Yield the name of every stream that has entries or a head."""
    names = AuditEntry.objects.order_by().values_list("stream").union(AuditHead.objects.values_list("stream"))
    for (name,) in names.order_by("stream"):
        yield name


def _locked_head(stream: str) -> AuditHead:
    """Return the stream's head, locked until the transaction ends (SQLite locks the whole database)."""
    heads = AuditHead.objects.select_for_update()
    head = heads.filter(stream=stream).first()
    if head is None:
        AuditHead.objects.bulk_create([AuditHead(stream=stream)], ignore_conflicts=True)
        head = heads.get(stream=stream)
    return head


def _keys() -> list[bytes]:
    """The key of today first, then those of before (SECRET_KEY_FALLBACKS)."""
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return [hashlib.sha256(b"lms.audit:" + secret.encode()).digest() for secret in secrets]


def _mac(key: bytes, *parts: str) -> str:
    return hmac.new(key, "\n".join(parts).encode(), hashlib.sha256).hexdigest()


def mac_of(*parts: str) -> str:
    """Return the seal of a text with the key of today."""
    return _mac(_keys()[0], *parts)


def is_mac(seal: str, *parts: str) -> bool:
    """Whether ``seal`` was set on the text with a key of today or before."""
    return any(hmac.compare_digest(_mac(key, *parts), seal) for key in _keys())


def _seal(key: bytes, stream: str, number: int, digest: str) -> str:
    return _mac(key, "head", stream, str(number), digest)


def _digest(key: bytes, before: str, entry: AuditEntry) -> str:
    return _mac(key, before, canonical(entry))


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
