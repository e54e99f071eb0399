"""Work done in the background."""

from __future__ import annotations

from django.tasks import task

from quizzes.services.attempts import expire_due
from quizzes.services.statistics import refresh_stale


@task()
def hand_in_overdue() -> int:
    """Hand in attempts whose time is up even if their learners never come back. Scheduled every minute."""
    return expire_due()


@task()
def refresh_statistics() -> int:
    """Work out the statistics of exams with new results. Scheduled every two minutes."""
    return refresh_stale()
