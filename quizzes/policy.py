"""Questions that this package must ask those above it; they register their answers in ``ready()``.

With nobody registered the careful answer holds: no link, not closed.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import TYPE_CHECKING, Any

from django.db.models import Q, QuerySet

if TYPE_CHECKING:
    from quizzes.models import Attempt

type ReturnUrl = Callable[[Attempt], str]
type Closed = Callable[[Attempt], bool]
type SittingScope = Callable[[Any], Q]

type ExamScope = Callable[[Any], Q]
type PageUrl = Callable[[Any], str]
type CandidateCheck = Callable[..., bool]
type GroupContexts = Callable[[Any], QuerySet[Any, Any]]
type KeyNeeded = Callable[..., bool]
type SetsSat = Callable[[int], Collection[tuple[int, int]]]
type SetClasses = Callable[[Collection[tuple[int, int]]], dict[tuple[int, int], tuple[int, int, int]]]

_return_urls: list[ReturnUrl] = []
_closed: list[Closed] = []
_sitting_scopes: list[SittingScope] = []
_exam_scopes: list[ExamScope] = []
_candidates: list[CandidateCheck] = []
_pages: dict[str, PageUrl] = {}
_group_contexts: list[GroupContexts] = []
_key_needed: list[KeyNeeded] = []
_sitters: list[KeyNeeded] = []
_sets_sat: list[SetsSat] = []
_set_classes: list[SetClasses] = []


def register_return_url(function: ReturnUrl) -> None:
    """Say where a learner goes back to from an attempt (the outline of the class); ``""`` for "not mine"."""
    _return_urls.append(function)


def return_url(attempt: Attempt) -> str:
    """Return the address to go back to, or an empty string when nobody knows."""
    return next((url for function in _return_urls if (url := function(attempt))), "")


def register_closed(function: Closed) -> None:
    """Say whether the last day of the attempt's exam has passed, which changes what may be reviewed."""
    _closed.append(function)


def is_closed(attempt: Attempt) -> bool:
    """Whether the exam is over for everyone that the attempt was made with."""
    return any(function(attempt) for function in _closed)


def register_key_needed(function: KeyNeeded) -> None:
    """Say whether a set's questions may still be asked somewhere: ``f(*, exam_id, paper_set) -> bool``."""
    _key_needed.append(function)


def is_key_needed(*, exam_id: int, paper_set: int) -> bool:
    """Whether somebody, anywhere, may still be asked a question of this set; yes, while nobody knows."""
    return not _key_needed or any(function(exam_id=exam_id, paper_set=paper_set) for function in _key_needed)


def register_sitter(function: KeyNeeded) -> None:
    """Say whether a person may still be asked a set's questions: ``f(*, user_id, exam_id, paper_set) -> bool``."""
    _sitters.append(function)


def may_sit(user: Any, *, exam_id: int, paper_set: int) -> bool:
    """Whether ``user`` may still be asked a question of this set, and so must not read its key in another role."""
    return any(function(user_id=user.pk, exam_id=exam_id, paper_set=paper_set) for function in _sitters)


def register_sets_sat(function: SetsSat) -> None:
    """Say which sets of papers a person may still sit: ``f(user_id) -> [(exam_id, paper_set), ...]``."""
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


def register_set_classes(function: SetClasses) -> None:
    """Say who shares sets of papers: by (exam, set) the classes, their units, and the classes that may still sit it."""
    _set_classes.append(function)


def classes_of_sets(sets: Collection[tuple[int, int]]) -> dict[tuple[int, int], tuple[int, int, int]]:
    """Return by set the classes that share it, their units, and those that may still sit; nothing when nobody knows."""
    found: dict[tuple[int, int], tuple[int, int, int]] = {}
    for function in _set_classes:
        found |= function(sets)
    return found


def register_sitting_scope(function: SittingScope) -> None:
    """Say which sittings are a person's because of the group that sits them (a class and its staff)."""
    _sitting_scopes.append(function)


def sitting_scope(user: Any) -> Q:
    """Return a condition for the sittings of the groups that ``user`` is in charge of; nothing when nobody knows."""
    condition = Q(pk__in=[])
    for scope in _sitting_scopes:
        condition |= scope(user)
    return condition


def register_exam_scope(function: ExamScope) -> None:
    """Say by the field ``exam`` which exams the groups take that a person is in charge of (classes)."""
    _exam_scopes.append(function)


def exam_scope(user: Any) -> Q:
    """Return a condition on ``exam`` for those of the groups that ``user`` is in charge of."""
    condition = Q(pk__in=[])
    for scope in _exam_scopes:
        condition |= scope(user)
    return condition


def register_page(name: str, function: PageUrl) -> None:
    """Say where people look at something of this package: ``item``, ``sitting``, ``marking`` (a session) or
    ``question_file``.
    """
    _pages[name] = function


def page_of(name: str, what: Any) -> str:
    """Return the address where people look at ``what``, or an empty string when nobody knows."""
    return _pages[name](what) if name in _pages else ""


def register_candidates(function: CandidateCheck) -> None:
    """Say who sits an exam on paper: ``f(*, user_id, exam_id, paper_set, context_id, context_item_id) -> bool``."""
    _candidates.append(function)


def is_candidate(*, user_id: int, exam_id: int, paper_set: int, context_id: int, context_item_id: int) -> bool:
    """Whether this person's paper of this set counts for this context; no, while nobody knows."""
    return any(
        function(
            user_id=user_id,
            exam_id=exam_id,
            paper_set=paper_set,
            context_id=context_id,
            context_item_id=context_item_id,
        )
        for function in _candidates
    )


def register_group_contexts(function: GroupContexts) -> None:
    """Say which contexts (enrolments) belong to a group (a class), as a query of one column of ids.

    ``function`` is given the group's id, or an ``OuterRef`` that stands for it.
    """
    _group_contexts.append(function)


def contexts_of_group(group_id: Any) -> Q:
    """Return a condition for the attempts made in a group; nothing when nobody knows the group."""
    condition = Q(pk__in=[])
    for function in _group_contexts:
        condition |= Q(context_id__in=function(group_id))
    return condition
