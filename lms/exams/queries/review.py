"""The review of an attempt that was handed in, for its learner.

Each level adds to the one before: ``score`` the score and the receipt; ``answers`` the questions with one's own
answers; ``key`` points by question, the right answers and the explanations. Points by question wait for ``key``,
because full points for an answer give the key away while others are still sitting the exam.

Whatever the exam's rules say, the level stays below ``key`` while somebody, anywhere, may still be asked one of the
questions (ADR 29). Only a self-check whose rules show the key at once is taken at its word.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from lms.common.clock import now
from lms.common.prepared import prepared
from lms.exams.enums import AttemptState
from lms.exams.models import Attempt, AttemptResult
from lms.exams.queries.attempts import iso, kept_responses
from lms.exams.queries.closing import is_over
from lms.exams.queries.marking import marked_of
from lms.exams.queries.still_sat import key_is_needed
from quizzes.engine.scoring import needs_marking
from quizzes.enums import ExamPurpose, Review
from quizzes.queries.papers.compiled import paper_content, paper_key

_ORDER = [Review.NOTHING, Review.SCORE, Review.ANSWERS, Review.KEY]


def rule_level(attempt: Attempt) -> Review:
    """Return the level that the exam's rules name for this attempt now; an open attempt shows nothing.

    Below ``key`` this is what the learner sees; for ``key`` see :func:`review_level`.
    """
    if attempt.state != AttemptState.SUBMITTED:
        return Review.NOTHING
    exam = attempt.exam
    if exam.review_from is not None and now() >= exam.review_from:
        return Review(exam.review_from_level)
    if exam.review == exam.review_after_close:
        return Review(exam.review)
    return Review(exam.review_after_close if is_over(attempt) else exam.review)


def review_state(attempt: Attempt) -> tuple[Review, bool]:
    """Return the level that the learner sees now, and whether it is lower than the rules say: the key is held back."""
    level = rule_level(attempt)
    held = level == Review.KEY and key_is_held(attempt)
    return (Review.ANSWERS if held else level), held


def review_level(attempt: Attempt) -> Review:
    """Return the level that the learner sees now: the rules' own, but no key that somebody may still need."""
    return review_state(attempt)[0]


def key_is_held(attempt: Attempt) -> bool:
    """Whether the key waits, whatever the rules say, because a question may still be asked somewhere.

    Needs ``attempt.paper``.
    """
    exam = attempt.exam
    if exam.purpose == ExamPurpose.SELF_CHECK and exam.review == Review.KEY:
        return False
    return key_is_needed(exam_id=exam.pk, set_number=attempt.paper.set_number)


def shows_score(attempt: Attempt) -> bool:
    """Whether the rules show the score of this attempt to its learner now."""
    return rule_level(attempt) != Review.NOTHING


def result_payload(attempt: Attempt, level: Review) -> dict[str, Any]:
    """Return the outcome of handing in, as the API gives it: ``{state, score, max_score, receipt …}``.

    The score is ``null`` below the level ``score`` and while a person marks; the receipt is always given, since it
    proves the hand-in.
    """
    shown = _ORDER.index(level) >= _ORDER.index(Review.SCORE) and attempt.state == AttemptState.SUBMITTED
    score = attempt.score if shown else None
    return {
        "state": attempt.state,
        "marking": attempt.marking,
        "score": _number(score),
        "max_score": _number(attempt.max_score),
        "passed": attempt.exam.passed_with(score, attempt.max_score),
        "receipt": attempt.receipt or None,
        "submitted_at": iso(attempt.submitted_at),
        "forced": attempt.forced,
    }


def _number(value: Decimal | None) -> float | None:
    return None if value is None else float(value)


def review(attempt: Attempt, level: Review, *, held: bool = False) -> dict[str, Any]:
    """Return what ``level`` shows of the attempt, in the paper's order. Nothing above the level is ever fetched.

    Args:
        held: the rules would show the key, which waits (:func:`review_state`). What people gave for an essay and wrote
            to its author is shown all the same: it answers this text, and is no key to the question.
    """
    body: dict[str, Any] = {"id": attempt.pk, "level": str(level), **result_payload(attempt, level), "questions": []}
    if attempt.state != AttemptState.SUBMITTED or _ORDER.index(level) < _ORDER.index(Review.ANSWERS):
        return body
    paper = attempt.paper
    answers = {row["slot"]: row["answer"] for row in kept_responses(attempt)}
    body["questions"] = [
        {**question, "answer": answers.get(question["slot"])}
        for question in paper_content(paper.pk, paper.seed)["questions"]
    ]
    if level == Review.KEY:
        _add_key(attempt, body["questions"])
    elif held:
        _add_marks(attempt, body["questions"])
    return body


def _add_marks(attempt: Attempt, questions: list[dict[str, Any]]) -> None:
    """Add points and comments to the questions that people mark."""
    essays = [question for question in questions if needs_marking(question["kind"])]
    if not essays:
        return
    points, pending = _points.first(attempt=attempt) or ({}, [])
    marked = marked_of(attempt.pk)
    for question in essays:
        slot = question["slot"]
        question["marking"] = slot in pending
        question["earned"] = None if slot in pending else float(points.get(str(slot), 0))
        if slot in marked and not question["marking"]:
            question["marked"] = marked[slot]


def _add_key(attempt: Attempt, questions: list[dict[str, Any]]) -> None:
    key = paper_key(attempt.paper_id, attempt.paper.seed, attempt.exam.key_revision)
    keys = {entry.slot: entry.key for entry in key.slots}
    points, pending = _points.first(attempt=attempt) or ({}, [])
    by_people = any(needs_marking(question["kind"]) for question in questions)
    marked = marked_of(attempt.pk) if by_people else {}
    for question in questions:
        slot = question["slot"]
        question["marking"] = slot in pending
        question["earned"] = None if slot in pending else float(points.get(str(slot), 0))
        question["key"] = keys[slot]
        question["feedback"] = key.feedback[slot]
        if slot in marked and not question["marking"]:
            question["marked"] = marked[slot]


@prepared
def _points(attempt: Any) -> QuerySet[AttemptResult, tuple[dict[str, str], list[int]]]:
    """What the latest grading gave for each slot, and the slots that wait for a person."""
    newest = AttemptResult.objects.filter(attempt_id=attempt).order_by("-number")
    return newest.values_list("points", "pending")[:1]
