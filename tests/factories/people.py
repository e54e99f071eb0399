"""Units, people and roles for tests."""

from __future__ import annotations

import itertools
from typing import Any

from lms.people.models import ApiToken, Membership, Profile, Unit, UnitKind, User
from lms.people.names import split_full_name
from lms.people.services import tokens

_numbers = itertools.count(1)
_HOLDING = {"central", "province", "centre", "school"}


def make_unit(parent: Unit | None = None, name: str = "", kind: str = "centre", **fields: Any) -> Unit:
    """A unit under ``parent`` (a root without one); the kind is made if it is missing."""
    found, _created = UnitKind.objects.get_or_create(
        code=kind, defaults={"name": kind, "name_en": kind, "holds_classes": kind in _HOLDING}
    )
    unit = Unit(name=name or f"Đơn vị {next(_numbers)}", kind=found, **fields)
    return Unit.add_root(instance=unit) if parent is None else parent.add_child(instance=unit)


def make_user(
    full_name: str = "", *, password: str | None = None, unit: Unit | None = None, position: str = "", **fields: Any
) -> User:
    """A person with a profile. Without ``password`` nobody can sign in by password; tests use ``force_login``."""
    number = next(_numbers)
    family, middle, given = split_full_name(full_name or f"Nguyễn Văn An{number}")
    names = {"family_name": family, "middle_name": middle, "given_name": given}
    user = User.objects.create_user(fields.pop("username", f"nguoi{number}"), password, **{**names, **fields})
    Profile.objects.create(user=user, unit=unit, position=position)
    return user


def grant(user: User, role: str, unit: Unit, **fields: Any) -> Membership:
    """A role as it stands in the table, without the service's record and signal."""
    user.__dict__.pop("_sen_memberships", None)
    return Membership.objects.create(user=user, role=role, unit=unit, **fields)


def make_token(user: User, **fields: Any) -> str:
    """Return the text of a new API token of ``user``, already noted as used, so that no test counts that."""
    token, text = tokens.make_token(user=user, **fields)
    ApiToken.objects.filter(pk=token.pk).update(last_used_at=token.created_at)
    return text
