"""``manage.py messages``: the translation files, without the gettext programs."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from lms.common.catalogs import collect, compile_all, problems, update


class Command(BaseCommand):
    help = "Update, check and compile the translation files of our apps."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--update", action="store_true", help="write new strings into the .po files")
        parser.add_argument("--check", action="store_true", help="fail and list every string that is not translated")
        parser.add_argument("--compile", action="store_true", help="write .mo files where the .po file is newer")
        parser.add_argument("--language", default="vi")

    def handle(self, *args: Any, language: str, verbosity: int, **options: Any) -> None:
        changed = []
        if options["update"]:
            changed += update(collect(language))
        if options["compile"]:
            changed += compile_all()
        if verbosity:
            for path in changed:
                self.stdout.write(f"wrote {path}")
        if options["check"]:
            found = problems(collect(language))
            for line in found:
                self.stderr.write(line)
            if found:
                raise CommandError(f"{len(found)} translations need work; `make messages` adds what is missing.")
