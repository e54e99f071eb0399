"""Access to units and people. Every other app's access starts from :func:`role_paths`.

A role acts on the subtree of its unit, and ancestry is a prefix of the unit's path, so a scope is a list of paths.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.conf import settings
from django.db.models import Exists, OuterRef, Q

from lms.common.clock import today
from lms.people.enums import AUDIT_ROLES, DECIDING_ROLES, GOVERNED_BY, OFFICE_ROLES, OVERSIGHT_ROLES, Role

if TYPE_CHECKING:
    from lms.people.models import Unit
    from lms.people.models.erasure import ErasureRequestQuerySet
    from lms.people.models.memberships import MembershipQuerySet
    from lms.people.models.units import UnitQuerySet
    from lms.people.models.users import UserQuerySet

ROOT_LENGTH = 4  # letters in the path of a root: one step of treebeard

_people_scopes: list[Callable[[list[str]], Q]] = []


def register_people_scope(scope: Callable[[list[str]], Q]) -> None:
    """Let a higher app say which further people the offices of unit paths deal with (classes: their learners).

    It makes them visible by name, nothing more: it gives nobody a say about them.
    """
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


def working_paths(user: Any) -> list[str]:
    """Return the unit paths on whose subtrees ``user`` holds any role."""
    return _folded({path for _role, _unit, path in memberships_of(user)})


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
    """``user`` itself, the people of the units that ``user`` runs, and the learners and staff of their classes.

    To name somebody and to put somebody forward. What is kept about a person is for :func:`people_administered_by`.
    """
    if not getattr(user, "is_authenticated", False):
        return queryset.none()
    if is_root_administrator(user):
        return queryset
    paths = role_paths(user, OFFICE_ROLES)
    condition = Q(pk=user.pk)
    if paths:
        condition |= belonging_to(paths)
        for scope in _people_scopes:
            condition |= scope(list(paths))
    return queryset.filter(condition)


def audited_paths(user: Any) -> list[str]:
    """Return the unit paths whose record ``user`` reads."""
    return role_paths(user, AUDIT_ROLES)


def people_in_reach_of_audit(user: Any) -> Q:
    """Return the condition that somebody's name may stand beside an entry of the record that ``user`` reads.

    The people of the audited units and those of their classes; everybody for auditors of the whole tree. An entry can
    point at others too: somebody of another unit whom a class asked for.
    """
    paths = audited_paths(user)
    if any(len(path) <= ROOT_LENGTH for path in paths):
        return Q(pk__isnull=False)
    condition = Q(pk=user.pk) | belonging_to(paths)
    for scope in _people_scopes:
        condition |= scope(list(paths))
    return condition


def at_home(paths: Collection[str]) -> Q:
    """Return the condition that a person's home unit lies under ``paths``.

    The home is the unit of the profile; of somebody without one, the units of the present roles. The home of the
    people of a dissolved unit is also its principal successor.
    """
    if not paths:
        return Q(pk__in=[])
    units = apps.get_model("people", "Unit")._default_manager  # models stand above access, so no import
    left = units.filter(
        within(paths, "successions__successor__path"), successions__principal=True, valid_to__lte=today()
    )
    profiles = apps.get_model("people", "Profile")._default_manager.filter(
        within(paths, "unit__path") | Q(unit__in=left.order_by().values("pk"))
    )
    roles = _roles().current().filter(within(paths, "unit__path"), user__profile__unit__isnull=True)
    return Q(pk__in=profiles.values("user_id")) | Q(pk__in=roles.values("user_id"))


def belonging_to(paths: Collection[str]) -> Q:
    """Return the condition that a person is at home, or holds a role today, in the units under ``paths``."""
    return at_home(paths) | Q(pk__in=_roles().current().filter(within(paths, "unit__path")).values("user_id"))


def people_run_by(user: Any, queryset: UserQuerySet) -> UserQuerySet:
    """People whose home unit ``user`` runs: ``user`` speaks for them, and may enrol them without asking."""
    if not getattr(user, "is_authenticated", False):
        return queryset.none()
    if is_root_administrator(user):
        return queryset
    return queryset.filter(at_home(role_paths(user, OFFICE_ROLES)))


def people_administered_by(user: Any, queryset: UserQuerySet, roles: Collection[str] = OFFICE_ROLES) -> UserQuerySet:
    """People whose account and data ``user`` may handle: codes, identity, contact, second factor, sensitive data.

    They are at home in a unit where ``user`` holds one of ``roles``, and hold no role, now or later, that reaches
    further than those of ``user``: a password or an e-mail address opens everything that its owner may do. Nobody
    administers the own account here, and only a superuser another superuser's.
    """
    if not getattr(user, "is_authenticated", False) or not user.is_active:
        return queryset.none()
    others = queryset.exclude(pk=user.pk)
    if user.is_superuser:
        return others
    beyond = _roles().lasting().filter(user=OuterRef("pk")).exclude(_governed_by(user))
    scope = others if is_root_administrator(user) else others.filter(at_home(role_paths(user, roles)))
    return scope.filter(~Exists(beyond), is_superuser=False)


def people_managed_by(user: Any, queryset: UserQuerySet) -> UserQuerySet:
    """People about whose data ``user`` decides (erasure): administered by a manager, not by the registrar alone."""
    return people_administered_by(user, queryset, DECIDING_ROLES)


def may_grant(user: Any, role: str, unit: Unit) -> bool:
    """Whether ``user`` may give or end ``role`` on ``unit``: a role of ``user`` there or above reaches as far."""
    if getattr(user, "is_superuser", False) and user.is_active:
        return True
    return any(
        role in GOVERNED_BY.get(Role(own), ()) and unit.path.startswith(path)
        for own, _unit, path in memberships_of(user)
    )


def _governed_by(user: Any) -> Q:
    """Return the condition that a membership reaches no further than those of ``user``."""
    condition = Q(pk__in=[])
    for own, _unit, path in memberships_of(user):
        if governed := GOVERNED_BY.get(Role(own)):
            condition |= Q(role__in=governed) & within([path], "unit__path")
    return condition


def _roles() -> MembershipQuerySet:
    found: MembershipQuerySet = apps.get_model("people", "Membership")._default_manager.order_by()
    return found


def erasures_visible_to(user: Any, queryset: ErasureRequestQuerySet) -> ErasureRequestQuerySet:
    """Requests about people whom ``user`` manages, and those that ``user`` decided: their people are nowhere now."""
    if not getattr(user, "is_authenticated", False):
        return queryset.none()
    people = people_managed_by(user, apps.get_model("people", "User")._default_manager.all())
    return queryset.filter(Q(user__in=people.order_by().values("pk")) | Q(decided_by=user) & ~Q(user=user))


def memberships_visible_to(user: Any, queryset: MembershipQuerySet) -> MembershipQuerySet:
    """Roles on the units that ``user`` runs."""
    return queryset.filter(within(role_paths(user, OFFICE_ROLES), "unit__path"))


def may_restructure(user: Any, unit: Unit) -> bool:
    """Whether ``user`` may rename and dissolve ``unit``: a manager above it, or an administrator of it."""
    above = role_paths(user, {Role.PROVINCIAL_MANAGER, Role.NATIONAL_MANAGER})
    if any(unit.path.startswith(path) and path != unit.path for path in above):
        return True
    return acts_on(user, unit, {Role.ADMINISTRATOR})


def is_root_administrator(user: Any) -> bool:
    """Whether ``user`` administers a whole tree: a superuser, or an administrator of a root unit."""
    return any(len(path) <= ROOT_LENGTH for path in role_paths(user, {Role.ADMINISTRATOR}))
