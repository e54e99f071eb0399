"""``manage.py backup``: the database and the uploads into a folder, with a mark when all of it succeeded."""

from __future__ import annotations

import datetime as dt
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from lms.operations.services.backups import BackupError, back_up


class Command(BaseCommand):
    help = "Back up the database and the uploads; touches SEN_BACKUP_MARKER when all of it succeeded."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--to", required=True, type=Path, help="a folder, best on another disk")
        parser.add_argument("--keep", type=int, default=14, help="days that files of the database are kept (14)")

    def handle(self, *args: Any, to: Path, keep: int, **options: Any) -> None:
        try:
            made = back_up(folder=to, keep=dt.timedelta(days=keep))
        except BackupError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{made} ({made.stat().st_size // 1024} KB), uploads in {to / 'uploads'}")
