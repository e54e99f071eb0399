"""The data of an entry of the record in words: what each fact is called, and its value as people read it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.core.exceptions import FieldDoesNotExist
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from lms.classes.enums import EnrolmentStatus, StaffRole
from lms.classes.models import TrainingClass
from lms.common.formats import MISSING, date_short, moment
from lms.exams.enums import SignUp, SittingMode
from lms.people.enums import Role, TokenScope
from lms.people.models import Profile, SensitiveProfile, Unit, User
from lms.portals.office.audit.names import Named, Names
from quizzes.enums import CorrectionRule
from quizzes.models import Exam

SHOWN: Final = 5  # names of a list; the others are counted
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d.*")


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact ready for the page: what it is called, and its value in pieces, some of which lead somewhere."""

    label: str
    values: list[Named]


@dataclass(frozen=True, slots=True)
class Meaning:
    """The meaning of a key of the data; ``kind``, of :mod:`lms.portals.office.audit.names`, where it holds numbers."""

    label: str | Promise
    kind: str = ""


MEANINGS: Final[dict[str, Meaning]] = {
    "added": Meaning(gettext_lazy("Added"), "user"),
    "address": Meaning(gettext_lazy("Address")),
    "anonymous": Meaning(gettext_lazy("Anonymous")),
    "arguments": Meaning(gettext_lazy("Of what")),
    "asked": Meaning(gettext_lazy("Asked for")),
    "asked_by": Meaning(gettext_lazy("Asked by"), "user"),
    "attempt": Meaning(gettext_lazy("Attempt"), "attempt"),
    "attempts": Meaning(gettext_lazy("Attempts")),
    "before": Meaning(gettext_lazy("Before")),
    "begins_with": Meaning(gettext_lazy("Token begins with")),
    "blueprint": Meaning(gettext_lazy("Version of the blueprint")),
    "by": Meaning(pgettext_lazy("way of signing in", "By")),
    "certificates": Meaning(gettext_lazy("Certificates")),
    "choices": Meaning(gettext_lazy("Choices")),
    "closes_at": Meaning(gettext_lazy("Closes")),
    "code": Meaning(gettext_lazy("Code")),
    "coded": Meaning(gettext_lazy("With an access code")),
    "corrected": Meaning(gettext_lazy("Corrected version")),
    "count": Meaning(gettext_lazy("Number")),
    "created": Meaning(gettext_lazy("New accounts")),
    "deadline": Meaning(gettext_lazy("Until")),
    "decision": Meaning(gettext_lazy("Decision")),
    "digest": Meaning(gettext_lazy("Fingerprint")),
    "drafts": Meaning(gettext_lazy("Also those begun")),
    "draw": Meaning(gettext_lazy("Draw")),
    "due_at": Meaning(gettext_lazy("Closes")),
    "edition": Meaning(gettext_lazy("Edition"), "edition"),
    "ends_at": Meaning(gettext_lazy("Until")),
    "enrolled": Meaning(gettext_lazy("Enrolled")),
    "enrolments": Meaning(gettext_lazy("Learners"), "enrolment"),
    "entry": Meaning(gettext_lazy("Entry no.")),
    "factor": Meaning(gettext_lazy("Second factor")),
    "fields": Meaning(gettext_lazy("Changed")),
    "file": Meaning(gettext_lazy("File")),
    "form": Meaning(gettext_lazy("Format")),
    "format": Meaning(gettext_lazy("Format")),
    "forms": Meaning(gettext_lazy("Papers")),
    "from": Meaning(pgettext_lazy("change", "From")),
    "guest": Meaning(gettext_lazy("Guest no.")),
    "ids": Meaning(gettext_lazy("People"), "user"),
    "item": Meaning(gettext_lazy("Item of the programme"), "part"),
    "known_device": Meaning(gettext_lazy("Known device")),
    "learner": Meaning(gettext_lazy("Learner"), "user"),
    "learners": Meaning(gettext_lazy("Learners"), "user"),
    "lines": Meaning(gettext_lazy("Lines")),
    "marker": Meaning(gettext_lazy("Marker"), "user"),
    "markers": Meaning(gettext_lazy("Markers"), "user"),
    "marks": Meaning(gettext_lazy("Learners marked")),
    "method": Meaning(gettext_lazy("Method")),
    "minutes": Meaning(gettext_lazy("Minutes")),
    "mode": Meaning(gettext_lazy("Kind")),
    "move_roles": Meaning(gettext_lazy("Roles move along")),
    "moved": Meaning(gettext_lazy("Moved")),
    "name": Meaning(pgettext_lazy("thing", "Name")),
    "name_digest": Meaning(gettext_lazy("Fingerprint of the name typed")),
    "needs_opening": Meaning(gettext_lazy("Opened by hand")),
    "note": Meaning(gettext_lazy("Note")),
    "number": Meaning(gettext_lazy("Number")),
    "on": Meaning(pgettext_lazy("date", "On")),
    "opens_at": Meaning(gettext_lazy("Opens")),
    "out_of": Meaning(gettext_lazy("Out of")),
    "page": Meaning(gettext_lazy("Page")),
    "people": Meaning(gettext_lazy("People")),
    "points": Meaning(gettext_lazy("Points")),
    "programme": Meaning(gettext_lazy("Programme"), "page"),
    "reason": Meaning(gettext_lazy("Reason")),
    "removed": Meaning(gettext_lazy("Removed"), "user"),
    "replaced": Meaning(gettext_lazy("Took over from"), "user"),
    "replaces": Meaning(gettext_lazy("In place of entry no.")),
    "request": Meaning(gettext_lazy("Request")),
    "result": Meaning(gettext_lazy("Result no.")),
    "revision": Meaning(gettext_lazy("Revision")),
    "role": Meaning(gettext_lazy("Role")),
    "room": Meaning(gettext_lazy("Room")),
    "round": Meaning(gettext_lazy("Round")),
    "rounds": Meaning(gettext_lazy("Markers for each answer")),
    "rows": Meaning(gettext_lazy("Rows")),
    "rule": Meaning(gettext_lazy("What is done")),
    "scopes": Meaning(gettext_lazy("Permissions")),
    "score": Meaning(gettext_lazy("Score")),
    "seed": Meaning(gettext_lazy("Seed")),
    "sent": Meaning(gettext_lazy("Sent to")),
    "session": Meaning(gettext_lazy("Session"), "session"),
    "sessions": Meaning(gettext_lazy("Sessions")),
    "set": Meaning(gettext_lazy("Set of papers")),
    "sheet": Meaning(gettext_lazy("Answer sheet"), "sheet"),
    "sign_up": Meaning(gettext_lazy("Who may come in")),
    "size": Meaning(gettext_lazy("Bytes")),
    "source": Meaning(gettext_lazy("Source")),
    "starts_at": Meaning(pgettext_lazy("time", "From")),
    "status": Meaning(gettext_lazy("Answer")),
    "successors": Meaning(gettext_lazy("Successors"), "unit"),
    "text": Meaning(gettext_lazy("Text")),
    "title": Meaning(gettext_lazy("Title")),
    "to": Meaning(pgettext_lazy("change", "To")),
    "token": Meaning(gettext_lazy("Token")),
    "tolerance": Meaning(gettext_lazy("Tolerance")),
    "unit": Meaning(gettext_lazy("Unit"), "unit"),
    "until": Meaning(gettext_lazy("Until")),
    "user": Meaning(gettext_lazy("Person"), "user"),
    "users": Meaning(gettext_lazy("People"), "user"),
    "version": Meaning(gettext_lazy("Version")),
    "was": Meaning(gettext_lazy("Before")),
    "was_ended_on": Meaning(gettext_lazy("Had ended on")),
    "year": Meaning(gettext_lazy("Year")),
    "why": Meaning(gettext_lazy("Why")),
}

