"""Reads of people that cross tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.db.models import Case, Exists, OuterRef, Q, QuerySet, When
from django.utils.translation import gettext as _

from lms.common.formats import clock
from lms.common.text import fold
from lms.people.access import ROOT_LENGTH, belonging_to, working_paths
from lms.people.codes import possible_hashes
from lms.people.enums import MANAGER_ROLES, OFFICE_ROLES, Role
from lms.people.models import ActivationCode, ErasureRequest, Membership, Profile, SensitiveProfile, Unit, User

_PLACES = ("commune", "special_zone", "district")  # kinds that nobody works under as a unit of training

FACTOR_TYPES = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)  # recovery codes alone are no factor


def bodies() -> Any:
    """Units in force that may hold roles and other units, in tree order."""
    return Unit.objects.current().exclude(kind__in=_PLACES)


def find_code(code: str) -> ActivationCode | None:
    """Return the activation code that was typed, used or not, with its person."""
    return ActivationCode.objects.select_related("user").filter(code_hash__in=possible_hashes(code)).first()


def factors_of(user: Any) -> QuerySet[Authenticator]:
    """Return what ``user`` shows beside the password when signing in: the app, passkeys; not the recovery codes."""
    return Authenticator.objects.filter(user_id=user.pk, type__in=FACTOR_TYPES)


def identities_of(user: User, *, provider: str) -> QuerySet[SocialAccount]:
    """Return the identities of ``provider`` that ``user`` has linked, the oldest first."""
    return SocialAccount.objects.filter(user_id=user.pk, provider=provider).order_by("date_joined", "pk")


def own_profile(user: User) -> Profile | None:
    """Return the profile of ``user`` with its unit."""
    return Profile.objects.select_related("unit").filter(user=user).first()


def own_sensitive(user: User) -> SensitiveProfile | None:
    """Return the sensitive profile of ``user``; the caller records the reading."""
    return SensitiveProfile.objects.filter(user=user).first()


def latest_erasure(user: User) -> ErasureRequest | None:
    """Return the newest request to erase ``user``, whatever became of it."""
    return ErasureRequest.objects.filter(user=user).first()


def own_memberships(user: User) -> list[Membership]:
    """Return the current roles of ``user`` with their units, widest first."""
    rows = Membership.objects.current().filter(user=user).select_related("unit")
    return sorted(rows, key=lambda row: (row.unit.path, row.role))


def nearest_managers(user: User) -> list[int]:
    """Return the ids of the managers of the unit of ``user``, else of the next unit above, else the administrators."""
    profile = own_profile(user)
    path = profile.unit.path if profile and profile.unit else ""
    return _nearest(path, MANAGER_ROLES, without=user.pk)


def office_of(unit_id: int | None) -> list[int]:
    """Return the ids of those who run the unit, else the next unit above, else the administrators."""
    unit = Unit.objects.filter(pk=unit_id).first()
    return _nearest(unit.path if unit else "", OFFICE_ROLES)


def _nearest(path: str, roles: Collection[str], *, without: int | None = None) -> list[int]:
    above = [path[:end] for end in range(len(path), 0, -ROOT_LENGTH)]
    rows = Membership.objects.current().filter(role__in=roles, unit__path__in=above, user__is_active=True)
    levels: dict[int, set[int]] = {}
    for manager, level in rows.exclude(user=without).values_list("user_id", "unit__depth"):
        levels.setdefault(level, set()).add(manager)
    return sorted(levels[max(levels)]) if levels else administrators()


def home_units(user_ids: Collection[int]) -> dict[int, int]:
    """Return the home unit of each person who has one: of the profile, else the first of the present roles."""
    roles = Membership.objects.current().filter(user__in=user_ids).order_by("-pk").values_list("user_id", "unit_id")
    profiles = Profile.objects.filter(user__in=user_ids, unit__isnull=False).values_list("user_id", "unit_id")
    return dict(roles) | dict(profiles)


def administrators() -> list[int]:
    """Return the ids of those who administer the whole tree."""
    rows = Membership.objects.current().filter(role=Role.ADMINISTRATOR, unit__depth=1)
    whole = Q(is_superuser=True) | Q(pk__in=rows.values("user"))
    return list(User.objects.active().filter(whole).order_by("pk").values_list("pk", flat=True))


def tell_apart(
    names: Mapping[int, str], *, reader: Any = None, unit_id: int | None = None, everybody: bool = False
) -> dict[int, str]:
    """Return for the people of a list who share a name what tells them apart; one statement, none without namesakes.

    Position and unit; where these are the same or not known, the username too (of a guest, when the name was given).
    Of somebody who belongs to other units alone, the position is not told: only the unit, and the username if need be.

    Args:
        names: the names as shown, by user id.
        reader: the person who reads the list; the units are those where the reader holds a role.
        unit_id: instead of a reader, the unit for which the list is made.
        everybody: say it of all of them, where one is chosen by name.
    """
    folded = {pk: fold(name) for pk, name in names.items()}
    times = Counter(folded.values())
    asked = [pk for pk, name in folded.items() if everybody or times[name] > 1]
    if not asked:
        return {}
    paths = working_paths(reader)
    if unit_id is not None:
        paths += Unit.objects.filter(pk=unit_id).values_list("path", flat=True)
    roles = Membership.objects.current().filter(user=OuterRef("pk")).order_by()
    near = belonging_to(paths) | Q(Q(profile__isnull=True) | Q(profile__unit=None), ~Exists(roles))
    rows = User.objects.filter(pk__in=asked).annotate(near=Case(When(near, then=True), default=False)).values_list(
        "pk", "username", "is_guest", "date_joined", "near", "profile__position", "profile__organisation",
        "profile__unit__short_name", "profile__unit__name",
    )  # fmt: skip
    notes, proper = {}, {}
    for pk, username, is_guest, joined, is_near, position, organisation, short_name, unit_name in rows:
        unit = short_name or unit_name
        notes[pk] = ", ".join(filter(None, (position, organisation or unit))) if is_near else unit or ""
        proper[pk] = _("came in at %(time)s") % {"time": clock(joined)} if is_guest else username
    alike = Counter((folded[pk], note) for pk, note in notes.items())
    return {
        pk: note if note and alike[folded[pk], note] == 1 else " · ".join(part for part in (note, proper[pk]) if part)
        for pk, note in notes.items()
    }


def labels_apart(people: Iterable[User], *, unit_id: int) -> Callable[[User], str]:
    """Return how a list of choices for a unit names ``people``: with what tells namesakes apart."""
    notes = tell_apart({person.pk: str(person) for person in people}, unit_id=unit_id)
    return lambda person: f"{person} ({notes[person.pk]})" if person.pk in notes else str(person)
