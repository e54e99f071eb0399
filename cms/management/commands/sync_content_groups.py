"""Bring Wagtail's groups in line with memberships; run every night, for roles that begin or end by date."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from cms.services.permissions import sync_all


class Command(BaseCommand):
    help = "Bring Wagtail's groups in line with memberships."

    def handle(self, *args: Any, **options: Any) -> None:
        count = sync_all()
        self.stdout.write(_("%(count)d people hold a content role today.") % {"count": count})