#: What a key means in one kind of entry only.
SPECIAL: Final[dict[tuple[str, str], Meaning]] = {
    ("people.home_moved", "from"): Meaning(pgettext_lazy("change", "From"), "unit"),
    ("people.home_moved", "to"): Meaning(pgettext_lazy("change", "To"), "unit"),
    ("people.role_granted", "from"): Meaning(pgettext_lazy("time", "From")),
    ("people.role_granted", "to"): Meaning(gettext_lazy("Until")),
    ("people.role_ended", "to"): Meaning(gettext_lazy("Until")),
    ("quizzes.item_moved", "from"): Meaning(pgettext_lazy("change", "From"), "bank"),
    ("quizzes.item_moved", "to"): Meaning(pgettext_lazy("change", "To"), "bank"),
    ("quizzes.marking_passed_on", "from"): Meaning(pgettext_lazy("change", "From"), "user"),
    ("quizzes.marking_passed_on", "to"): Meaning(pgettext_lazy("change", "To"), "user"),
}

_WAYS: Final[dict[str, Promise]] = {
    "password": gettext_lazy("password"),
    "activation": gettext_lazy("activation code"),
    "sitting_code": gettext_lazy("code of a sitting"),
    "passkey": gettext_lazy("passkey"),
    "oidc": gettext_lazy("identity of a provider"),
    "code": gettext_lazy("code"),
}
_FACTORS: Final[dict[str, Promise]] = {
    "totp": gettext_lazy("codes from an app"),
    "webauthn": gettext_lazy("passkey"),
}
_CHOICES: Final[dict[str, Mapping[str, Any]]] = {
    "role": dict([*StaffRole.choices, *Role.choices]),
    "was": dict(EnrolmentStatus.choices),
    "mode": dict(SittingMode.choices),
    "sign_up": dict(SignUp.choices),
    "rule": dict(CorrectionRule.choices),
    "scopes": dict(TokenScope.choices),
    "factor": _FACTORS,
}
_LISTS: Final = frozenset({"fields", "scopes", "certificates"})  # two of them are no change from one to the other
_MODELS: Final = (TrainingClass, User, Profile, SensitiveProfile, Unit, Exam)


