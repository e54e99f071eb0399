"""The smallest exams that a programme can hold; how exams really are made belongs to the quizzes' own factories."""

from __future__ import annotations

import itertools

from quizzes.models import Exam, ExamQuestion, Item, ItemBank, ItemVersion

_numbers = itertools.count(1)


def add_question(exam, *, points=1):
    """Append one single-choice question to ``exam``."""
    number = next(_numbers)
    bank, _made = ItemBank.objects.get_or_create(unit=exam.unit, name="Ngân hàng")
    item = Item.objects.create(bank=bank, kind="single_choice", code=f"C{number}")
    version = ItemVersion.objects.create(
        item=item,
        number=1,
        kind="single_choice",
        stem=f"Câu {number}",
        content={"options": [{"id": "a", "html": "Một"}, {"id": "b", "html": "Hai"}]},
        key={"correct": "a"},
    )
    position = exam.questions.count() + 1
    return ExamQuestion.objects.create(exam=exam, position=position, version=version, points=points)


def make_small_exam(unit, *, title="Bài kiểm tra", questions=2, **fields):
    exam = Exam.objects.create(unit=unit, title=title, variants=1, **fields)
    for _ in range(questions):
        add_question(exam)
    return exam
