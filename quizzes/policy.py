"""Questions that this package must ask those above it; they register their answers in ``ready()``.

With nobody registered the careful answer holds: no link, nothing seen.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from django.db.models import Q

type UseScope = Callable[[Any], Q]
type SetsSat = Callable[[int], Collection[tuple[int, int]]]
type WornSets = Callable[[Collection[int]], list[tuple[str, list[str]]]]
type PageUrl = Callable[[Any], str]

_use_scopes: list[UseScope] = []
_sets_sat: list[SetsSat] = []
_worn_sets: list[WornSets] = []
_pages: dict[str, PageUrl] = {}


def register_use_scope(function: UseScope) -> None:
    """Say which uses of questions in sets of papers (``ItemUse``) a person sees by sitting, invigilating, marking or
    teaching.
    """
    _use_scopes.append(function)


def use_scope(user: Any) -> Q:
    """Return a condition for the rows of ``ItemUse`` that ``user`` sees in classes; nothing when nobody knows."""
    condition = Q(pk__in=[])
    for scope in _use_scopes:
        condition |= scope(user)
    return condition


def register_sets_sat(function: SetsSat) -> None:
    """Say which sets of papers a person may still sit: ``f(user_id) -> [(exam_id, set_number), ...]``."""
    _sets_sat.append(function)


def sets_sat_by(user: Any) -> frozenset[tuple[int, int]]:
    """Return as (exam, set) what ``user`` may still sit, read once per user object: the keys wait for this person."""
    if not getattr(user, "is_authenticated", False):
        return frozenset()
    cached: frozenset[tuple[int, int]] | None = getattr(user, "_sen_sets_sat", None)
    if cached is None:
        cached = frozenset(one for function in _sets_sat for one in function(user.pk))
        user._sen_sets_sat = cached
    return cached


def register_worn_sets(function: WornSets) -> None:
    """Say what to know before the last sets of papers of exams are used again: by title, the sentences."""
    _worn_sets.append(function)


def worn_sets(exam_ids: Collection[int]) -> list[tuple[str, list[str]]]:
    """Return what to know before the last sets of these exams are used again; nothing when nobody knows."""
    return [line for function in _worn_sets for line in function(exam_ids)]


def register_page(name: str, function: PageUrl) -> None:
    """Say where people look at something: ``item``, ``question_file``; of :mod:`lms.exams` a ``sitting``, ``marking``
    (a session), ``attempt_return`` (where a learner goes back to) and ``guest_return``.
    """
    _pages[name] = function


def page_of(name: str, what: Any) -> str:
    """Return the address where people look at ``what``, or an empty string when nobody knows."""
    return _pages[name](what) if name in _pages else ""
