"""Item banks, questions, exams, papers and attempts for tests."""

from __future__ import annotations

import itertools
from decimal import Decimal
from typing import Any

from lms.classes.enums import ClassState
from lms.classes.models import Enrolment, TrainingClass
from lms.exams.models import Attempt
from lms.exams.services.attempts import start
from lms.people.models import Unit, UnitKind, User
from lms.programmes.enums import ItemKind
from lms.programmes.models import Edition, EditionItem, EditionModule
from quizzes.enums import ItemState
from quizzes.models import Exam, Item, ItemBank
from quizzes.services.bank.items import create_item
from quizzes.services.papers.exams import set_questions
from quizzes.services.papers.freezing import freeze_papers
from tests.factories.classes import make_class, make_enrolment
from tests.factories.programmes import make_edition, make_programme_page

_numbers = itertools.count(1)
# Far from the numbers that the database gives.
_enrolments = itertools.count(1_000_000)


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


def class_of(exam: Exam, *, without: User | None = None) -> TrainingClass:
    """A class that sits ``exam``, made where there is none (in which ``without`` does not learn).

    It is closed, so that the key of its papers is needed by nobody, and its last day is to come, so that its tests are
    not over.
    """
    classes = TrainingClass.objects.filter(edition__items__exam=exam).order_by("pk")
    if found := classes.exclude(enrolments__learner=without).first() if without else classes.first():
        return found
    edition = Edition.objects.filter(items__exam=exam).first()
    if edition is None:
        edition = make_edition(make_programme_page(exam.unit, modules=(), live=False))
        item_in(edition, exam)
    return make_class(exam.unit, edition, state=ClassState.CLOSED)


def item_in(edition: Edition, exam: Exam) -> EditionItem:
    """The item of ``edition`` that is ``exam``, added where there is none."""
    found = EditionItem.objects.filter(edition=edition, exam=exam).first()
    if found is not None:
        return found
    place = EditionItem.objects.filter(edition=edition).count() + 1
    last = EditionModule.objects.filter(edition=edition).order_by("position").last()
    module = last or EditionModule.objects.create(edition=edition, position=1, title="Lý luận", kind="theory")
    return EditionItem.objects.create(
        edition=edition, module=module, position=place, kind=ItemKind.EXAM, title=exam.title, exam=exam, set_number=1
    )


def seat(exam: Exam, user: User | None = None, number: int = 0) -> tuple[Enrolment, EditionItem]:
    """The enrolment ``number`` (of ``user``, made where there is none), and its item that is ``exam``."""
    enrolment = Enrolment.objects.select_related("training_class__edition").filter(pk=number).first()
    if enrolment is None:
        learner = user or make_learner()
        enrolment = make_enrolment(class_of(exam, without=learner), learner, pk=number or next(_enrolments))
    return enrolment, item_in(enrolment.training_class.edition, exam)


def make_attempt(user: User | None = None, exam: Exam | None = None, *, context: int = 0, **fields: Any) -> Attempt:
    """A started attempt; ``context`` is the number of the enrolment."""
    exam = exam or make_exam()
    learner = user or make_learner()
    set_number = freeze_papers(exam=exam)
    enrolment, item = seat(exam, learner, context)
    return start(
        user=learner,
        exam_id=exam.pk,
        set_number=set_number,
        enrolment_id=enrolment.pk,
        item_id=item.pk,
        **fields,
    )


def right_answer(attempt: Attempt, slot: int) -> dict[str, Any]:
    """The answer that earns all points of ``slot`` on the attempt's paper, in the paper's letters."""
    from quizzes.queries.papers.compiled import paper_key

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
