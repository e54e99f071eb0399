"""The one statement that writes an item's progress, on every database.

Several devices may report the same item at once, in any order and more than once; a single
``INSERT … ON CONFLICT DO UPDATE`` takes the maximum of what was and what comes, so that no order loses anything.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import connection

from lms.progress.models import ItemProgress, ItemState

# Who scrolled nine tenths of a text has reached its end: the last lines rarely reach the top of a screen.
REACHED = 0.9

_SQL = """
INSERT INTO {table} AS kept
    (enrolment_id, item_id, state, position, furthest, seconds, started_at, updated_at, done_at)
VALUES
    (%(enrolment_id)s, %(item_id)s, %(state)s, %(position)s, %(position)s, %(first_seconds)s, %(now)s, %(now)s,
     %(done_at)s)
ON CONFLICT (enrolment_id, item_id) DO UPDATE SET
    position = {position},
    furthest = {furthest},
    seconds = {seconds},
    updated_at = excluded.updated_at,
    state = CASE WHEN {finished} THEN 'done' ELSE 'doing' END,
    done_at = CASE WHEN kept.done_at IS NULL AND {finished} THEN excluded.updated_at ELSE kept.done_at END
RETURNING state, position, furthest, seconds, started_at = updated_at, done_at = updated_at
"""


@dataclass(frozen=True, slots=True)
class KeptProgress:
    """The row after the statement, and what the statement changed."""

    state: str
    position: float
    furthest: float
    seconds: int
    just_started: bool
    just_done: bool


def keep(
    *,
    enrolment_id: int,
    item_id: int,
    now: dt.datetime,
    position: float | None,
    seconds: int,
    finish: bool,
    min_seconds: int,
    tolerance: int,
) -> KeptProgress:
    """Write progress and return what is kept.

    ``seconds`` is the reader's own total for the item; it counts up to the time since the item's first opening plus
    ``tolerance``. ``finish`` asks for "done", which is granted when the end was reached and ``min_seconds`` were
    spent; a negative ``min_seconds`` grants it outright. ``position=None`` leaves the position alone.
    """
    is_sqlite = connection.vendor == "sqlite"
    greatest, least = ("MAX", "MIN") if is_sqlite else ("GREATEST", "LEAST")
    elapsed = (
        "(julianday(excluded.updated_at) - julianday(kept.started_at)) * 86400"
        if is_sqlite
        else "EXTRACT(EPOCH FROM excluded.updated_at - kept.started_at)"
    )
    allowed = f"CAST(ROUND({elapsed}) AS INTEGER) + %(tolerance)s"
    total = f"{greatest}(kept.seconds, {least}(%(seconds)s, {allowed}))"
    furthest = f"{greatest}(kept.furthest, excluded.furthest)"
    outright = finish and min_seconds < 0
    if outright:
        finished = "1 = 1"
    elif finish:
        finished = f"(kept.state = 'done' OR ({furthest} >= {REACHED} AND {total} >= %(min_seconds)s))"
    else:
        finished = "kept.state = 'done'"
    first_seconds = min(seconds, tolerance)
    first_position = position or 0.0
    done = outright or (finish and first_position >= REACHED and first_seconds >= min_seconds)
    adapt = connection.ops.adapt_datetimefield_value
    sql = _SQL.format(
        table=connection.ops.quote_name(ItemProgress._meta.db_table),
        position="kept.position" if position is None else "excluded.position",
        furthest=furthest,
        seconds=total,
        finished=finished,
    )
    with connection.cursor() as cursor:
        cursor.execute(
            sql,
            {
                "enrolment_id": enrolment_id,
                "item_id": item_id,
                "state": ItemState.DONE if done else ItemState.DOING,
                "position": first_position,
                "first_seconds": first_seconds,
                "seconds": seconds,
                "tolerance": tolerance,
                "min_seconds": min_seconds,
                "now": adapt(now),
                "done_at": adapt(now) if done else None,
            },
        )
        state, kept_position, kept_furthest, kept_seconds, just_started, just_done = cursor.fetchone()
    return KeptProgress(state, kept_position, kept_furthest, kept_seconds, bool(just_started), bool(just_done))


def begin_item(*, enrolment_id: int, item_id: int, at: dt.datetime) -> KeptProgress:
    """Keep that the learner has begun an item; reading time counts from then. Joins the caller's transaction."""
    return keep(
        enrolment_id=enrolment_id,
        item_id=item_id,
        now=at,
        position=None,
        seconds=0,
        finish=False,
        min_seconds=0,
        tolerance=0,
    )


def set_item_done(*, enrolment_id: int, item_id: int, at: dt.datetime) -> bool:
    """Mark an item done that is not read (exam passed, essay marked); return whether that was new.

    Joins the caller's transaction, which refreshes the standing (:mod:`lms.completion`).
    """
    kept = keep(
        enrolment_id=enrolment_id,
        item_id=item_id,
        now=at,
        position=None,
        seconds=0,
        finish=True,
        min_seconds=-1,
        tolerance=0,
    )
    return kept.just_done
