"""Work done in the background."""

from __future__ import annotations

from django.core.management import call_command
from django.tasks import task

from cms.services.permissions import sync_all


@task()
def publish_scheduled_pages() -> None:
    """Publish and expire pages whose time has come. Scheduled every minute; Wagtail's command is idempotent."""
    call_command("publish_scheduled", verbosity=0)


@task()
def sync_content_groups() -> int:
    """Bring Wagtail's groups in line with roles that begin or end today. Scheduled every night."""
    return sync_all()
