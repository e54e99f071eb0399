"""``manage.py verify_audit``: prove that the audit trail is as it was written."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from lms.audit.anchors import AnchorError, compare, compare_with_last, first_problems, load
from lms.audit.ledger import late
from lms.audit.services import streams


class Command(BaseCommand):
    help = (
        "Prove every stream of the audit trail, also against the last anchor kept here; names the first broken row of "
        "each and then ends with code 1."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--stream", action="append", help="only this stream; may be given several times")
        parser.add_argument("--against", type=Path, metavar="FILE", help="an anchor to compare with as well")

    def handle(self, *args: Any, stream: list[str] | None, against: Path | None, **options: Any) -> None:
        problems = first_problems(stream)
        if stream is None and against is None:
            problems += compare_with_last(Path(settings.SEN_ANCHORS_DIR))
        if against is not None:
            try:
                problems += compare(load(against.read_text(encoding="utf-8")))
            except (OSError, AnchorError) as error:
                raise CommandError(f"{against}: {error}", returncode=2) from error
        for problem in problems:
            self.stderr.write(f"{problem.stream} #{problem.number}: {problem.code}")
        if stream is None:
            for note in late():
                self.stdout.write(f"{note.stream} #{note.number}: noted in the ledger long after it was written")
        if problems:
            raise CommandError(f"{len(problems)} problems in the audit trail.")
        count = len(stream) if stream is not None else sum(1 for _name in streams())
        self.stdout.write(f"The audit trail is whole: {count} streams.")
