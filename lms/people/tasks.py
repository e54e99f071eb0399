"""Work done in the background and at night."""

from __future__ import annotations

from django.tasks import task

from lms.audit.events import forget_traces
from lms.people.services import emails, recovery, sent_forms, sessions, throttling, tokens


@task()
def answer_reset(request_id: int) -> bool:
    """Send a link to choose a new password, where the request names an account; running twice sends one."""
    return recovery.answer_reset(request_id)


@task()
def send_email_confirmation(user_id: int, language: str) -> bool:
    """Send the link that confirms a person's own e-mail; once it is confirmed, nothing."""
    return emails.send_confirmation(user_id=user_id, language=language)


@task()
def forget_what_is_over() -> dict[str, int]:
    """Delete sessions, tokens, counters, requests, sent forms and origins whose time is over. Scheduled every night."""
    return {
        "sessions": sessions.forget_stale(),
        "tokens": tokens.forget_expired(),
        "throttles": throttling.forget_stale(),
        "resets": recovery.forget_stale(),
        "forms": sent_forms.forget_stale(),
        "traces": forget_traces(),
    }
