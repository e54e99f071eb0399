"""Write the search texts and fingerprints of questions that have none."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from quizzes.models import Item
from quizzes.services.bank.text_index import index_item


class Command(BaseCommand):
    help = "Makes questions findable that were stored before item banks had a search; --all writes every text again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--all", action="store_true", help="every question, not only those without a text")

    def handle(self, *args: Any, **options: Any) -> None:
        items = Item.objects.exclude(current=None)
        if not options["all"]:
            items = items.filter(text=None)
        count = 0
        for item in items.select_related("current").order_by("pk").iterator():
            if item.current is not None:
                index_item(item, item.current)
                count += 1
        self.stdout.write(f"{count} questions indexed.")
