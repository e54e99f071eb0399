"""``manage.py export_audit_anchor``: write down where every stream of the audit trail stands."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from lms.audit.anchors import first_problems, make_anchor, write


class Command(BaseCommand):
    help = "Write a dated anchor of the audit trail, to be kept on another machine or on paper."

    def add_arguments(self, parser: CommandParser) -> None:
        folder = Path(settings.SEN_ANCHORS_DIR)
        parser.add_argument("--to", type=Path, metavar="FOLDER", default=folder, help=f"where to write ({folder})")

    def handle(self, *args: Any, to: Path, **options: Any) -> None:
        problems = first_problems()
        if problems:
            raise CommandError("The audit trail is broken: run verify_audit. A broken trail gets no anchor.")
        self.stdout.write(str(write(make_anchor(), to)))
