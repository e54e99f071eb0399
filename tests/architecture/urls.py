"""Reads every address of the product from the URL resolver."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver


@dataclass(frozen=True)
class Address:
    """One address: its route, its full name and the names of its arguments."""

    route: str
    name: str | None
    arguments: frozenset[str]

    @property
    def in_administration(self) -> bool:
        return self.route.startswith("quan-tri/")


def addresses() -> list[Address]:
    """Return every address that the resolver knows."""
    return list(_walk(get_resolver().url_patterns, "", ""))


def _walk(patterns: list[URLPattern | URLResolver], route: str, space: str) -> Iterator[Address]:
    for pattern in patterns:
        here = route + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from _walk(pattern.url_patterns, here, inner)
        else:
            name = f"{space}{pattern.name}" if pattern.name else None
            yield Address(here, name, frozenset(pattern.pattern.regex.groupindex))
