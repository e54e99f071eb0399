"""Anchors: where every stream stood on a day, written to a file that is kept elsewhere.

Whoever holds the server's key can write the whole chain anew. An anchor on another machine, or on paper, shows it: the
entry that it names must still be there with the digest it had.
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils.timezone import localtime

from lms.audit.chains import ChainFault
from lms.audit.ledger import verify_ledger
from lms.audit.models import LEDGER, AuditEntry, AuditHead, LedgerEntry
from lms.audit.seals import is_mac, mac_of
from lms.audit.services import streams, verify
from lms.common.clock import now
from lms.common.errors import DomainError

VERSION = 1
NIGHTLY = "nightly"
NIGHTS = 14


class AnchorError(DomainError):
    """A file is no anchor: ``not_an_anchor``, or ``anchor_altered`` since it was written."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """The end of every stream at ``made_at``: (stream, number, digest)."""

    made_at: dt.datetime
    heads: tuple[tuple[str, int, str], ...]


def first_problems(names: list[str] | None = None) -> list[ChainFault]:
    """Return the first fault of each broken stream, by itself or by the ledger, in the order of streams.

    All streams and the ledger itself are proved, unless ``names`` says which.
    """
    first: dict[str, ChainFault] = {}
    for name in names if names is not None else streams():
        for problem in verify(name):
            _keep_first(first, problem)
    for problem in verify_ledger():
        if names is None or problem.stream in names:
            _keep_first(first, problem)
    return [first[name] for name in sorted(first)]


def _keep_first(first: dict[str, ChainFault], problem: ChainFault) -> None:
    known = first.get(problem.stream)
    if known is None or problem.number < known.number:
        first[problem.stream] = problem


def make_anchor() -> Anchor:
    """Return where each stream ends now."""
    rows = AuditHead.objects.filter(number__gt=0).order_by("stream").values_list("stream", "number", "digest")
    return Anchor(now(), tuple(rows))


def dump(anchor: Anchor) -> str:
    """Return the text of an anchor file, sealed with the server's key."""
    body = _body(anchor)
    return json.dumps({**body, "seal": mac_of("anchor", _text(body))}, ensure_ascii=False, indent=1) + "\n"


def load(text: str) -> Anchor:
    """Read an anchor file back.

    Raises:
        AnchorError: it is none, or was changed after it was written.
    """
    try:
        data: dict[str, Any] = json.loads(text)
        seal = data.pop("seal")
        heads = tuple((str(row["stream"]), int(row["number"]), str(row["digest"])) for row in data["streams"])
        anchor = Anchor(dt.datetime.fromisoformat(data["made_at"]), heads)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise AnchorError("This file is no anchor of the audit trail.", code="not_an_anchor") from error
    if not is_mac(str(seal), "anchor", _text(_body(anchor))):
        raise AnchorError("This anchor was changed after it was written.", code="anchor_altered")
    return anchor


def compare(anchor: Anchor) -> list[ChainFault]:
    """Return the streams that no longer hold what ``anchor`` saw: ``anchor_missing`` or ``anchor_differs``."""
    problems = []
    for stream, number, digest in anchor.heads:
        if stream == LEDGER:
            kept = LedgerEntry.objects.filter(number=number).values_list("digest", flat=True).first()
        else:
            kept = AuditEntry.objects.filter(stream=stream, number=number).values_list("digest", flat=True).first()
        if kept is None:
            problems.append(ChainFault(stream, number, "anchor_missing"))
        elif kept != digest:
            problems.append(ChainFault(stream, number, "anchor_differs"))
    return problems


def write(anchor: Anchor, folder: Path, kind: str = "audit") -> Path:
    """Write ``anchor`` into a dated file in ``folder``, which is made if need be; return the file's path."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{kind}-{localtime(anchor.made_at):%Y-%m-%d-%H%M%S}.json"
    path.write_text(dump(anchor), encoding="utf-8")
    return path


def compare_with_last(folder: Path) -> list[ChainFault]:
    """Return the faults that the newest anchor in ``folder`` shows; none where there is no anchor yet.

    A newest file that is no anchor, or was changed, is a fault itself: stream = the file's name, code
    ``anchor_unreadable``.
    """
    files = _dated(folder)
    if not files:
        return []
    try:
        return compare(load(files[-1].read_text(encoding="utf-8")))
    except (OSError, ValueError, AnchorError):
        return [ChainFault(files[-1].name, 0, "anchor_unreadable")]


def set_aside(folder: Path) -> Path | None:
    """Move all anchors in ``folder`` into a dated folder below it: they speak for a database that is no more.

    Returns the new folder, ``None`` when there was no anchor.
    """
    files = _dated(folder)
    if not files:
        return None
    aside = folder / f"before-{localtime(now()):%Y-%m-%d-%H%M%S}"
    aside.mkdir()
    for path in files:
        path.rename(aside / path.name)
    return aside


def _dated(folder: Path) -> list[Path]:
    """Return the anchors in ``folder``, oldest first."""
    return sorted(folder.glob("*-????-??-??-??????.json"), key=lambda path: path.stem.split("-", 1)[1])


def keep_nightly(folder: Path) -> Path:
    """Write tonight's anchor into ``folder`` and drop all but the newest :data:`NIGHTS` of the nightly ones."""
    path = write(make_anchor(), folder, NIGHTLY)
    for old in sorted(folder.glob(f"{NIGHTLY}-*.json"))[:-NIGHTS]:
        old.unlink()
    return path


def _body(anchor: Anchor) -> dict[str, Any]:
    rows = [{"stream": stream, "number": number, "digest": digest} for stream, number, digest in anchor.heads]
    return {"version": VERSION, "made_at": anchor.made_at.astimezone(dt.UTC).isoformat(), "streams": rows}


def _text(body: dict[str, Any]) -> str:
    return json.dumps(body, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
