"""Warnings on questions ("cites a document that lapsed", "chosen more often by weak learners"), filled by others.

Whoever works out warnings registers a function that gives the ids of the items concerned as a subquery, so that the
list filters by it in the database; with nobody registered there are none.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils.functional import Promise

ANY = "any"


@dataclass(frozen=True, slots=True)
class FlagSource:
    """One kind of warning: ``items()`` gives the ids concerned, ``notes(ids)`` the sentence for each."""

    name: str
    label: str | Promise
    items: Callable[[], QuerySet]
    notes: Callable[[Collection[int]], Mapping[int, str]]


_sources: dict[str, FlagSource] = {}


def register_flags(source: FlagSource) -> None:
    """Add a kind of warning; the same name replaces."""
    _sources[source.name] = source


def unregister_flags(name: str) -> None:
    """Take a kind of warning out again (for tests)."""
    del _sources[name]


def flag_choices() -> list[tuple[str, str | Promise]]:
    """Return the kinds of warnings, for a filter."""
    return [(source.name, source.label) for source in _sources.values()]


def flagged(name: str) -> Q:
    """Return the condition for items with the warning ``name``, with :data:`ANY` for any."""
    condition = Q(pk__in=[])
    for source in _sources.values():
        if name in (ANY, source.name):
            condition |= Q(pk__in=source.items())
    return condition


def flag_notes(item_ids: Collection[int]) -> dict[int, list[str]]:
    """Return the warnings of each of these items, in words."""
    found: dict[int, list[str]] = {}
    for source in _sources.values():
        for pk, note in source.notes(item_ids).items():
            found.setdefault(pk, []).append(note)
    return found
