"""The self-check that has one question of every kind, so that all of them can be tried at once."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.core.files import File
from django.db.models import F

from cms.models import LessonPage, ModulePage, ProgrammePage
from lms.demo.texts import ImageText, KindText
from lms.people.models import Unit, User
from lms.programmes.enums import ItemKind
from lms.programmes.models import ProgrammeItem
from quizzes.enums import ExamPurpose, ItemState, Review
from quizzes.models import Exam, Item, ItemBank
from quizzes.services.bank.items import create_item
from quizzes.services.bank.pictures import add_picture
from quizzes.services.papers.exams import set_questions

POSITION = 90  # behind the lesson's own self-check


def plan_kinds(
    title: str,
    questions: Iterable[KindText],
    *,
    page: ProgrammePage,
    module: ModulePage,
    lesson: LessonPage,
    unit: Unit,
    author: User,
    approver: User,
) -> None:
    """Put the self-check with one question of every kind behind ``lesson``, from a bank of its own."""
    bank = ItemBank.objects.create(unit=unit, name=title)
    items = []
    for question in questions:
        picture = {} if question.image is None else _picture(question.image, bank, author)
        items.append(
            create_item(
                bank=bank,
                kind=question.kind,
                stem=question.stem,
                content={**question.content, **picture},
                key=question.key,
                feedback={"general": question.explanation},
                author=author,
                code=question.id,
            )
        )
    Item.objects.filter(bank=bank).update(state=ItemState.APPROVED, approved_by=approver, approved_version=F("current"))
    exam = Exam.objects.create(
        unit=unit,
        title=title,
        purpose=ExamPurpose.SELF_CHECK,
        pass_share=Decimal(0),
        variants=2,
        shuffle_questions=False,
        review=Review.KEY,
        review_after_close=Review.KEY,
    )
    versions = [item.current for item in items if item.current is not None]
    set_questions(exam=exam, questions=[(version, Decimal(1)) for version in versions])
    ProgrammeItem.objects.create(
        programme=page,
        module=module,
        after_lesson=lesson,
        kind=ItemKind.EXAM,
        title=title,
        exam=exam,
        required=False,
        position=POSITION,
    )


def _picture(text: ImageText, bank: ItemBank, author: User) -> dict[str, Any]:
    with text.path.open("rb") as stream:
        picture = add_picture(bank=bank, file=File(stream, name=text.file), alt=text.alt, actor=author)
    return {"image": picture.pk, "alt": text.alt}
