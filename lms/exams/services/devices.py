"""Reports of a running attempt's client besides answers: that it is there, and which pages it has left."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import connection
from django.utils.translation import gettext_lazy as _

from lms.common.clock import now as clock_now
from lms.exams.errors import AttemptTakenOverError
from lms.exams.models import Attempt

# One narrow upsert; nothing is written for an attempt that is not the person's or not open.
_BEAT = """
INSERT INTO exams_presence (attempt_id, seen_at)
SELECT a.id, {moment} FROM exams_attempt a WHERE a.id = %s AND a.user_id = %s AND a.state = 'open'
  AND (a.device = '' OR a.device = {device})
ON CONFLICT (attempt_id) DO UPDATE SET seen_at = excluded.seen_at
"""
_DIALECTS = {
    "sqlite": {"moment": "%s", "device": "%s"},
    "postgresql": {"moment": "%s::timestamptz", "device": "%s::text"},
}


def require_device(attempt: Attempt, device: str) -> None:
    """Refuse every device but the one that works on the attempt. One started without a device is bound to none.

    Raises:
        AttemptTakenOverError: another device has it, or the client names none.
    """
    if attempt.device and device != attempt.device:
        raise AttemptTakenOverError(_("The test goes on at another device. Take it back to answer here."))


@dataclass(frozen=True, slots=True)
class Beat:
    """The state of the attempt, for a client that has not spoken for a while."""

    state: str
    deadline: dt.datetime | None
    server_time: dt.datetime
    taken_over: bool
    from_slot: int


def beat(*, attempt_id: int, user_id: int, device: str = "") -> Beat | None:
    """Note that ``device`` is there and say how the attempt stands; ``None`` for an attempt that is not the person's.

    A device that was taken over is not noted: the board shows who really works.
    """
    moment = clock_now()
    sql = _BEAT.format(**_DIALECTS[connection.vendor])
    with connection.cursor() as cursor:
        cursor.execute(sql, [connection.ops.adapt_datetimefield_value(moment), attempt_id, user_id, device])
    row = (
        Attempt.objects.filter(pk=attempt_id, user_id=user_id)
        .values_list("state", "deadline", "device", "from_slot")
        .first()
    )
    if row is None:
        return None
    state, deadline, holder, from_slot = row
    taken_over = bool(holder) and device != holder
    return Beat(state, deadline, moment, taken_over, from_slot)


def leave_pages(*, attempt_id: int, from_slot: int) -> bool:
    """Close every question before ``from_slot`` of a one-way attempt; never opens one again. Returns if it changed."""
    return bool(
        Attempt.objects.open().filter(pk=attempt_id, one_way=True, from_slot__lt=from_slot).update(from_slot=from_slot)
    )
