"""``manage.py prepare_site``: the front page and the lists below it, for a new installation."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand

from cms.services.site import ensure_site


class Command(BaseCommand):
    help = "Make the front page, the list of programmes and the list of news, where they are missing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--name", default=settings.WAGTAIL_SITE_NAME, help="the site's name and front page's title")

    def handle(self, *args: Any, name: str, **options: Any) -> None:
        address = urlsplit(settings.SEN_BASE_URL)
        port = address.port or (443 if address.scheme == "https" else 80)
        pages = ensure_site(name=name, hostname=address.hostname or "localhost", port=port)
        self.stdout.write(f"{settings.SEN_BASE_URL}/ shows “{pages.home.title}”.")
