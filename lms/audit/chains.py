"""One chain of rows and its sealed head: what streams of entries and the ledger of streams have in common."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from lms.audit.models import AuditHead
from lms.audit.seals import is_mac, mac_of


@dataclass(frozen=True, slots=True)
class ChainFault:
    """A fault in a stream. ``code`` is one of

    - ``altered``: an entry or its digest was changed,
    - ``missing``: an entry is gone,
    - ``truncated``: the newest entries are gone,
    - ``head``: the stream's end mark was changed or is gone,
    - ``ledger_missing``, ``ledger_differs``: the ledger of streams saw another entry here,
    - ``not_in_ledger``: the stream goes on after the last entry that the ledger saw,
    - ``anchor_missing``, ``anchor_differs``: an anchor saw another entry here,
    - ``anchor_unreadable``: the newest anchor's file was changed; ``stream`` is its name,
    - ``late``: the ledger noted the entry long after it was written (no fault by itself).
    """

    stream: str
    number: int
    code: str


def locked_head(stream: str) -> AuditHead:
    """Return the stream's head, locked until the transaction ends (SQLite locks the whole database)."""
    heads = AuditHead.objects.select_for_update()
    head = heads.filter(stream=stream).first()
    if head is None:
        AuditHead.objects.bulk_create([AuditHead(stream=stream)], ignore_conflicts=True)
        head = heads.get(stream=stream)
    return head


def move_head(stream: str, number: int, digest: str) -> None:
    """Write where the stream ends now. The caller holds :func:`locked_head`."""
    seal = mac_of("head", stream, str(number), digest)
    AuditHead.objects.filter(stream=stream).update(number=number, digest=digest, seal=seal)


def verify_chain(stream: str, rows: Iterable[tuple[int, str, str]]) -> list[ChainFault]:
    """Return the faults of a chain, in the order of its rows.

    Args:
        stream: its name, under which the head stands.
        rows: (number, digest, canonical text) of each row, in the order of their numbers.
    """
    problems = []
    digest, number = "", 0
    for row_number, row_digest, text in rows:
        if row_number != number + 1:
            problems.append(ChainFault(stream, number + 1, "missing"))
        elif not is_mac(row_digest, digest, text):
            problems.append(ChainFault(stream, row_number, "altered"))
        digest, number = row_digest, row_number
    head = AuditHead.objects.filter(stream=stream).first()
    if head is None:
        if number:
            problems.append(ChainFault(stream, number, "head"))
    elif (head.number, number) != (0, 0) and not is_mac(head.seal, "head", stream, str(head.number), head.digest):
        problems.append(ChainFault(stream, head.number, "head"))
    elif head.number > number:
        problems.append(ChainFault(stream, number + 1, "truncated"))
    elif head.number < number or head.digest != digest:
        problems.append(ChainFault(stream, head.number + 1 if head.number < number else number, "altered"))
    return problems
