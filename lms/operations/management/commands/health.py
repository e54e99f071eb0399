"""``manage.py health``: how every part of the installation is, in sentences."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import override

from lms.common import health
from lms.common.steady_clock import SteadyClock
from lms.operations.services.watching import check_mail
from lms.operations.words import PARTS, meaning_of, words_of


class Command(BaseCommand):
    help = "Say how every part of the installation is; code 1 when one is not well."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--accept-clock", action="store_true", help="first say that this machine's clock is right after a leap"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["accept_clock"]:
            SteadyClock(settings.SEN_CLOCK_FILE).accept()
            self.stdout.write("The clock of this machine is believed again.")
        found = health.look() | {"mail": check_mail()}
        with override(settings.LANGUAGE_CODE):
            for name, finding in found.items():
                self.stdout.write(f"{finding.state:<9} {name:<11} {PARTS.get(name, name)}")
                if not finding.ok:
                    words = words_of(name, finding.code)
                    self.stdout.write(f"          {words.title}. {meaning_of(name, finding.code, finding.facts)}")
                    self.stdout.write(f"          → {words.advice}")
        if not all(finding.ok for finding in found.values()):
            raise CommandError("Not everything is well.", returncode=1)
