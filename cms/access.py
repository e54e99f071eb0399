"""Access to writing the curriculum. Wagtail's groups are derived from this (cms.services.permissions)."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from treebeard.mp_tree import MP_Node

from lms.people.access import role_paths, within
from lms.people.enums import CONTENT_ROLES, Role

# Whose members may open Wagtail and work on the pages of their unit's subtree.
WRITING_ROLES = CONTENT_ROLES | {Role.ADMINISTRATOR}
# Who may also publish, lock, freeze editions and start new programmes.
PUBLISHING_ROLES = frozenset({Role.EDITOR, Role.ADMINISTRATOR})


def ancestor_paths(path: str) -> list[str]:
    """Return ``path`` and the paths of all units above it."""
    return [path[:end] for end in range(MP_Node.steplen, len(path) + 1, MP_Node.steplen)]


def may_start_programmes(user: Any) -> bool:
    """Whether ``user`` may add a programme for some unit."""
    return bool(getattr(user, "is_superuser", False)) or bool(role_paths(user, PUBLISHING_ROLES))


def ownable(user: Any) -> Q:
    """Return the condition on units that ``user`` may make the owner of a programme."""
    if getattr(user, "is_superuser", False):
        return Q()
    return within(role_paths(user, PUBLISHING_ROLES), "path")
