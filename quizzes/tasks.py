"""Work done in the background."""

from __future__ import annotations

from django.tasks import task

from quizzes.services.attempts import expire_due


@task()
def hand_in_overdue() -> int:
    """Hand in attempts whose time is up even if their learners never come back. Scheduled every minute."""
    return expire_due()
