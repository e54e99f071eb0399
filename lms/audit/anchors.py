"""Anchors: where every stream stood on a day, written to a file that is kept elsewhere.

Whoever holds the server's key can write the whole chain anew. An anchor on another machine, or on paper, shows it: the
entry that it names must still be there with the digest it had.
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from typing import Any

from lms.audit.models import AuditEntry, AuditHead
from lms.audit.services import Problem, is_mac, mac_of, streams, verify
from lms.common.clock import now
from lms.common.errors import DomainError

VERSION = 1


class AnchorError(DomainError):
    """A file is no anchor: ``not_an_anchor``, or ``anchor_altered`` since it was written."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """The end of every stream at ``made_at``: (stream, number, digest)."""

    made_at: dt.datetime
    heads: tuple[tuple[str, int, str], ...]


def first_problems(names: list[str] | None = None) -> list[Problem]:
    """Return the first broken row of each broken stream; all streams unless ``names`` says which."""
    found = []
    for name in names if names is not None else list(streams()):
        problems = verify(name)
        if problems:
            found.append(min(problems, key=lambda problem: problem.number))
    return found


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


def compare(anchor: Anchor) -> list[Problem]:
    """Return the streams that no longer hold what ``anchor`` saw: ``anchor_missing`` or ``anchor_differs``."""
    problems = []
    for stream, number, digest in anchor.heads:
        kept = AuditEntry.objects.filter(stream=stream, number=number).values_list("digest", flat=True).first()
        if kept is None:
            problems.append(Problem(stream, number, "anchor_missing"))
        elif kept != digest:
            problems.append(Problem(stream, number, "anchor_differs"))
    return problems


def _body(anchor: Anchor) -> dict[str, Any]:
    rows = [{"stream": stream, "number": number, "digest": digest} for stream, number, digest in anchor.heads]
    return {"version": VERSION, "made_at": anchor.made_at.astimezone(dt.UTC).isoformat(), "streams": rows}


def _text(body: dict[str, Any]) -> str:
    return json.dumps(body, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
