"""Who may see which units and people. Every other app's access starts from :func:`role_paths`.

A role acts on the subtree of its unit, and ancestry is a prefix of the unit's path, so a scope is a list of paths.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.conf import settings
from django.db.models import Q

from lms.people.enums import MANAGER_ROLES, OFFICE_ROLES, OVERSIGHT_ROLES, Role

if TYPE_CHECKING:
    from lms.people.models import Unit
    from lms.people.models.erasure import ErasureRequestQuerySet
    from lms.people.models.memberships import MembershipQuerySet
    from lms.people.models.units import UnitQuerySet
    from lms.people.models.users import UserQuerySet

ROOT_LENGTH = 4  # letters in the path of a root: one step of treebeard

_people_scopes: list[Callable[[list[str]], Q]] = []


def register_people_scope(scope: Callable[[list[str]], Q]) -> None:
    """Let a higher app say which further people belong to unit paths (classes: their learners)."""
    _people_scopes.append(scope)


def memberships_of(user: Any) -> list[tuple[str, int, str]]:
    """Return the current memberships as (role, unit id, unit path), read once per user object.

    A superuser administers the whole tree without any row, as (administrator, 0, "").
    """
    if not getattr(user, "is_authenticated", False) or not user.is_active:
        return []
    cached: list[tuple[str, int, str]] | None = getattr(user, "_sen_memberships", None)
    if cached is None:
        cached = list(user.memberships.current().values_list("role", "unit_id", "unit__path"))
        if user.is_superuser:
            cached.append((Role.ADMINISTRATOR, 0, ""))  # every unit's path begins with the empty one
        user._sen_memberships = cached
    return cached


def note_no_memberships(user: Any) -> None:
    """Say that ``user``, no superuser, was found to hold no current membership: nobody needs to ask again."""
    user._sen_memberships = []


def must_have_factor(user: Any) -> bool:
    """Whether the installation asks people with the roles of ``user`` for a second factor."""
    roles = settings.SEN_SECOND_FACTOR_ROLES
    return bool(roles) and any(role in roles for role, _unit, _path in memberships_of(user))


def role_paths(user: Any, roles: Collection[str]) -> list[str]:
    """Return the unit paths on whose subtrees ``user`` holds one of ``roles``; nested ones are folded away."""
    return _folded({path for role, _unit, path in memberships_of(user) if role in roles})


def overseen_paths(user: Any) -> list[str]:
    """Return the unit paths whose classes and figures ``user`` oversees: by role, and as the heir of dissolved units.

    Whoever oversees the heir of a unit answers for what that unit left. To look into it, not to change it.
    """
    paths = role_paths(user, OVERSIGHT_ROLES)
    if not paths or any(len(path) <= ROOT_LENGTH for path in paths):
        return paths
    inherited: dict[tuple[str, ...], list[str]] = user.__dict__.setdefault("_sen_inherited", {})
    key = tuple(paths)
    if key not in inherited:
        units = apps.get_model("people", "Unit")._default_manager  # models stand above access, so no import
        found = units.filter(within(paths, "heir__path")).order_by("path").values_list("path", flat=True)
        inherited[key] = _folded([*paths, *found])
    return inherited[key]


def _folded(paths: Collection[str]) -> list[str]:
    """Sorted, without those that lie below another one."""
    kept: list[str] = []
    for path in sorted(set(paths)):
        if not kept or not path.startswith(kept[-1]):
            kept.append(path)
    return kept


def has_role(user: Any, roles: Collection[str]) -> bool:
    """Whether ``user`` holds one of ``roles`` anywhere."""
    return any(role in roles for role, _unit, _path in memberships_of(user))


def acts_on(user: Any, unit: Unit, roles: Collection[str]) -> bool:
    """Whether ``user`` holds one of ``roles`` on ``unit`` or above it."""
    return any(unit.path.startswith(path) for path in role_paths(user, roles))


def within(paths: Collection[str], field: str) -> Q:
    """Return a condition that ``field`` (a unit path) lies under one of ``paths``; nothing for no paths.

    A prefix is written as a half-open range, which an ordinary index serves on every database
    (treebeard's alphabet is 0-9A-Z, so ``[`` is above every step).
    """
    condition = Q(pk__in=[])
    for path in paths:
        condition |= Q(**{f"{field}__gte": path, f"{field}__lt": path + "["})
    return condition


def units_visible_to(user: Any, queryset: UnitQuerySet) -> UnitQuerySet:
    """Units that ``user`` oversees, and those that left their classes to one of them."""
    return queryset.filter(within(overseen_paths(user), "path"))


def units_manageable_by(user: Any, queryset: UnitQuerySet) -> UnitQuerySet:
    """Units whose classes ``user`` may open and run."""
    return queryset.filter(within(role_paths(user, OFFICE_ROLES), "path"))


def people_visible_to(user: Any, queryset: UserQuerySet) -> UserQuerySet:
    """``user`` itself and the people of the units that ``user`` runs."""
    if not getattr(user, "is_authenticated", False):
        return queryset.none()
    if is_root_administrator(user):
        return queryset
    paths = role_paths(user, OFFICE_ROLES)
    condition = Q(pk=user.pk)
    if paths:
        condition |= Q(pk__in=people_of_units(paths, queryset.model._default_manager.all()).values("pk"))
    return queryset.filter(condition)


def people_of_units(paths: Collection[str], queryset: UserQuerySet) -> UserQuerySet:
    """Whoever holds a role, lives, works or studies in the units under ``paths``."""
    members = within(paths, "memberships__unit__path") | within(paths, "profile__unit__path")
    for scope in _people_scopes:
        members |= scope(list(paths))
    return queryset.filter(members)


def people_managed_by(user: Any, queryset: UserQuerySet) -> UserQuerySet:
    """People of the units that ``user`` manages: more than to see them, to decide about their data."""
    if is_root_administrator(user):
        return queryset
    paths = role_paths(user, MANAGER_ROLES | {Role.ADMINISTRATOR})
    if not paths:
        return queryset.none()
    return queryset.filter(pk__in=people_of_units(paths, queryset.model._default_manager.all()).values("pk"))


def erasures_visible_to(user: Any, queryset: ErasureRequestQuerySet) -> ErasureRequestQuerySet:
    """Requests about people whom ``user`` manages, and those that ``user`` decided: their people are nowhere now."""
    if not getattr(user, "is_authenticated", False):
        return queryset.none()
    people = people_managed_by(user, apps.get_model("people", "User")._default_manager.all())
    return queryset.filter(Q(user__in=people.order_by().values("pk")) | Q(decided_by=user) & ~Q(user=user))


def memberships_visible_to(user: Any, queryset: MembershipQuerySet) -> MembershipQuerySet:
    """Roles on the units that ``user`` runs."""
    return queryset.filter(within(role_paths(user, OFFICE_ROLES), "unit__path"))


def is_administrator(user: Any) -> bool:
    """Whether ``user`` administers some subtree of units."""
    return has_role(user, {Role.ADMINISTRATOR})


def may_restructure(user: Any, unit: Unit) -> bool:
    """Whether ``user`` may rename and dissolve ``unit``: a manager above it, or an administrator of it."""
    above = role_paths(user, {Role.PROVINCIAL_MANAGER, Role.NATIONAL_MANAGER})
    if any(unit.path.startswith(path) and path != unit.path for path in above):
        return True
    return acts_on(user, unit, {Role.ADMINISTRATOR})


def is_root_administrator(user: Any) -> bool:
    """Whether ``user`` administers a whole tree: a superuser, or an administrator of a root unit."""
    return any(len(path) <= ROOT_LENGTH for path in role_paths(user, {Role.ADMINISTRATOR}))


def may_reset(actor: Any, user: Any, roles: Collection[tuple[str, str]]) -> bool:
    """Whether ``actor`` may open the account of ``user``, who holds ``roles`` (role, unit path), with a new code.

    Whoever sets a password can act as that person. So people without a role (learners) are open to every caller
    that may see them; somebody with roles only to a manager above all of those roles, or to an administrator.
    """
    if getattr(actor, "is_superuser", False):
        return True
    if user.is_superuser:
        return False
    if not roles:
        return True
    strongest = {Role.ADMINISTRATOR, Role.NATIONAL_MANAGER}
    if any(role in strongest for role, _path in roles) and not is_administrator(actor):
        return False
    paths = role_paths(actor, MANAGER_ROLES | {Role.ADMINISTRATOR})
    return all(any(path.startswith(own) for own in paths) for _role, path in roles)
