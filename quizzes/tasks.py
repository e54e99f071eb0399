"""Work done in the background."""

from __future__ import annotations

from django.tasks import task

from quizzes.services.imports import forget_stale, read_import, settle_readings


@task()
def forget_question_files() -> int:
    """Discard question files that nobody has finished for a month. Scheduled every night."""
    return forget_stale()


@task()
def settle_question_files() -> int:
    """Say of question files whose reading broke off that they were not read. Scheduled every minute."""
    return settle_readings()


# After everything that has a time to keep. A file that a worker dies under is tried once more (lms.common.tasks).
@task(priority=-10, max_attempts=3, timeout=900)  # type: ignore[call-overload]  # django-ox knows more options
def read_question_file(batch_id: int) -> None:
    """Read a question file; reading twice changes nothing."""
    read_import(batch_id)
