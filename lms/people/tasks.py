"""Work done in the background and at night."""

from __future__ import annotations

from django.tasks import task

from lms.audit.events import forget_traces
from lms.people.services import recovery, sessions, throttling, tokens


@task()
def answer_reset(request_id: int) -> bool:
    """Send a link to choose a new password, where the request names an account; running twice sends one."""
    return recovery.answer_reset(request_id)


@task()
def forget_what_is_over() -> dict[str, int]:
    """Delete sessions, tokens, counters, requests and origins of requests whose time is over. Scheduled every night."""
    return {
        "sessions": sessions.forget_stale(),
        "tokens": tokens.forget_expired(),
        "throttles": throttling.forget_stale(),
        "resets": recovery.forget_stale(),
        "traces": forget_traces(),
    }
