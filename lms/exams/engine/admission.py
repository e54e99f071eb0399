"""Rules of starting: the rules of windows, codes and personal terms. Pure Python."""

from __future__ import annotations

import datetime as dt
import hmac
from collections.abc import Collection, Iterable
from dataclasses import dataclass

_WEEK = 7 * 24 * 60
# What people may set, field by field. SQLite keeps any number; a limit of a million years would keep nobody out until
# the first one starts.
EXAM_BOUNDS = {"time_limit": (1, _WEEK), "late_minutes": (0, _WEEK), "max_attempts": (1, 1000)}
SITTING_BOUNDS = {"late_minutes": (0, _WEEK), "max_guests": (0, 1_000_000)}
ALLOWANCE_BOUNDS = {"extra_minutes": (0, _WEEK), "extra_percent": (0, 300), "extra_attempts": (0, 100)}

NOT_OPEN, CLOSED, LATE, CODE_REQUIRED, CODE_WRONG = "not_open", "closed", "late", "code_required", "code_wrong"


class StartRefusedError(Exception):
    """The person may not start now; ``code`` says why, ``until`` from when on it may be worth trying again."""

    def __init__(self, code: str, until: dt.datetime | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.until = until


@dataclass(frozen=True, slots=True)
class SittingRules:
    """One sitting as starting sees it."""

    id: int
    opens_at: dt.datetime
    closes_at: dt.datetime
    needs_opening: bool = False
    opened_at: dt.datetime | None = None
    stopped_at: dt.datetime | None = None
    code: str = ""
    late_minutes: int | None = None
    cut_at_close: bool | None = None

    @property
    def began_at(self) -> dt.datetime:
        """From when lateness counts: the invigilator's word where it is needed, else the timetable."""
        if self.needs_opening and self.opened_at is not None:
            return max(self.opened_at, self.opens_at)
        return self.opens_at


@dataclass(frozen=True, slots=True)
class Personal:
    """The terms of one person beyond the rules."""

    sitting_id: int | None = None
    extra_minutes: int = 0
    extra_percent: int = 0
    extra_attempts: int = 0
    opens_at: dt.datetime | None = None
    closes_at: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Admission:
    """The terms on which an attempt begins."""

    sitting_id: int | None = None
    closes_at: dt.datetime | None = None
    cut_at_close: bool | None = None
    extra_minutes: int = 0
    extra_percent: int = 0
    extra_attempts: int = 0


def clean_code(text: str) -> str:
    """Return a code as it is kept: capitals and digits, whatever was typed between them."""
    return "".join(letter for letter in text.upper() if letter.isascii() and letter.isalnum())


def same_code(one: str, other: str) -> bool:
    """Compare codes in a time that says nothing about them."""
    return hmac.compare_digest(one.encode(), other.encode())


def choose_sitting(
    places: Iterable[SittingRules], *, code: str, moment: dt.datetime, personal: Personal, late_minutes: int | None
) -> SittingRules:
    """Return the sitting in which the person may start now.

    A room settled for the person is the only one. A code picks its sitting; without one the first that is open and
    asks for none is taken. A personal window replaces the sitting's own, and with it the invigilator's word.

    Raises:
        StartRefusedError: with the reason of the sitting that comes nearest to letting the person in.
    """
    rooms = [place for place in places if personal.sitting_id in (None, place.id)]
    typed = clean_code(code)
    if typed:
        # every code is compared, so that the time taken names none of them
        matches = [place for place in rooms if same_code(place.code, typed) and place.code]
        if not matches and any(place.code for place in rooms):
            raise StartRefusedError(CODE_WRONG)
        rooms = matches or rooms
    refusals = []
    for place in sorted(rooms, key=lambda one: (one.opens_at, one.id)):
        refusal = _refusal(place, moment, personal, late_minutes)
        if refusal is None and place.code and not typed:
            refusal = StartRefusedError(CODE_REQUIRED)
        if refusal is None:
            return place
        refusals.append(refusal)
    raise _nearest(refusals)


def _refusal(
    place: SittingRules, moment: dt.datetime, personal: Personal, late_minutes: int | None
) -> StartRefusedError | None:
    opens_at = personal.opens_at or place.opens_at
    closes_at = personal.closes_at or place.closes_at
    if moment < opens_at:
        return StartRefusedError(NOT_OPEN, opens_at)
    if moment >= closes_at:
        return StartRefusedError(CLOSED)
    if personal.opens_at is not None or personal.closes_at is not None:
        return None
    if place.stopped_at is not None and moment >= place.stopped_at:
        return StartRefusedError(CLOSED)
    if place.needs_opening and (place.opened_at is None or moment < place.opened_at):
        return StartRefusedError(NOT_OPEN)
    late = place.late_minutes if place.late_minutes is not None else late_minutes
    if is_late(place.began_at, late, moment):
        return StartRefusedError(LATE)
    return None


def is_late(began_at: dt.datetime, late_minutes: int | None, moment: dt.datetime) -> bool:
    """Whether somebody who starts at ``moment`` is later than allowed."""
    return late_minutes is not None and moment > began_at + dt.timedelta(minutes=late_minutes)


def _nearest(refusals: Collection[StartRefusedError]) -> StartRefusedError:
    order = [CODE_REQUIRED, NOT_OPEN, LATE, CLOSED]
    return min(refusals, key=lambda one: order.index(one.code), default=StartRefusedError(NOT_OPEN))


def admission(place: SittingRules, personal: Personal) -> Admission:
    """Return the terms of starting in ``place``."""
    return Admission(
        sitting_id=place.id,
        closes_at=personal.closes_at or place.closes_at,
        cut_at_close=place.cut_at_close,
        extra_minutes=personal.extra_minutes,
        extra_percent=personal.extra_percent,
        extra_attempts=personal.extra_attempts,
    )


def deadline(*, moment: dt.datetime, limit: int | None, terms: Admission, cut_at_close: bool) -> dt.datetime | None:
    """Return when an attempt that starts at ``moment`` ends, ``None`` for never.

    The limit grows by the personal per cent and minutes. Where the exam ends when it closes, that end is moved by the
    same extra time, so that it is not taken away again; where it does not, closing only bars the start. Without a
    limit the end of the window is the end.
    """
    extra = dt.timedelta(minutes=(limit or 0) * terms.extra_percent / 100 + terms.extra_minutes)
    closes_at = None if terms.closes_at is None else terms.closes_at + extra
    if limit is None:
        return closes_at
    ends = moment + dt.timedelta(minutes=limit) + extra
    cut = cut_at_close if terms.cut_at_close is None else terms.cut_at_close
    return min(ends, closes_at) if cut and closes_at is not None else ends


def first_slot_of_page(slot: int, page_size: int) -> int:
    """Return the first slot of the page that holds ``slot`` (slots count from 1)."""
    return (slot - 1) // page_size * page_size + 1
