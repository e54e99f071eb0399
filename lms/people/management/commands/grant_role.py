"""``manage.py grant_role``: a role for the first people of an installation; later ones get theirs on pages."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from lms.people.backends import find_account
from lms.people.enums import Role
from lms.people.models import Unit
from lms.people.services.memberships import MembershipError, grant_role


class Command(BaseCommand):
    help = "Give an account a role on a unit and all below it (default: the root of the tree)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("person", help="username, e-mail or phone")
        parser.add_argument("role", choices=Role.values)
        parser.add_argument("--unit", default="", help="the unit's name as it is written, or its number")

    def handle(self, *args: Any, person: str, role: str, unit: str, **options: Any) -> None:
        user = find_account(person)
        if user is None:
            raise CommandError(f"There is no account {person}. Make one: manage.py createsuperuser --username {person}")
        units = Unit.objects.current()
        units = units.filter(pk=int(unit)) if unit.isdecimal() else units.filter(name=unit)
        found = list(units[:2] if unit else Unit.objects.current().filter(depth=1)[:2])
        if len(found) != 1:
            hint = "Name one with --unit." if found else "Load the units first: manage.py load_units"
            raise CommandError(f"{'Several units fit' if found else 'No unit fits'}: {unit or 'the root'}. {hint}")
        try:
            grant_role(user=user, unit=found[0], role=role, actor=None)
        except MembershipError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{user.username}: {role} of {found[0]}")
