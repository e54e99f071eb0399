"""Work done every night."""

from __future__ import annotations

from django.core.management import call_command
from django.tasks import task


@task()
def clear_away() -> None:
    """Remove finished tasks after a month, and expired sessions; both would grow for ever."""
    call_command("ox_prune", "--older-than", "30d", verbosity=0)
    call_command("clearsessions", verbosity=0)
