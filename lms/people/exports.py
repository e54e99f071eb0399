"""A person's own data as one JSON document. Higher apps register their sections."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from lms.people.models import User

type Section = Callable[[User], Any]

_sections: dict[str, Section] = {}


def register_section(name: str, section: Section) -> None:
    """Let a higher app add what it keeps about a person: ``section(user)`` returns plain JSON data."""
    _sections[name] = section


def export_person(user: User) -> dict[str, Any]:
    """Return all that is kept about ``user``, the sensitive profile included; the caller records the reading."""
    account = {
        name: getattr(user, name)
        for name in (
            "username",
            "email",
            "phone",
            "family_name",
            "middle_name",
            "given_name",
            "date_joined",
            "last_login",
        )
    }
    profile = getattr(user, "profile", None)
    sensitive = getattr(user, "sensitive", None)
    return {
        "account": account,
        "profile": {
            "position": profile.position,
            "organisation": profile.organisation,
            "unit": str(profile.unit) if profile.unit_id else None,
        }
        if profile
        else None,
        "sensitive": {
            field.name: getattr(sensitive, field.name)
            for field in sensitive._meta.concrete_fields
            if field.name not in {"user", "created_at", "updated_at"}
        }
        if sensitive
        else None,
        "roles": [
            {"role": row.role, "unit": str(row.unit), "from": row.valid_from, "to": row.valid_to}
            for row in user.memberships.select_related("unit").order_by("pk")
        ],
        **{name: section(user) for name, section in _sections.items()},
    }
