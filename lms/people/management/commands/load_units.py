"""``manage.py load_units``: the country's real units."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from lms.people.services.country import load_country


class Command(BaseCommand):
    help = (
        "Add the country's units: today's 34 provinces and 3,321 communes with schools and centres, and the provinces "
        "and districts of before 1 July 2025 as dissolved units. What exists stays as it is."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--centres", default="all", help="all (default), none, or how many in each province")

    def handle(self, *args: Any, **options: Any) -> None:
        text = str(options["centres"])
        if text not in {"all", "none"} and not text.isdecimal():
            raise CommandError("--centres takes all, none or a number.")
        added = load_country(centres=None if text == "all" else 0 if text == "none" else int(text))
        for kind, count in added.items():
            self.stdout.write(f"{kind}: {count}")
        if not added:
            self.stdout.write("Nothing to add.")
