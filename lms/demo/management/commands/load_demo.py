"""Load the demo data into an empty database."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from cms.services.site import ensure_site
from lms.audit.anchors import set_aside
from lms.common.former import refuse_former
from lms.demo.loader.load import is_empty, load
from lms.demo.texts import load_site


class Command(BaseCommand):
    help = "Loads the demo data (units, programmes, classes, people with the password sen-demo) into an empty database."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--if-empty", action="store_true", help="do nothing when the database holds people")
        parser.add_argument("--reset", action="store_true", help="first delete everything in the database")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.SEN_DEMO:
            raise CommandError("Demo data is switched off here (SEN_DEMO): its passwords are public.")
        refuse_former()
        if options["reset"]:
            call_command("flush", interactive=False, verbosity=0)
            call_command("migrate", verbosity=0)
            set_aside(Path(settings.SEN_ANCHORS_DIR))
            # Emptying took away what Wagtail's first migrations put there, and roles need its collections.
            ensure_site(name=load_site().name)
        elif not is_empty():
            if options["if_empty"]:
                return
            raise CommandError("The database is not empty. --reset deletes everything in it and loads the demo.")
        began = time.monotonic()
        load(say=self.stdout.write)
        self.stdout.write(f"Demo data loaded in {time.monotonic() - began:.0f} s.")
