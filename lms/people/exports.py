"""A person's own data as one JSON document. Higher apps register their sections."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lms.common.formats import date_short, moment
from lms.people.enums import Gender, Role
from lms.people.models import User

type Section = Callable[[User], list[dict[str, Any]]]
type Words = str | Promise


@dataclass(frozen=True, slots=True)
class _Registered:
    section: Section
    title: Words
    labels: Mapping[str, Words]


_sections: dict[str, _Registered] = {}

_TITLES: dict[str, Words] = {
    "account": _("Account"),
    "profile": _("Position and unit"),
    "sensitive": _("Sensitive data"),
    "roles": _("Roles"),
    "sessions": _("Where I am signed in"),
    "tokens": _("Access by programs (API)"),
}
_CHOICES: dict[str, type[TextChoices]] = {"role": Role, "gender": Gender}
_LABELS: dict[str, Words] = {
    "username": _("Username"),
    "email": _("E-mail"),
    "phone": _("Phone"),
    "family_name": _("family name"),
    "middle_name": _("middle name"),
    "given_name": _("given name"),
    "date_joined": _("date joined"),
    "last_login": _("Last sign-in"),
    "position": _("position"),
    "organisation": _("unit / Party cell"),
    "unit": _("unit"),
    "birth_date": _("date of birth"),
    "gender": _("gender"),
    "ethnicity": _("ethnicity"),
    "hometown": _("hometown"),
    "citizen_id": _("citizen ID number"),
    "party_card": _("Party card number"),
    "party_joined_on": _("date of admission to the Party"),
    "role": _("role"),
    "from": _("from"),
    "to": _("until"),
    "name": _("name"),
    "browser": _("browser"),
    "address": _("network address"),
    "signed_in_at": _("signed in at"),
    "seen_at": _("last seen at"),
    "made_at": _("made at"),
    "holds_until": _("holds until"),
    "last_used_at": _("last used at"),
}


def register_section(name: str, section: Section, *, title: Words, labels: Mapping[str, Words]) -> None:
    """Let a higher app add what it keeps about a person: ``section(user)`` returns rows of plain data; ``labels``
    names their keys on the readable page.
    """
    _sections[name] = _Registered(section, title, labels)


@dataclass(frozen=True, slots=True)
class ReadableSection:
    """A part of the readable page: rows of (label, value)."""

    title: Words
    rows: list[list[tuple[Words, Any]]]


def readable(data: Mapping[str, Any]) -> list[ReadableSection]:
    """Return :func:`export_person`'s data with words for its names, empty values left out."""
    sections = []
    for name, part in data.items():
        registered = _sections.get(name)
        labels = registered.labels if registered else _LABELS
        rows = part if isinstance(part, list) else [part] if part else []
        named = [
            [(labels.get(key, key), _in_words(key, value)) for key, value in row.items() if value not in (None, "")]
            for row in rows
        ]
        sections.append(
            ReadableSection(registered.title if registered else _TITLES[name], [row for row in named if row])
        )
    return sections


def _in_words(key: str, value: Any) -> Any:
    """Write what the machine reads as a person does: "giảng viên" for ``lecturer``, days in figures."""
    if key in _CHOICES and value in _CHOICES[key].values:
        return _CHOICES[key](value).label
    if isinstance(value, dt.datetime):
        return moment(value)
    return date_short(value) if isinstance(value, dt.date) else value


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
        "sessions": [
            {"browser": row.agent, "address": row.address, "signed_in_at": row.created_at, "seen_at": row.seen_at}
            for row in user.user_sessions.order_by("created_at")
        ],
        "tokens": [
            {
                "name": row.name,
                "made_at": row.created_at,
                "holds_until": row.expires_at,
                "last_used_at": row.last_used_at,
            }
            for row in user.access_tokens.order_by("created_at")
        ],
        **{name: registered.section(user) for name, registered in _sections.items()},
    }
