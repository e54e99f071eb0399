"""Item banks, questions, exams, papers and attempts for tests."""

from __future__ import annotations

import itertools
from decimal import Decimal
from typing import Any

from lms.exams.models import Attempt
from lms.exams.services.attempts import start
from lms.people.models import Unit, UnitKind, User
from quizzes.enums import ItemState
from quizzes.models import Exam, Item, ItemBank
from quizzes.services.exams import set_questions
from quizzes.services.items import create_item
from quizzes.services.papers import freeze_papers

_numbers = itertools.count(1)


def make_exam_unit(name: str = "") -> Unit:
    """A centre at the root of the tree."""
    kind, _made = UnitKind.objects.get_or_create(
        code="centre", defaults={"name": "Trung tâm chính trị", "name_en": "Political centre", "holds_classes": True}
    )
    return Unit.add_root(name=name or f"Trung tâm chính trị {next(_numbers)}", kind=kind)


def make_learner(username: str = "", **fields: Any) -> User:
    """An account without a usable password."""
    return User.objects.create_user(username or f"hocvien{next(_numbers)}", **fields)


def make_bank(unit: Unit | None = None, name: str = "") -> ItemBank:
    """A bank of ``unit`` (a new one by default)."""
    return ItemBank.objects.create(unit=unit or make_exam_unit(), name=name or f"Ngân hàng {next(_numbers)}")


def make_item(
    bank: ItemBank | None = None,
    *,
    kind: str = "single_choice",
    stem: str = "",
    options: int = 4,
    correct: str = "b",
    scoring: str = "all_or_nothing",
    fixed: str = "",
    **fields: Any,
) -> Item:
    """A question with options a, b, c …; ``correct`` and ``fixed`` name letters ("ac")."""
    number = next(_numbers)
    letters = "abcdefghijklmnopqrstuvwxyz"[:options]
    content = {
        "options": [
            {"id": letter, "html": f"Phương án {letter.upper()} của câu {number}", "fixed": letter in fixed}
            for letter in letters
        ]
    }
    key: dict[str, Any] = {"correct": correct}
    if kind == "multiple_response":
        key = {"correct": list(correct), "scoring": scoring}
    feedback = {
        "general": f"BÍ-MẬT giải thích câu {number}",
        "options": {letter: f"BÍ-MẬT nhận xét {letter}" for letter in letters},
    }
    return create_item(
        bank=bank or make_bank(),
        kind=kind,
        stem=stem or f"Nội dung câu hỏi số {number} là gì?",
        content=content,
        key=key,
        feedback=feedback,
        source=f"BÍ-MẬT nguồn {number}",
        **{"state": ItemState.APPROVED, **fields},
    )


def make_exam(
    unit: Unit | None = None, *, questions: int = 5, multiple: int = 0, points: str = "1", **fields: Any
) -> Exam:
    """An exam of single-choice questions (right: b), the last ``multiple`` of them multiple response (right: a, c)."""
    unit = unit or make_exam_unit()
    bank = make_bank(unit)
    exam = Exam.objects.create(unit=unit, **{"title": "Bài kiểm tra cuối khóa", "variants": 4, **fields})
    items = [make_item(bank) for _ in range(questions - multiple)]
    items += [make_item(bank, kind="multiple_response", correct="ac") for _ in range(multiple)]
    set_questions(exam=exam, questions=[(item.current, Decimal(points)) for item in items])
    return exam


def make_attempt(user: User | None = None, exam: Exam | None = None, *, context: int = 0, **fields: Any) -> Attempt:
    """A started attempt; ``context`` stands for the enrolment."""
    exam = exam or make_exam()
    number = context or next(_numbers)
    return start(
        user=user or make_learner(),
        exam_id=exam.pk,
        paper_set=freeze_papers(exam=exam),
        context_id=number,
        context_item_id=1,
        **fields,
    )


def right_answer(attempt: Attempt, slot: int) -> dict[str, Any]:
    """The answer that earns all points of ``slot`` on the attempt's paper, in the paper's letters."""
    from quizzes.queries import paper_key

    entry = next(e for e in paper_key(attempt.paper_id, attempt.paper.seed).slots if e.slot == slot)
    if entry.kind == "single_choice":
        return {"choice": entry.key["correct"]}
    return {"choices": list(entry.key["correct"])}


def wrong_answer(attempt: Attempt, slot: int) -> dict[str, Any]:
    """An answer that earns nothing."""
    right = right_answer(attempt, slot)
    letters = "abcd"
    if "choice" in right:
        return {"choice": next(letter for letter in letters if letter != right["choice"])}
    return {"choices": [letter for letter in letters if letter not in right["choices"]][:1]}
