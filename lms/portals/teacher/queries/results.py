"""Results of the tests of a class."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from statistics import median
from typing import Any

from lms.classes.models import Enrolment, TrainingClass
from lms.exams.enums import AttemptState
from lms.exams.models import Attempt
from lms.exams.queries.results import QuestionResult, attempts_of, question_results
from lms.exams.queries.still_sat import sits_same_questions
from lms.portals.teacher.queries.matrix import learners_of
from lms.programmes.enums import ItemKind
from lms.programmes.queries import OutlineItem, outline
from quizzes.models import Exam

# More learners than this are a contest, not a class: the page then says that it shows a part.
LEARNERS = 1000


@dataclass(frozen=True, slots=True)
class ExamRow:
    """A learner with the attempts made. ``best`` is the attempt with the highest score."""

    enrolment: Enrolment
    attempts: tuple[Attempt, ...]
    best: Attempt | None
    passed: bool | None

    @property
    def handed_in(self) -> tuple[Attempt, ...]:
        return tuple(attempt for attempt in self.attempts if attempt.state == AttemptState.SUBMITTED)

    @property
    def is_open(self) -> bool:
        """Whether an attempt is under way."""
        return any(attempt.state == AttemptState.OPEN for attempt in self.attempts)

    @property
    def is_marking(self) -> bool:
        """Whether an attempt waits for a person to mark it."""
        return any(attempt.marking for attempt in self.attempts)

    @property
    def mark(self) -> Decimal | None:
        """The best score on a scale of 10."""
        return None if self.best is None else mark_on_ten(self.best)

    @property
    def time(self) -> dt.timedelta | None:
        """Return the duration of the best attempt."""
        return None if self.best is None else time_of(self.best)


@dataclass(frozen=True, slots=True)
class ExamResults:
    item: OutlineItem
    exam: Exam
    rows: list[ExamRow]
    questions: list[QuestionResult]
    learners: int
    key_held: bool = False  # the viewer may still be asked these questions elsewhere: they are left out

    @property
    def is_partial(self) -> bool:
        return self.learners > len(self.rows)

    @property
    def taken(self) -> int:
        return sum(row.best is not None for row in self.rows)

    @property
    def passed(self) -> int:
        return sum(row.passed is True for row in self.rows)

    @property
    def middle(self) -> Decimal | None:
        """The median of the best marks."""
        marks = [row.mark for row in self.rows if row.mark is not None]
        return median(marks) if marks else None

    @property
    def spread(self) -> list[tuple[str, int]]:
        """Count the marks: below 5, then the bands of the scale."""
        limits = [("0 – 4,9", 0, 5), ("5 – 6,9", 5, 7), ("7 – 7,9", 7, 8), ("8 – 8,9", 8, 9), ("9 – 10", 9, 11)]
        marks = [row.mark for row in self.rows if row.mark is not None]
        return [(label, sum(low <= mark < high for mark in marks)) for label, low, high in limits]


def mark_on_ten(attempt: Attempt) -> Decimal:
    """The score of a graded attempt on a scale of 10."""
    return (attempt.score or Decimal(0)) * 10 / attempt.max_score


def time_of(attempt: Attempt) -> dt.timedelta | None:
    """Return the duration of an attempt that was handed in."""
    return None if attempt.submitted_at is None else attempt.submitted_at - attempt.started_at


def exam_items(training_class: TrainingClass) -> list[OutlineItem]:
    """The tests of the class in order (no query when the outline is warm)."""
    return [
        item for module in outline(training_class.edition_id) for item in module.items if item.kind == ItemKind.EXAM
    ]


def exam_results(training_class: TrainingClass, user: Any, item: OutlineItem) -> ExamResults:
    """Return the results of one test: nine queries, whatever the number of learners and questions."""
    exam_id = item.exam_id or 0
    everyone = learners_of(training_class, user)
    enrolments = list(everyone.order_by("learner__sort_key", "pk")[: LEARNERS + 1])
    learners = everyone.order_by().count() if len(enrolments) > LEARNERS else len(enrolments)
    enrolments = enrolments[:LEARNERS]
    ids = [enrolment.pk for enrolment in enrolments]
    exam = Exam.objects.get(pk=exam_id)  # reached through the class, which the user may see
    attempts = attempts_of(exam_id, ids, item_id=item.id)
    sits = sits_same_questions(user_id=user.pk, exam_id=exam_id, set_number=item.set_number or 0)
    return ExamResults(
        item=item,
        exam=exam,
        rows=[exam_row(exam, enrolment, attempts.get(enrolment.pk, ())) for enrolment in enrolments],
        questions=[] if sits else question_results(exam_id, ids, item_id=item.id),
        learners=learners,
        key_held=sits,
    )


def exam_row(exam: Exam, enrolment: Enrolment, attempts: Sequence[Attempt]) -> ExamRow:
    """One learner's line."""
    graded = [one for one in attempts if one.state == AttemptState.SUBMITTED and one.score is not None]
    best = max(graded, key=lambda one: (one.score or 0) / one.max_score, default=None)
    passed = None if best is None else exam.passed_with(best.score, best.max_score)
    return ExamRow(enrolment, tuple(attempts), best, passed)
