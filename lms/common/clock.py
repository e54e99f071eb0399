"""The one place that says what time it is, so that tests may move it and a wild clock may not."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from django.utils import timezone

from lms.common.steady_clock import SteadyClock

_steady: SteadyClock | None = None


def go_steady(file: Path) -> SteadyClock:
    """Follow no wild steps from now on, in this process and those it forks (see :mod:`lms.common.steady_clock`)."""
    global _steady  # noqa: PLW0603 (one clock per process)
    _steady = SteadyClock(file)
    return _steady


def steady() -> SteadyClock | None:
    """Return the clock that follows no wild steps, where ``serve`` has set one up."""
    return _steady


def now() -> dt.datetime:
    """Return the present moment, aware, in UTC."""
    if _steady is None:
        return timezone.now()
    return dt.datetime.fromtimestamp(_steady.time(), tz=dt.UTC)


def today() -> dt.date:
    """Return today's date in the installation's time zone (Asia/Ho_Chi_Minh)."""
    return timezone.localdate(now())
