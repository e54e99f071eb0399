"""Fetching with the check of access, for the overview and the lists behind it."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from lms.people.access import role_paths
from lms.people.enums import OVERSIGHT_ROLES
from lms.people.models import Unit


def find_unit(request: HttpRequest, unit_id: int) -> Unit:
    """A unit that the asker oversees, or 404."""
    return get_object_or_404(Unit.objects.visible_to(request.user).select_related("kind", "heir"), pk=unit_id)


def top_units(request: HttpRequest) -> QuerySet[Unit]:
    """The highest units that the asker oversees."""
    paths = role_paths(request.user, OVERSIGHT_ROLES)
    # A superuser's scope is the empty path above every tree: the tops stand for it.
    tops = Q(depth=1) if "" in paths else Q(path__in=paths)
    return Unit.objects.visible_to(request.user).filter(tops)
