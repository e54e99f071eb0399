"""Access to editions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Q
from treebeard.mp_tree import MP_Node

from lms.people.access import role_paths, within
from lms.people.enums import CONTENT_ROLES, OFFICE_ROLES

if TYPE_CHECKING:
    from lms.programmes.models import EditionQuerySet


def ancestor_paths(path: str) -> list[str]:
    """Return ``path`` and the paths of all units above it."""
    return [path[:end] for end in range(MP_Node.steplen, len(path) + 1, MP_Node.steplen)]


def editions_visible_to(user: Any, queryset: EditionQuerySet) -> EditionQuerySet:
    """Editions of programmes written at or above a unit that ``user`` runs, or in a subtree ``user`` authors for."""
    office = role_paths(user, OFFICE_ROLES)
    usable = {ancestor for path in office for ancestor in ancestor_paths(path)}
    authored = within(role_paths(user, CONTENT_ROLES | OFFICE_ROLES), "programme__unit__path")
    return queryset.filter(Q(programme__unit__path__in=usable) | authored)
