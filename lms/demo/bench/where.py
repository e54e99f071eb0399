"""On which database a measurement runs: one of its own."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings


def add_database(parser: ArgumentParser) -> None:
    """Add the options that ``database_url`` reads."""
    parser.add_argument("--database-url", default="", help="an empty database to measure on; SQLite by default")
    parser.add_argument("--here", action="store_true", help="measure on the database of DATABASE_URL, which is empty")


def database_url(options: dict[str, Any], work: Path) -> str:
    """Return the URL of the database that the options name, else of a new SQLite file in ``work``."""
    if options["here"]:
        return str(settings.DATABASE_URL)
    return options["database_url"] or f"sqlite:///{work / 'measure.sqlite3'}"
