"""While the database only reads, every page is read as before; only those that must write say that they cannot."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from tests.architecture.test_url_matrix import OURS
from tests.architecture.url_matrix import MATRIX
from tests.architecture.world import values_for
from tests.factories.cast import make_cast

#: What is shown must be on record first, is made by being asked for, or is work that cannot go on.
MUST_WRITE = {
    "login-passkey",  # the challenge stands in the session; nobody can sign in meanwhile anyway
    "mfa_login_webauthn",
    "profile-sensitive",
    "profile-export",
    "profile-data",
    "profile-data-zip",
    "office:class-learners-export",
    "office:learners-export",
    "office:unit-export",
    "office:unit-form-export",
    "teacher:export-progress",
    "teacher:export-questions",
    "teacher:export-results",
    "exams:blueprint-docx",
    "exams:blueprint-xlsx",
    "exams:marking-export",
    "exams:exam-proof-pdf",
    "exams:paper-sheet",
    "exams:sitting-export",
    "exams:statistics-export",
    "exams:paper-keys",
    "exams:paper-bundle",
    "exams:paper-pdf",
    "exams:paper-docx",
    "api:paper-file",
    "learner:join-code",
    "learner:contest-ranking",
    "attempts:attempt",
}


def only_reads(on: bool) -> None:
    """Make this connection refuse every write, or take them again."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"SET default_transaction_read_only = {'on' if on else 'off'}")
        else:
            cursor.execute(f"PRAGMA query_only = {'ON' if on else 'OFF'}")


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_pages_are_read_while_nothing_can_be_saved(client_as: Callable[..., Client]) -> None:
    cast = make_cast()
    known = values_for(cast)
    arguments = {address.name: address.arguments for address in OURS}
    clients = {role: client_as(cast.person(role)) for role in ("anonymous", "learner", "lecturer", "national_manager")}
    for client in clients.values():
        client.raise_request_exception = False
    roles = dict(zip(("anonymous", "learner"), (0, 1), strict=True))
    changed = {}
    only_reads(True)
    try:
        for name, rule in MATRIX.items():
            path = rule.path
            if not path:
                values = {argument: known[rule.arguments.get(argument, argument)] for argument in arguments[name]}
                path = reverse(name, kwargs=values)
            answers = {role: client.get(path).status_code for role, client in clients.items()}
            wrong = {status for status in answers.values() if status >= 500}
            wrong |= {answers[role] for role, place in roles.items() if answers[role] != rule.statuses[place]}
            if wrong:
                changed[name] = wrong
    finally:
        only_reads(False)
    assert changed == {name: {503} for name in MUST_WRITE}
