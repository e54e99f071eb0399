"""Making accounts, and passwords."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import batched
from typing import Any

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX, make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from lms.audit.services import record
from lms.common.errors import DomainError
from lms.common.text import fold
from lms.people.models import Profile, SensitiveProfile, Unit, User
from lms.people.names import split_full_name
from lms.people.phones import normalise_phone
from lms.people.services.activation import activate, issue_activation_codes
from lms.people.services.sessions import end_all

__all__ = [
    "PersonData",
    "activate",
    "change_contact",
    "change_password",
    "create_people",
    "create_person",
    "issue_activation_codes",
    "set_active",
]

_BATCH = 5000  # names in one IN list
_ATTEMPTS = 5  # how often a bulk load yields to another one that took the same usernames
_NOT_NAME = re.compile(r"[^a-z0-9]+")


class PeopleError(DomainError):
    """The data of a new person cannot be taken as they are; ``fields`` says which."""

    code = "invalid_person"


@dataclass(frozen=True, slots=True)
class PersonData:
    """One person to be created; the same names as the arguments of :func:`create_person`."""

    full_name: str
    username: str | None = None
    email: str | None = None
    phone: str | None = None
    password: str | None = None
    position: str = ""
    organisation: str = ""
    unit: Unit | None = None
    sensitive: Mapping[str, Any] | None = field(default=None)
    guest: bool = False  # of one sitting, without a password (lms.people.guests)


def create_person(
    *,
    full_name: str,
    username: str | None = None,
    email: str | None = None,
    phone: str | None = None,
    password: str | None = None,
    position: str = "",
    organisation: str = "",
    unit: Unit | None = None,
    sensitive: dict[str, Any] | None = None,
    actor: User | None,
) -> User:
    """Create one account with its profile; see :func:`create_people`.

    Args:
        full_name: as written, family name first.
        username: made from the folded name when ``None`` (``nguyen.van.an2``).
        phone: as typed; stored as E.164.
        password: ``None`` leaves the account closed until it is activated with a code.
        sensitive: fields of :class:`~lms.people.models.SensitiveProfile`.

    Raises:
        PeopleError: a name, phone, e-mail or citizen ID that is not valid or in use.
    """
    person = PersonData(full_name, username, email, phone, password, position, organisation, unit, sensitive)
    return create_people([person], actor=actor)[0]


def create_people(rows: Iterable[PersonData | Mapping[str, Any]], *, actor: User | None) -> list[User]:
    """Create many accounts at once, all or none, in the order of ``rows``; 10,000 take a few seconds.

    Raises:
        PeopleError: with ``fields`` keyed ``"<index>.<field>"``; nothing was created.
    """
    people = [row if isinstance(row, PersonData) else PersonData(**row) for row in rows]
    if not people:
        return []
    for attempt in range(1, _ATTEMPTS + 1):
        try:
            with transaction.atomic():
                return _create(people, actor)
        except IntegrityError:
            # Somebody took one of the names between our look and our insert: look again.
            if attempt == _ATTEMPTS:
                raise
    raise AssertionError("unreachable")


def _create(people: Sequence[PersonData], actor: User | None) -> list[User]:
    users = [_user_of(person) for person in people]
    problems = _invalid(people, users) or _taken(people, users)
    if problems:
        raise PeopleError(_("Some people could not be added."), fields=problems)
    wanted = [_base(user) for user in users if not user.username]
    names = iter(_free_usernames(wanted, {user.username.lower() for user in users if user.username}))
    for user in users:
        user.username = user.username or next(names)
        user.derive()
    User.objects.bulk_create(users, batch_size=1000)
    pairs = list(zip(people, users, strict=True))
    Profile.objects.bulk_create(
        [
            Profile(user=user, position=person.position, organisation=person.organisation, unit=person.unit)
            for person, user in pairs
        ],
        batch_size=1000,
    )
    SensitiveProfile.objects.bulk_create(
        [
            SensitiveProfile(
                user=user, **{**person.sensitive, "citizen_id": person.sensitive.get("citizen_id") or None}
            )
            for person, user in pairs
            if person.sensitive
        ],
        batch_size=1000,
    )
    if len(users) == 1:
        record(actor=actor, action="people.created", target=f"user:{users[0].pk}")
    else:
        record(
            actor=actor,
            action="people.created_many",
            data={"count": len(users), "ids": [user.pk for user in users]},
        )
    return users


def _user_of(person: PersonData) -> User:
    family, middle, given = split_full_name(person.full_name)
    return User(
        is_guest=person.guest,
        username=(person.username or "").strip(),
        email=(person.email or "").strip() or None,
        phone=normalise_phone(person.phone) if person.phone else None,
        family_name=family,
        middle_name=middle,
        given_name=given,
        # An unusable password costs no argon2 time.
        # Django draws its 40 letters one by one, which a list of 10,000 people would notice.
        password=make_password(person.password)
        if person.password is not None
        else UNUSABLE_PASSWORD_PREFIX + secrets.token_hex(20),
    )


def _invalid(people: Sequence[PersonData], users: Sequence[User]) -> dict[str, list[str]]:
    problems: dict[str, list[str]] = {}
    validated = ("username", "email", "family_name", "middle_name", "given_name")
    fields = [column for column in User._meta.concrete_fields if column.name in validated]
    for index, (person, user) in enumerate(zip(people, users, strict=True)):
        if not user.given_name:
            problems[f"{index}.full_name"] = [_("Enter the full name.")]
        if person.phone and not user.phone:
            problems[f"{index}.phone"] = [_("This is no valid phone number.")]
        for column in fields:
            value = getattr(user, column.name)
            if not value:
                continue
            try:
                column.run_validators(value)
            except ValidationError as error:
                name = "full_name" if column.name.endswith("_name") else column.name
                problems.setdefault(f"{index}.{name}", []).extend(error.messages)
    return problems


def _taken(people: Sequence[PersonData], users: Sequence[User]) -> dict[str, list[str]]:
    """Return what is in use already, in the database or in another row of the same load."""
    citizen_ids = [(person.sensitive or {}).get("citizen_id") or None for person in people]
    columns: list[tuple[str, list[str | None], Any, str]] = [
        (
            "username",
            [user.username.lower() or None for user in users],
            User.objects.annotate(key=Lower("username")),
            _("This username is in use."),
        ),
        (
            "email",
            [user.email.lower() if user.email else None for user in users],
            User.objects.annotate(key=Lower("email")),
            _("This e-mail is in use."),
        ),
        (
            "phone",
            [user.phone for user in users],
            User.objects.annotate(key=Lower("phone")),
            _("This phone number is in use."),
        ),
        (
            "citizen_id",
            citizen_ids,
            SensitiveProfile.objects.annotate(key=Lower("citizen_id")),
            _("This citizen ID is in use."),
        ),
    ]
    problems: dict[str, list[str]] = {}
    for name, values, queryset, message in columns:
        seen = _present(queryset, {value for value in values if value})
        for index, value in enumerate(values):
            if value is None:
                continue
            if value in seen:
                problems[f"{index}.{name}"] = [message]
            seen.add(value)
    return problems


def _present(queryset: Any, values: Iterable[str]) -> set[str]:
    found: set[str] = set()
    for chunk in batched(sorted(values), _BATCH, strict=False):
        found.update(queryset.filter(key__in=chunk).values_list("key", flat=True))
    return found


def _base(user: User) -> str:
    """Return the username that ``user`` would have if there were only one person of the name."""
    words = _NOT_NAME.sub(" ", fold(user.get_full_name())).split()
    return ".".join(words)[:120] or "hoc.vien"


def _free_usernames(bases: Sequence[str], reserved: set[str]) -> Iterator[str]:
    """Yield one free username for each of ``bases``: the base itself, else base2, base3 …

    Numbers are tried in windows that double, each window of all names in one query, so that ten thousand people
    of which half are called Nguyễn Văn Anh still cost a few queries.
    """
    wanted: dict[str, int] = {}
    for base in bases:
        wanted[base] = wanted.get(base, 0) + 1
    free: dict[str, list[str]] = {base: [] for base in wanted}
    nexts = dict.fromkeys(wanted, 1)
    while short := {base: count - len(free[base]) for base, count in wanted.items() if len(free[base]) < count}:
        tried = {}
        for base, missing in short.items():
            first = nexts[base]
            # The name itself goes to its own base first: "an2" may also be what somebody is really called.
            nexts[base] = first + (1 if first == 1 else max(missing, first))
            tried[base] = [_numbered(base, number) for number in range(first, nexts[base])]
        names = {name for window in tried.values() for name in window}
        used = _present(User.objects.annotate(key=Lower("username")), names) | reserved
        for base, window in tried.items():
            fresh = [name for name in window if name not in used]
            free[base] += fresh
            used.update(fresh)
            reserved.update(fresh)
    supply = {base: iter(names) for base, names in free.items()}
    for base in bases:
        yield next(supply[base])


def _numbered(base: str, number: int) -> str:
    return base if number == 1 else f"{base}{number}"


def change_password(*, user: User, password: str, actor: User | None) -> None:
    """Set a password that passes the validators; the forced change, every session and every API token of ``user`` end.

    A view keeps its own session by :func:`lms.people.services.sessions.keep_session`.

    Raises:
        PeopleError: ``fields["password"]`` says what is wrong with it.
    """
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise PeopleError(
            _("Choose another password."), code="weak_password", fields={"password": error.messages}
        ) from error
    with transaction.atomic():
        user.set_password(password)
        user.must_change_password = False
        user.save(update_fields=["password", "must_change_password"])
        end_all(user=user)
        record(actor=actor, action="people.password_changed", target=f"user:{user.pk}")


def set_active(*, user: User, active: bool, actor: User | None) -> None:
    """Close or reopen an account; what the person did stays. Closing ends every session and API token for good.

    The one place that changes ``is_active`` of an account that exists (besides its erasure).
    """
    with transaction.atomic():
        if not User.objects.filter(pk=user.pk, is_active=not active).update(is_active=active):
            return
        user.is_active = active
        if not active:
            end_all(user=user)
        record(actor=actor, action="people.opened" if active else "people.closed", target=f"user:{user.pk}")


def change_contact(*, user: User, email: str | None, phone: str | None, actor: User | None) -> None:
    """Set the e-mail and the phone (E.164) of an account.

    Links to choose a new password go there, so every session and API token ends; a view keeps the own session by
    :func:`lms.people.services.sessions.keep_session`.

    Raises:
        PeopleError: one of them belongs to another account.
    """
    try:
        with transaction.atomic():
            user.email, user.phone = email or None, phone or None
            user.save(update_fields=["email", "phone"])
            end_all(user=user)
            record(actor=actor, action="people.contact_changed", target=f"user:{user.pk}")
    except IntegrityError as error:
        raise PeopleError(_("This e-mail or phone number is in use.")) from error
