"""The query of an address, carried on to another page."""

from __future__ import annotations

from django.http import QueryDict


def without(query: QueryDict, *names: str) -> QueryDict:
    """Return ``query`` without these parameters and without empty ones."""
    left = QueryDict(mutable=True)
    for name, values in query.lists():
        if name not in names and (kept := [value for value in values if value]):
            left.setlist(name, kept)
    return left
