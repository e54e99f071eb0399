"""Reads of a running attempt for its learner."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
from typing import Any, NamedTuple

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse

from lms.common.clock import now as clock_now
from lms.common.prepared import prepared
from lms.exams.enums import AttemptState
from lms.exams.models import Attempt, Response


class AttemptRef(NamedTuple):
    """The unchanging facts of an attempt. The token, unguessable and unique, proves that the row still is this one."""

    id: int
    user_id: int
    paper_id: int
    seed: int
    token: str
    one_way: bool
    page_size: int


_REF_FIELDS = ("pk", "user_id", "paper_id", "paper__seed", "token", "one_way", "page_size")
# What only compiling a paper needs.
_BULKY = ("paper__content", "paper__layout")

_REFS_KEPT = 100_000
_refs: dict[int, AttemptRef] = {}


def attempt_ref(attempt_id: int, *, fresh: bool = False) -> AttemptRef | None:
    """Return the unchanging facts of an attempt, from this process's memory unless ``fresh``.

    A remembered answer may be outdated only when the database was put back; who gets "no" with it asks again with
    ``fresh=True`` before saying so.
    """
    if not fresh and (known := _refs.get(attempt_id)):
        return known
    row = Attempt.objects.filter(pk=attempt_id).values_list(*_REF_FIELDS).first()
    if row is None:
        _refs.pop(attempt_id, None)
        return None
    if len(_refs) >= _REFS_KEPT:
        _refs.clear()
    ref = _refs[attempt_id] = AttemptRef(*row)
    return ref


@prepared
def _own_attempt(user: Any, attempt: Any) -> QuerySet[Attempt]:
    return Attempt.objects.visible_to(user).filter(pk=attempt).select_related("exam", "paper").defer(*_BULKY)


@prepared
def _own_paper(user: Any, attempt: Any) -> QuerySet[Attempt, tuple[int, str]]:
    return Attempt.objects.visible_to(user).filter(pk=attempt).values_list("paper_id", "paper__digest")


def own_attempt(user: Any, attempt_id: int) -> Attempt | None:
    """Return the attempt, if it is one that ``user`` may see, with its exam and paper."""
    return _own_attempt.first(user=user, attempt=attempt_id)


def own_paper(user: Any, attempt_id: int) -> tuple[int, str] | None:
    """Return (id, digest) of the paper of an attempt that ``user`` may see."""
    return _own_paper.first(user=user, attempt=attempt_id)


def iso(moment: dt.datetime | None) -> str | None:
    """Return ``moment`` as the API writes it: UTC with milliseconds and ``Z``."""
    if moment is None:
        return None
    return moment.astimezone(dt.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def grace() -> dt.timedelta:
    """Return how long after the deadline an answer that was on its way is still taken."""
    return dt.timedelta(seconds=settings.SEN_ATTEMPT_GRACE_SECONDS)


def is_overdue(attempt: Attempt, now: dt.datetime | None = None) -> bool:
    """Whether an open attempt should have been handed in by the clock."""
    return (
        attempt.state == AttemptState.OPEN
        and attempt.deadline is not None
        and attempt.deadline + grace() < (now or clock_now())
    )


def overdue_since(span: dt.timedelta) -> QuerySet[Attempt]:
    """Return open attempts whose deadline and grace passed more than ``span`` ago: nobody hands them in."""
    return Attempt.objects.open().filter(deadline__lt=clock_now() - grace() - span)


def offline_keys(attempt_id: int, token: str) -> list[str]:
    """Return the keys that sign an attempt's offline file: today's first, then those of earlier secrets.

    Derived, never stored. It proves that a file comes from somebody who was given this attempt and that nobody
    changed it on the way; it cannot prove when its answers were typed, so a person decides about late ones.
    """
    message = f"offline:{attempt_id}:{token}".encode()
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return [hmac.new(b"sen.offline:" + secret.encode(), message, hashlib.sha256).hexdigest() for secret in secrets]


def offline_key(attempt_id: int, token: str) -> str:
    """Return the key that an attempt's client signs its offline file with."""
    return offline_keys(attempt_id, token)[0]


def kept_responses(attempt: Attempt) -> list[dict[str, Any]]:
    """Return every kept answer: ``[{"slot", "answer", "seq"}]``; a cleared one is ``null``."""
    rows = _kept.all(attempt=attempt)
    return [{"slot": slot, "answer": answer, "seq": seq} for slot, answer, seq in rows]


@prepared
def _kept(attempt: Any) -> QuerySet[Response, tuple[int, Any, int]]:
    return Response.objects.filter(attempt_id=attempt).order_by("slot").values_list("slot", "answer", "seq")


def attempt_payload(attempt: Attempt, *, new: bool = False, device: str = "") -> dict[str, Any]:
    """Return the attempt as the API gives it on start, resume and GET (docs/api.md).

    The mark of the ``device`` that works on it is told to that device only: to another it would be the key to the lock.

    ``paper`` is the address of the paper; give the attempt with ``select_related("paper")`` to save a query. A
    ``new`` attempt has no answers yet.
    """
    return {
        "id": attempt.pk,
        "token": attempt.token,
        "number": attempt.number,
        "state": attempt.state,
        "paper": reverse("api:attempt-paper", args=[attempt.pk]),
        "paper_code": attempt.paper.code,
        "server_time": iso(clock_now()),
        "started_at": iso(attempt.started_at),
        "deadline": iso(attempt.deadline),
        "device": attempt.device if device == attempt.device else "",
        "bound": bool(attempt.device),
        "one_way": attempt.one_way,
        "page_size": attempt.page_size,
        "from_slot": attempt.from_slot,
        "offline_key": offline_key(attempt.pk, attempt.token),
        "responses": [] if new else kept_responses(attempt),
    }
