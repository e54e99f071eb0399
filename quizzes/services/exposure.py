"""Noting who was shown a key, so that those who freeze papers know how far it has spread."""

from __future__ import annotations

from lms.common.clock import now
from quizzes.models import Attempt


def note_key_shown(*, attempt: Attempt) -> None:
    """Write down that the learner of ``attempt`` sees its key now. The first time counts; a repeat costs nothing."""
    if attempt.key_shown_at is not None:
        return
    attempt.key_shown_at = now()
    Attempt.objects.filter(pk=attempt.pk, key_shown_at__isnull=True).update(key_shown_at=attempt.key_shown_at)
