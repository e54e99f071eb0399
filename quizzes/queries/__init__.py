"""Reads that are more than a queryset: compiled papers, what an attempt shows, what a review may show."""

from quizzes.queries.attempts import (
    AttemptRef,
    attempt_payload,
    attempt_ref,
    is_overdue,
    iso,
    kept_responses,
    own_attempt,
    own_paper,
)
from quizzes.queries.papers import CompressedPaper, PaperKey, answer_sheet, paper_bytes, paper_key
from quizzes.queries.review import result_payload, review, review_level, review_state, rule_level, shows_score

__all__ = [
    "AttemptRef",
    "CompressedPaper",
    "PaperKey",
    "answer_sheet",
    "attempt_payload",
    "attempt_ref",
    "is_overdue",
    "iso",
    "kept_responses",
    "own_attempt",
    "own_paper",
    "paper_bytes",
    "paper_key",
    "result_payload",
    "review",
    "review_level",
    "review_state",
    "rule_level",
    "shows_score",
]
