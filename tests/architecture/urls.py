"""Reads every address of the product from the URL resolver."""

from __future__ import annotations

import inspect
import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

#: Names of addresses, for a quick look at some: ``SEN_MATRIX="office:plan exams:item-state"``.
ONLY = set(os.environ.get("SEN_MATRIX", "").split())


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


def named_views() -> list[tuple[str, str]]:
    """Return (full name of the address, module of its view) for every named address of ours."""
    return [(name, view.__module__) for name, view in callbacks() if name]


def callbacks() -> list[tuple[str | None, Any]]:
    """Return (full name of the address, the class or function behind it) for every address, decorators taken off."""
    return list(_callbacks(get_resolver().url_patterns, ""))


def _callbacks(patterns: list[URLPattern | URLResolver], space: str) -> Iterator[tuple[str | None, Any]]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from _callbacks(pattern.url_patterns, inner)
        else:
            view: Any = inspect.unwrap(pattern.callback)
            name = f"{space}{pattern.name}" if pattern.name else None
            yield name, getattr(view, "cls", None) or getattr(view, "view_class", None) or view