def meaning(action: str, key: str) -> Meaning:
    """Return what ``key`` means in an entry of this kind; a key that nobody explained is shown as it was written."""
    return SPECIAL.get((action, key)) or MEANINGS.get(key) or Meaning(field_label(key))


def field_label(name: str) -> str:
    """Return what a form calls the field ``name``: of a class, a person, a unit, or an exam."""
    for model in _MODELS:
        try:
            field = model._meta.get_field(name)
        except FieldDoesNotExist:
            continue
        label = str(getattr(field, "verbose_name", "") or name)
        return label[:1].upper() + label[1:]
    return name


def collect(names: Names, action: str, data: Mapping[str, Any]) -> None:
    """Let ``names`` know what the data speak of."""
    for key, value in data.items():
        if kind := meaning(action, key).kind:
            rows = value[:SHOWN] if isinstance(value, list) else [value]
            names.want(kind, [row[0] if _has_role(row) else row for row in rows])


def facts_of(names: Names, action: str, data: Mapping[str, Any]) -> list[Fact]:
    """Return the data as facts, without what is empty: people first, what was before and after last."""
    found = []
    # PostgreSQL gives the keys back in an order of its own.
    for key, value in sorted(data.items(), key=lambda pair: _place_of(action, pair[0])):
        if value in (None, "", [], {}):
            continue
        told = meaning(action, key)
        found.append(Fact(str(told.label), _values(names, told.kind, key, value)))
    return found


def _place_of(action: str, key: str) -> tuple[int, str]:
    if meaning(action, key).kind == "user":
        return 0, key
    return {"from": 2, "was": 3, "to": 3}.get(key, 1), key


def _values(names: Names, kind: str, key: str, value: Any) -> list[Named]:
    if isinstance(value, list) and (kind or key in _LISTS or not _is_change(value)):
        shown = [_one(names, kind, key, one) for one in value[:SHOWN]]
        if len(value) > SHOWN:
            shown.append(Named(_("%(count)s more") % {"count": len(value) - SHOWN}))
        return shown
    return [_one(names, kind, key, value)]


def _one(names: Names, kind: str, key: str, value: Any) -> Named:
    if kind and isinstance(value, int) and not isinstance(value, bool):
        return names.of(kind, value)
    if kind and _has_role(value):
        person = names.of(kind, value[0])
        return Named(f"{person.text} ({_text(names, 'role', value[1])})", person.url)
    return Named(_text(names, key, value))


def _text(names: Names, key: str, value: Any) -> str:
    if value is None or value == "":
        return MISSING
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if _is_change(value):
        return f"{_text(names, key, value[0])} → {_text(names, key, value[1])}"
    if isinstance(value, list):
        return ", ".join(_text(names, key, one) for one in value)
    if isinstance(value, dict):
        return _inside(names, key, value)
    return _plain(key, str(value))


def _has_role(value: Any) -> bool:
    """Whether a value is a person with a role in a class."""
    return isinstance(value, list) and len(value) == 2 and isinstance(value[0], int) and isinstance(value[1], str)


def _is_change(value: Any) -> bool:
    """Whether a value is written as what was and what is."""
    return isinstance(value, list) and len(value) == 2 and not all(isinstance(one, int) for one in value)


def _inside(names: Names, key: str, value: dict[str, Any]) -> str:
    if key in ("marks", "lines", "choices"):  # one for each learner, line or question: how many says enough
        return str(len(value))
    parts = [f"{name}: {_text(names, name, one)}" for name, one in list(value.items())[:SHOWN]]
    return "; ".join([*parts, "…"] if len(value) > SHOWN else parts)


def _plain(key: str, value: str) -> str:
    if key == "fields":
        return field_label(value)
    if key == "by":  # password+code: one after the other
        return " + ".join(str(_WAYS.get(part, part)) for part in value.split("+"))
    if value in (choices := _CHOICES.get(key, {})):
        return str(choices[value])
    if _MOMENT.fullmatch(value):
        try:
            read = dt.datetime.fromisoformat(value)
        except ValueError:
            return value
        return moment(read if timezone.is_aware(read) else timezone.make_aware(read))
    if _DAY.fullmatch(value):
        try:
            return date_short(dt.date.fromisoformat(value))
        except ValueError:
            return value
    return value
