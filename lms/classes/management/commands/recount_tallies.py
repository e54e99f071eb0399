"""Proves the classes' tallies against their enrolments."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from lms.classes.services import tallies


class Command(BaseCommand):
    help = (
        "Compare every class's tally with a recount of its enrolments, and the sums of units with the tallies; "
        "--fix puts differences right."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--fix", action="store_true", help="write the counted figures")
        parser.add_argument("classes", nargs="*", type=int, help="ids of classes; all by default")

    def handle(self, *args: Any, **options: Any) -> None:
        class_ids = options["classes"] or None
        found = tallies.repair(class_ids) if options["fix"] else tallies.recount(class_ids)
        for difference in found:
            self.stdout.write(
                f"class {difference.class_id} slot {difference.slot} {difference.field}: "
                f"recorded {difference.recorded}, counted {difference.counted}"
            )
        sums = [] if class_ids else tallies.run_proofs(options["fix"])
        for problem in sums:
            self.stdout.write(problem)
        count = len(found) + len(sums)
        if count and not options["fix"]:
            raise CommandError(f"{count} figures differ; run again with --fix to put them right.")
        self.stdout.write(self.style.SUCCESS(f"{count} figures mended." if count else "Every tally is exact."))
