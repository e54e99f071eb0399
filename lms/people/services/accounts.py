"""Making accounts, and passwords."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import batched
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX, make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F
from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from lms.audit.services import record
from lms.common.errors import DomainError
from lms.people.access import is_root_administrator
from lms.people.models import ActivationCode, Profile, SensitiveProfile, Unit, User
from lms.people.names import split_full_name
from lms.people.phones import normalise_phone
from lms.people.services import throttling
from lms.people.services.activation import activate, end_codes, issue_activation_codes
from lms.people.services.authority import beyond, run_by
from lms.people.services.sessions import end_all
from lms.people.services.usernames import base_of, drawn_usernames, numbered_usernames

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

    An e-mail, a phone or a citizen ID that an account of the actor's own units has is refused. One that an account
    elsewhere has is kept as contested and said to nobody here: a list must not be a way to ask who exists
    (docs/adr/0030). For the same reason an office's usernames end in digits that are drawn.

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
    held = _held(people, users)
    own = _own(actor, held)
    problems = _invalid(people, users) or _taken(people, users, held, own)
    if problems:
        raise PeopleError(_("Some people could not be added."), fields=problems)
    contested = _contest(people, users, held)
    if actor is None or is_root_administrator(actor):
        wanted = [base_of(user) for user in users if not user.username]
        names = iter(numbered_usernames(wanted, {user.username.lower() for user in users if user.username}))
    else:
        # A typed name is a wish: which names are free elsewhere in the country is nothing to be tried out.
        names = iter(drawn_usernames([user.username.lower()[:120] or base_of(user) for user in users]))
        for user in users:
            user.username = ""
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
                user=user,
                citizen_id_contested=index in contested,
                **{**person.sensitive, "citizen_id": person.sensitive.get("citizen_id") or None},
            )
            for index, (person, user) in enumerate(pairs)
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


type Held = dict[str, dict[str, list[int]]]


def _values(people: Sequence[PersonData], users: Sequence[User]) -> dict[str, list[str | None]]:
    """Return what nobody else should have, by field and row, as it is compared."""
    return {
        "username": [user.username.lower() or None for user in users],
        "email": [user.email.lower() if user.email else None for user in users],
        "phone": [user.phone for user in users],
        "citizen_id": [(person.sensitive or {}).get("citizen_id") or None for person in people],
    }


def _held(people: Sequence[PersonData], users: Sequence[User]) -> Held:
    """Return the accounts that have these values already, by field and value."""
    columns: dict[str, tuple[Any, str]] = {
        "username": (User.objects.annotate(key=Lower("username")), "pk"),
        "email": (User.objects.annotate(key=Lower("email")), "pk"),
        "phone": (User.objects.annotate(key=F("phone")), "pk"),
        "citizen_id": (SensitiveProfile.objects.annotate(key=F("citizen_id")), "user_id"),
    }
    held: Held = {}
    for name, values in _values(people, users).items():
        rows, owner = columns[name]
        found: dict[str, list[int]] = {}
        for chunk in batched(sorted({value for value in values if value}), _BATCH, strict=False):
            for key, pk in rows.filter(key__in=chunk).values_list("key", owner):
                found.setdefault(key, []).append(pk)
        held[name] = found
    return held


def _own(actor: User | None, held: Held) -> set[int]:
    """Return those accounts of which ``actor`` may hear: the people of the own units."""
    ids = {pk for found in held.values() for owners in found.values() for pk in owners}
    return ids if actor is None else run_by(actor, ids)


def _taken(people: Sequence[PersonData], users: Sequence[User], held: Held, own: set[int]) -> dict[str, list[str]]:
    """Return what an account of the own units has already, or another row of the same load."""
    messages = {
        "username": _("This username is in use."),
        "email": _("This e-mail is in use."),
        "phone": _("This phone number is in use."),
        "citizen_id": _("This citizen ID is in use."),
    }
    problems: dict[str, list[str]] = {}
    for name, values in _values(people, users).items():
        seen: set[str] = set()
        for index, value in enumerate(values):
            if value is None:
                continue
            if value in seen or not own.isdisjoint(held[name].get(value, ())):
                problems[f"{index}.{name}"] = [messages[name]]
            seen.add(value)
    return problems


def _contest(people: Sequence[PersonData], users: Sequence[User], held: Held) -> set[int]:
    """Mark what an account elsewhere has; return the rows whose citizen ID is such a one."""
    values = _values(people, users)
    for user, email, phone in zip(users, values["email"], values["phone"], strict=True):
        user.email_contested = email in held["email"]
        user.phone_contested = phone in held["phone"]
    return {index for index, value in enumerate(values["citizen_id"]) if value in held["citizen_id"]}


def change_password(*, user: User, password: str, actor: User | None) -> None:
    """Set a password that passes the validators. The forced change ends, and so does whatever opened the account
    before: sessions, API tokens, activation codes that nobody has used.

    A view keeps its own session by :func:`lms.people.services.sessions.keep_session`.

    Only the person does this (``actor`` is ``user``): an office makes a code. ``None`` is the product itself.

    Raises:
        PeopleError: ``fields["password"]`` says what is wrong with it; ``not_allowed`` for somebody else's.
    """
    if actor is not None and actor.pk != user.pk:
        raise PeopleError(_("People choose their passwords themselves. Make a code instead."), code="not_allowed")
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
        end_codes(user=user)
        end_all(user=user)
        record(actor=actor, action="people.password_changed", target=f"user:{user.pk}")


def set_active(*, user: User, active: bool, actor: User | None) -> None:
    """Close or reopen an account; what the person did stays. Closing ends sessions, API tokens and unused activation
    codes for good.

    The one place that changes ``is_active`` of an account that exists (besides its erasure).

    Raises:
        PeopleError: ``not_allowed``: ``actor`` does not administer the person.
    """
    if not User.objects.filter(pk=user.pk, is_active=not active).exists():
        return
    require_administered(user, actor)
    with transaction.atomic():
        if not User.objects.filter(pk=user.pk, is_active=not active).update(is_active=active):
            return
        user.is_active = active
        if not active:
            ActivationCode.objects.filter(user=user, used_at__isnull=True).delete()
            end_all(user=user)
        record(actor=actor, action="people.opened" if active else "people.closed", target=f"user:{user.pk}")


def require_administered(user: User, actor: User | None) -> None:
    """Refuse whoever may not handle the account of ``user``.

    Raises:
        PeopleError: ``not_allowed``.
    """
    if beyond(actor, [user.pk]):
        raise PeopleError(
            _("This is for people of your own units whose roles reach no further than yours."), code="not_allowed"
        )


def change_contact(*, user: User, email: str | None, phone: str | None, actor: User | None) -> None:
    """Set the e-mail and the phone (E.164) of an account, one's own or that of a person whom ``actor`` administers.

    Links to choose a new password go there, so every session and API token ends; a view keeps the own session by
    :func:`lms.people.services.sessions.keep_session`.

    One that another account has is kept as contested, without a word: it must not tell who has an account. One's own
    is changed a few times a day, so that nobody tries numbers one after the other to see which can be signed in with.

    Raises:
        PeopleError: ``not_allowed``, ``paused``, or ``busy``.
    """
    changes = throttling.key_for("contact", str(user.pk))
    own = actor is not None and actor.pk == user.pk
    if not own:
        require_administered(user, actor)
    elif throttling.paused_until([changes]) is not None:
        raise PeopleError(
            _("You have changed your contact data several times today. Please try again tomorrow."), code="paused"
        )
    user.email, user.phone = email or None, phone or None
    fields = ["email", "phone", "email_contested", "phone_contested"]
    for _attempt in range(_ATTEMPTS):
        others = User.objects.exclude(pk=user.pk)
        user.email_contested = bool(email) and others.filter(email__iexact=email, email_contested=False).exists()
        user.phone_contested = bool(phone) and others.filter(phone=phone, phone_contested=False).exists()
        try:
            with transaction.atomic():
                user.save(update_fields=fields)
                EmailAddress.objects.filter(user=user).exclude(email=(email or "").lower()).delete()
                end_all(user=user)
                record(actor=actor, action="people.contact_changed", target=f"user:{user.pk}")
        except IntegrityError:  # somebody else took it between the look and the write: look again
            continue
        if own:
            throttling.fail(changes, throttling.CONTACT)
        return
    raise PeopleError(_("Please try again."), code="busy")
