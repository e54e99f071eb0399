"""Background work of exams."""

from __future__ import annotations

from django.tasks import task

from lms.exams.services.attempts import expire_due
from lms.exams.services.exposure import refresh_exposures
from lms.exams.services.guests import expire_guests
from lms.exams.services.statistics import refresh_stale


@task()
def hand_in_overdue() -> int:
    """Hand in attempts whose time is up even if their learners never come back. Scheduled every minute."""
    return expire_due()


@task()
def refresh_statistics() -> int:
    """Work out the statistics and the exposure of exams with new results. Scheduled every two minutes."""
    refresh_exposures()
    return refresh_stale()


@task()
def forget_guests() -> int:
    """Erase the names of guests whose sitting was over long ago (SEN_GUEST_DAYS). Scheduled every night."""
    return expire_guests()
