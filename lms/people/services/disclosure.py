"""Handing out what is kept about a person: each reading and each file is recorded before it is given."""

from __future__ import annotations

from lms.audit.services import record
from lms.people.models import SensitiveProfile, User
from lms.people.queries import own_sensitive


def read_sensitive(*, person: User, actor: User) -> SensitiveProfile | None:
    """Return the sensitive data of a person, and record who read them."""
    record_reading(person=person, actor=actor)
    return own_sensitive(person)


def record_reading(*, person: User, actor: User) -> None:
    """Record that the sensitive data of a person are about to be shown."""
    record(actor=actor, action="people.sensitive_read", target=f"user:{person.pk}", stream="sensitive")


def record_export(*, person: User, actor: User) -> None:
    """Record that everything kept about a person is about to leave as a file."""
    record(actor=actor, action="people.exported", target=f"user:{person.pk}", stream="sensitive")
