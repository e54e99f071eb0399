"""The first roles of an installation, from the command line."""

from __future__ import annotations

import io

import pytest
from django.core.management import CommandError, call_command

from lms.audit.models import AuditEntry
from lms.people.models import Membership
from tests.factories.people import make_unit, make_user

pytestmark = pytest.mark.django_db


def grant(*arguments: str) -> str:
    said = io.StringIO()
    call_command("grant_role", *arguments, stdout=said)
    return said.getvalue()


def test_the_root_is_meant_unless_a_unit_is_named() -> None:
    root = make_unit(name="Trung ương")
    centre = make_unit(root, name="Trung tâm Ba Vì")
    make_user(username="lan")
    assert grant("lan", "administrator") == "lan: administrator of Trung ương\n"
    assert grant("LAN", "centre_manager", "--unit", "Trung tâm Ba Vì") == "lan: centre_manager of Trung tâm Ba Vì\n"
    grant("lan", "auditor", "--unit", str(centre.pk))
    assert sorted(Membership.objects.values_list("role", "unit__name")) == [
        ("administrator", "Trung ương"), ("auditor", "Trung tâm Ba Vì"), ("centre_manager", "Trung tâm Ba Vì"),
    ]  # fmt: skip
    assert AuditEntry.objects.filter(action="people.role_granted").count() == 3


def test_what_is_not_there_is_said_with_the_way_to_make_it() -> None:
    with pytest.raises(CommandError, match=r"There is no account lan. Make one: manage.py createsuperuser"):
        grant("lan", "administrator")
    make_user(username="lan")
    with pytest.raises(CommandError, match=r"No unit fits: the root. Load the units first"):
        grant("lan", "administrator")
    make_unit(name="A")
    make_unit(name="B")
    with pytest.raises(CommandError, match=r"Several units fit: the root. Name one with --unit"):
        grant("lan", "administrator")
    with pytest.raises(CommandError, match="No unit fits: C"):
        grant("lan", "administrator", "--unit", "C")
