"""Access to the record: for nobody, unless a higher app says so: this one knows neither units nor roles."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.db.models import Q

if TYPE_CHECKING:
    from lms.audit.models import AuditEntryQuerySet

# Given a person, a scope answers with the condition of the entries that the person may read, or None for none.
_scopes: list[Callable[[Any], Q | None]] = []


def register_scope(scope: Callable[[Any], Q | None]) -> None:
    """Let a higher app open entries to those who audit what it keeps."""
    if scope not in _scopes:
        _scopes.append(scope)


def entries_visible_to(user: Any, queryset: AuditEntryQuerySet) -> AuditEntryQuerySet:
    """Entries that one of the scopes opens to ``user``."""
    conditions = [condition for scope in _scopes if (condition := scope(user)) is not None]
    if not getattr(user, "is_authenticated", False) or not conditions:
        return queryset.none()
    union = Q(pk__in=[])
    for condition in conditions:
        union |= condition
    return queryset.filter(union)
