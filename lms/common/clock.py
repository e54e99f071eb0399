"""The one place that says what time it is, so that tests may move it."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone


def now() -> dt.datetime:
    """Return the present moment, aware, in UTC."""
    return timezone.now()


def today() -> dt.date:
    """Return today's date in the installation's time zone (Asia/Ho_Chi_Minh)."""
    return timezone.localdate()
