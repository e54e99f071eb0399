"""Keeps Wagtail's own permission engine in line with memberships (docs/adr/0014).

For every unit and content role with a holder there is one group. What the group may do follows from the programmes
whose owning unit lies in the unit's subtree, so every Wagtail view, chooser and search is guarded by Wagtail's own
policies. Nothing here decides anything: it derives, and may be run again at any time.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, Page

from cms.access import PUBLISHING_ROLES, WRITING_ROLES, ancestor_paths
from cms.models import ContentGroup, NewsIndexPage, ProgrammePage, UnitCollection
from lms.people.enums import Role
from lms.people.models import Membership, Unit, User

WRITE = ("add", "change")
PUBLISH = (*WRITE, "publish", "lock", "unlock")
EVERYTHING = (*PUBLISH, "bulk_delete")
SHARED_FILES = ("choose_image", "choose_document")
# Whoever may add may also change and delete what they added themselves: so says Wagtail's policy for files.
OWN_FILES = ("add_image", "add_document", *SHARED_FILES)
KEPT_FILES = ("change_image", "change_document", *OWN_FILES)


@transaction.atomic
def sync_user(user: User) -> None:
    """Put ``user`` into exactly the content groups that follow from the memberships in force today.

    Groups that an administrator made by hand are left alone.
    """
    held = Membership.objects.current().filter(user=user, user__is_active=True, role__in=WRITING_ROLES)
    wanted = {ensure_group(unit=row.unit, role=row.role).group_id for row in held.select_related("unit")}
    has = set(ContentGroup.objects.filter(group__user=user).values_list("group_id", flat=True))
    user.groups.add(*(wanted - has))
    user.groups.remove(*(has - wanted))


@transaction.atomic
def ensure_group(*, unit: Unit, role: str) -> ContentGroup:
    """Return the group of ``role`` at ``unit``, made with its permissions when it is missing."""
    found = ContentGroup.objects.filter(unit=unit, role=role).select_related("unit", "group").first()
    if found:
        return found
    name = f"{unit.label[:90]} · {Role(role).label} #{unit.pk}"
    group, _made = Group.objects.get_or_create(name=name[:150])
    group.permissions.add(_permissions()["access_admin"])
    content_group, _made = ContentGroup.objects.get_or_create(unit=unit, role=role, defaults={"group": group})
    sync_group(content_group)
    return content_group


@transaction.atomic
def sync_group(content_group: ContentGroup) -> None:
    """Give a group exactly the page and file permissions that follow from its unit and role."""
    unit, role = content_group.unit, content_group.role
    actions = PUBLISH if role in PUBLISHING_ROLES else WRITE
    programmes = ProgrammePage.objects.filter(unit__path__startswith=unit.path).values_list("pk", flat=True)
    pages = dict.fromkeys(programmes, actions) | _site_pages(unit, role)
    _set_page_permissions(content_group.group_id, pages)
    _set_file_permissions(content_group.group_id, unit, role)


@transaction.atomic
def sync_programme(programme: ProgrammePage) -> None:
    """Give a programme to the groups of its unit and of all units above, and take it from every other."""
    wanted: set[tuple[int, int]] = set()
    permissions = _permissions()
    for row in ContentGroup.objects.filter(unit__path__in=ancestor_paths(programme.unit.path)):
        actions = PUBLISH if row.role in PUBLISHING_ROLES else WRITE
        wanted |= {(row.group_id, permissions[f"{action}_page"].pk) for action in actions}
    existing = GroupPagePermission.objects.filter(page=programme.pk, group__content_group__isnull=False)
    has = {(row.group_id, row.permission_id): row.pk for row in existing}
    existing.filter(pk__in=[pk for key, pk in has.items() if key not in wanted]).delete()
    GroupPagePermission.objects.bulk_create(
        GroupPagePermission(group_id=group, page_id=programme.pk, permission_id=permission)
        for group, permission in sorted(wanted - has.keys())
    )


@transaction.atomic
def sync_all() -> int:
    """Bring every group and every member in line; return how many people hold a content role today.

    For the nightly run: memberships begin and end by date, and units move.
    """
    holders = set(
        Membership.objects.current()
        .filter(role__in=WRITING_ROLES, user__is_active=True)
        .values_list("user_id", flat=True)
    )
    members = set(ContentGroup.objects.filter(group__user__isnull=False).values_list("group__user", flat=True))
    for user in User.objects.filter(pk__in=holders | members):
        sync_user(user)
    for content_group in ContentGroup.objects.select_related("unit"):
        sync_group(content_group)
    return len(holders)


def collection_of(unit: Unit) -> Collection:
    """Return the collection of a unit's images and documents, made when it is missing."""
    link = UnitCollection.objects.filter(unit=unit).select_related("collection").first()
    if link:
        return link.collection
    root = Collection.get_first_root_node()
    collection = root.add_child(instance=Collection(name=unit.label[:255]))
    UnitCollection.objects.create(unit=unit, collection=collection)
    _open_collection(collection, unit)
    return collection


