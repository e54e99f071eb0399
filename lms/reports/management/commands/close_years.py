"""Add up the years that are over, so that reports over many years stay fast."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from lms.reports.services import close_past_years


class Command(BaseCommand):
    help = "Adds up past years for reports. Safe to repeat; a year that changes later is opened again by itself."

    def handle(self, *args: Any, **options: Any) -> None:
        years = close_past_years()
        self.stdout.write(f"Closed: {', '.join(map(str, years)) if years else 'nothing to close'}")
