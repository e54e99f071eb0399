"""The register of scorers: which function scores which kind of question. A leaf that every scorer may import."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

type Scorer = Callable[[Mapping[str, Any], Mapping[str, Any]], Decimal]

ZERO = Decimal(0)
ONE = Decimal(1)

ALL_OR_NOTHING = "all_or_nothing"
PARTIAL = "partial"

_scorers: dict[str, Scorer] = {}
_marked_by_people: set[str] = set()


class UnknownKindError(LookupError):
    """No scorer is registered for this kind of question."""


def scorer(kind: str) -> Callable[[Scorer], Scorer]:
    """Register the decorated function as the scorer of ``kind``; a name may be taken once.

    A scorer gets the key and an answer, both in the same ids, and gives the share of the points, 0 to 1.
    """

    def register(function: Scorer) -> Scorer:
        _check_free(kind)
        _scorers[kind] = function
        return function

    return register


def marked_by_people(kind: str) -> None:
    """Register ``kind`` as one whose answers wait for a person."""
    _check_free(kind)
    _marked_by_people.add(kind)


def needs_marking(kind: str) -> bool:
    """Whether answers of ``kind`` wait for a person."""
    return kind in _marked_by_people


def has_scorer(kind: str) -> bool:
    """Whether ``kind`` is scored by a function."""
    return kind in _scorers


def scorer_of(kind: str) -> Scorer:
    """Return the scorer of ``kind``.

    Raises:
        UnknownKindError: when the kind has none.
    """
    try:
        return _scorers[kind]
    except KeyError:
        raise UnknownKindError(kind) from None


def unknown_mode(mode: object) -> ValueError:
    """Return the error for a way of scoring that a kind does not have."""
    return ValueError(f"Unknown way of scoring: {mode!r}")


def _check_free(kind: str) -> None:
    if kind in _scorers or kind in _marked_by_people:
        raise ValueError(f"A scorer for {kind!r} is registered already")