def home_collection(user: User) -> Collection | None:
    """Return where new files of ``user`` belong: the collection of the widest unit that ``user`` writes for.

    ``None`` for somebody who writes for no unit, unless that is a superuser, whose files belong to the top of the tree.
    """
    held = Membership.objects.current().filter(user=user, role__in=WRITING_ROLES).select_related("unit")
    row = held.order_by("unit__path").first()
    if row:
        return collection_of(row.unit)
    top = Unit.objects.filter(depth=1).order_by("path").first() if user.is_superuser else None
    return collection_of(top) if top else None


def _open_collection(collection: Collection, unit: Unit) -> None:
    """Give a new collection to the groups of its unit and above, and for use to those below, at once."""
    permissions = _permissions()
    keepers = ContentGroup.objects.filter(unit__path__in=ancestor_paths(unit.path))
    users = ContentGroup.objects.filter(unit__path__startswith=unit.path).exclude(unit=unit)
    rows = [(row.group_id, name) for row in keepers for name in _file_permissions(row.role)]
    rows += [(group, name) for group in users.values_list("group_id", flat=True) for name in SHARED_FILES]
    GroupCollectionPermission.objects.bulk_create(
        [
            GroupCollectionPermission(group_id=group, collection=collection, permission_id=permissions[name].pk)
            for group, name in rows
        ],
        ignore_conflicts=True,
    )


def _site_pages(unit: Unit, role: str) -> dict[int, tuple[str, ...]]:
    """The public site belongs to the top of the tree: its administrators to all of it, its editors to the news."""
    if unit.depth > 1:
        return {}
    if role == Role.ADMINISTRATOR:
        return dict.fromkeys(Page.objects.filter(depth=1).values_list("pk", flat=True), EVERYTHING)
    if role == Role.EDITOR:
        return dict.fromkeys(NewsIndexPage.objects.values_list("pk", flat=True), PUBLISH)
    return {}


def _set_page_permissions(group_id: int, pages: Mapping[int, Iterable[str]]) -> None:
    permissions = _permissions()
    wanted = {(page, permissions[f"{action}_page"].pk) for page, actions in pages.items() for action in actions}
    rows = GroupPagePermission.objects.filter(group_id=group_id)
    has = {(row.page_id, row.permission_id): row.pk for row in rows}
    rows.filter(pk__in=[pk for key, pk in has.items() if key not in wanted]).delete()
    GroupPagePermission.objects.bulk_create(
        GroupPagePermission(group_id=group_id, page_id=page, permission_id=permission)
        for page, permission in sorted(wanted - has.keys())
    )


def _file_permissions(role: str) -> tuple[str, ...]:
    """Editors and administrators keep all files of their subtree; authors and lecturers those they brought."""
    return KEPT_FILES if role in PUBLISHING_ROLES else OWN_FILES


def _set_file_permissions(group_id: int, unit: Unit, role: str) -> None:
    """A group keeps the files of its unit's subtree and may use those of the units above."""
    permissions = _permissions()
    own = collection_of(unit).pk
    below = UnitCollection.objects.filter(unit__path__startswith=unit.path).values_list("collection_id", flat=True)
    above = UnitCollection.objects.filter(unit__path__in=ancestor_paths(unit.path)[:-1])
    wanted = {(page, permissions[name].pk) for page in {own, *below} for name in _file_permissions(role)}
    wanted |= {
        (page, permissions[name].pk) for page in above.values_list("collection_id", flat=True) for name in SHARED_FILES
    }
    rows = GroupCollectionPermission.objects.filter(group_id=group_id)
    has = {(row.collection_id, row.permission_id): row.pk for row in rows}
    rows.filter(pk__in=[pk for key, pk in has.items() if key not in wanted]).delete()
    GroupCollectionPermission.objects.bulk_create(
        GroupCollectionPermission(group_id=group_id, collection_id=collection, permission_id=permission)
        for collection, permission in sorted(wanted - has.keys())
    )


def _permissions() -> dict[str, Permission]:
    """Wagtail's permissions by their names."""
    names = [f"{action}_page" for action in EVERYTHING]
    found = Permission.objects.filter(codename__in=[*names, *KEPT_FILES, "access_admin"])
    return {permission.codename: permission for permission in found}
