"""Move what classes have now into the sums of their units."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from lms.reports.services.settling import mark_all, settle


class Command(BaseCommand):
    help = "Settles marked classes into the sums of units; runs every minute by itself. Reports are exact either way."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--all", action="store_true", help="look at every class, after rows were written by hand")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["all"]:
            mark_all()
        self.stdout.write(f"Classes settled: {settle()}")
