"""Work done every minute."""

from __future__ import annotations

from django.tasks import task

from lms.audit.ledger import catch_up


@task()
def note_audit() -> int:
    """Note the streams in the ledger that a crash kept from it; returns how many were."""
    return catch_up()
