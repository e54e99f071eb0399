"""Exams with essays, answers to mark, marking sessions."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from lms.classes.models import TrainingClass
from lms.exams.models import Attempt, Marking, MarkingSession
from lms.exams.services.attempts import submit
from lms.exams.services.marking.sessions import open_session
from lms.exams.services.marking.work import MarkingDraft, finish, save_draft
from lms.exams.services.responses import IncomingResponse, save
from quizzes.enums import ItemState, Review
from quizzes.models import Exam
from quizzes.services.bank.items import create_item
from quizzes.services.papers.exams import set_questions
from tests.factories.people import make_user
from tests.factories.quizzes import class_of, item_in, make_attempt, make_bank

RUBRIC = [
    {"id": "1", "title": "Nội dung", "share": "0.5", "description": "Đủ ý"},
    {"id": "2", "title": "Liên hệ", "share": "0.3", "description": "Cụ thể"},
    {"id": "3", "title": "Trình bày", "share": "0.2", "description": ""},
]


def make_essay(bank=None, stem: str = "Trình bày nhận thức của đồng chí.", rubric: Any = RUBRIC):
    """An approved essay question."""
    return create_item(
        bank=bank or make_bank(),
        kind="essay",
        stem=stem,
        content={"min_words": 0, "max_words": 0},
        key={"rubric": rubric, "model_html": "<p>BÀI-MẪU</p>"},
        feedback={},
        state=ItemState.APPROVED,
    )


def make_essay_exam(unit=None, *, essays: int = 1, points: str = "10", **fields: Any) -> Exam:
    """An exam of essays; everything may be seen afterwards."""
    bank = make_bank(unit)
    rules = {"title": "Bài thu hoạch", "variants": 1, "shuffle_questions": False, "review": Review.KEY, **fields}
    exam = Exam.objects.create(unit=bank.unit, **rules)
    items = [make_essay(bank, stem=f"Câu tự luận số {number + 1}") for number in range(essays)]
    set_questions(exam=exam, questions=[(item.current, Decimal(points)) for item in items])
    return exam


def write_essays(attempt: Attempt, text: str = "Bài làm của tôi", slots: tuple[int, ...] = ()) -> Attempt:
    """Answer every slot (or ``slots``) and hand in."""
    wanted = slots or tuple(range(1, len(attempt.paper.content["questions"]) + 1))
    rows = [IncomingResponse(slot, {"html": f"<p>{text} {slot}</p>"}, 1) for slot in wanted]
    save(attempt_id=attempt.pk, user_id=attempt.user_id, responses=rows)
    return submit(attempt=attempt)


def make_written(exam: Exam, context: int, user=None, **fields: Any) -> Attempt:
    """An attempt that was handed in and waits for a person."""
    return write_essays(make_attempt(user, exam, context=context, **fields), f"Bài làm {context}")


def make_marking(exam: Exam, markers, *, actor=None, group: int = 0, **fields: Any) -> MarkingSession:
    """A session for the class ``group``, by default the one that sits ``exam``."""
    training_class = TrainingClass.objects.get(pk=group) if group else class_of(exam)
    return open_session(
        training_class=training_class,
        item=item_in(training_class.edition, exam),
        marker_ids=[one.pk for one in markers],
        actor=actor or make_user(),
        **fields,
    )


def mark(marking: Marking, *points: str, comment: str = "", note: str = "", comments: dict[str, str] | None = None):
    """Save the points of the criteria in order and finish."""
    draft = MarkingDraft(
        points={str(number): value for number, value in enumerate(points, start=1)},
        comments=comments or {},
        comment=comment,
        note=note,
    )
    save_draft(marking=marking, draft=draft, version=marking.version)
    return finish(marking=marking)
