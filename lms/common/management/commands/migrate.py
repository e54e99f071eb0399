"""``manage.py migrate``: Django's own, but it leaves databases from before the first release alone."""

from __future__ import annotations

from typing import Any

from django.core.management.commands import migrate

from lms.common.former import refuse_former


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        refuse_former(options["database"])
        super().handle(*args, **options)
