"""Reads that are more than a queryset: what an attempt shows, and what a review may show."""

from lms.exams.queries.attempts import (
    AttemptRef,
    attempt_payload,
    attempt_ref,
    is_overdue,
    iso,
    kept_responses,
    own_attempt,
    own_paper,
)
from lms.exams.queries.review import result_payload, review, review_level, review_state, rule_level, shows_score

__all__ = [
    "AttemptRef",
    "attempt_payload",
    "attempt_ref",
    "is_overdue",
    "iso",
    "kept_responses",
    "own_attempt",
    "own_paper",
    "result_payload",
    "review",
    "review_level",
    "review_state",
    "rule_level",
    "shows_score",
]
