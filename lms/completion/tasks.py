"""Work behind the requests."""

from __future__ import annotations

from django.tasks import task

from lms.completion.services.class_standings import refresh_next_part, waiting_classes


@task()
def refresh_classes() -> int:
    """Go on with every class that is worked out again; safe to repeat. Returns how many parts were done."""
    parts = 0
    for class_id in waiting_classes():
        parts += 1
        while refresh_next_part(class_id=class_id):
            parts += 1
    return parts
