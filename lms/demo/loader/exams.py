"""Banks, final tests and self-checks, put beside the lessons and frozen with them."""

from __future__ import annotations

from decimal import Decimal

from cms.models import LessonPage, ModulePage, ProgrammePage
from lms.demo.loader.banks import approve_all, tag_items
from lms.demo.texts import ProgrammeText, QuestionText
from lms.people.models import Unit, User
from lms.programmes.enums import ItemKind
from lms.programmes.models import Edition, ProgrammeItem
from lms.programmes.services.freeze import freeze_edition
from quizzes.enums import ExamPurpose, Level, Review
from quizzes.models import Exam, Item, ItemBank, ItemVersion, Topic
from quizzes.services.bank.items import create_item
from quizzes.services.papers.exams import set_questions

LEVELS = {
    "nhan_biet": Level.RECALL,
    "thong_hieu": Level.UNDERSTAND,
    "van_dung": Level.APPLY,
    "van_dung_cao": Level.APPLY_HIGH,
}
# Programmes with sessions in class beside the reading: title, periods.
SESSIONS = {
    "dang-vien-moi": (("Tham quan, sinh hoạt thực tế tại cơ sở", 4), ("Thảo luận tổ và giải đáp", 4)),
    "nghiep-vu-can-bo-co-so": (("Thực hành xử lý tình huống dân vận", 4),),
}


def load_bank(programme: ProgrammeText, *, unit: Unit, author: User, approver: User) -> dict[str, Item]:
    """Fill a bank with the programme's questions; returns the items by their code."""
    bank = ItemBank.objects.create(unit=unit, name=programme.title)
    topics = {
        lesson.slug: Topic.objects.create(bank=bank, name=lesson.title, position=lesson.number)
        for lesson in programme.lessons
    }
    items = {}
    for question in programme.questions:
        item = _item(question, bank, topics.get(question.topic), author)
        items[question.id] = item
    approve_all(bank, approver=approver)
    tag_items(items)
    return {code: Item.objects.select_related("current").get(pk=item.pk) for code, item in items.items()}


def _item(question: QuestionText, bank: ItemBank, topic: Topic | None, author: User) -> Item:
    ids = {option.letter: option.letter.lower() for option in question.options}
    options = [{"id": ids[option.letter], "html": option.text, "fixed": option.fixed} for option in question.options]
    right = [ids[letter] for letter in question.key]
    return create_item(
        bank=bank,
        kind=question.kind,
        stem=question.stem,
        content={"options": options},
        key={"correct": right[0]} if question.kind == "single_choice" else {"correct": right},
        feedback={"general": question.explanation},
        source=question.source[:300],
        author=author,
        code=question.id,
        topic=topic,
        level=LEVELS[question.level],
    )


def plan_items(
    programme: ProgrammeText,
    *,
    page: ProgrammePage,
    modules: dict[str, ModulePage],
    lessons: dict[str, LessonPage],
    items: dict[str, Item],
    unit: Unit,
) -> None:
    """Put self-checks behind their lessons, sessions and the final test at the end of the last module."""
    position = 0
    for text in programme.modules:
        for lesson in text.lessons:
            if not lesson.self_check:
                continue
            position += 1
            exam = Exam.objects.create(
                unit=unit,
                title=f"Tự kiểm tra: {lesson.title}",
                purpose=ExamPurpose.SELF_CHECK,
                pass_share=Decimal(0),
                variants=2,
                review=Review.KEY,
                review_after_close=Review.KEY,
            )
            set_questions(exam=exam, questions=[(_current(items[code]), Decimal(1)) for code in lesson.self_check])
            ProgrammeItem.objects.create(
                programme=page,
                module=modules[text.key],
                after_lesson=lessons[lesson.slug],
                kind=ItemKind.EXAM,
                title=exam.title,
                exam=exam,
                required=False,
                position=position,
            )
    last = modules[programme.modules[-1].key]
    for title, periods in SESSIONS.get(programme.slug, ()):
        position += 1
        ProgrammeItem.objects.create(
            programme=page, module=last, kind=ItemKind.SESSION, title=title, periods=periods, position=position
        )
    ProgrammeItem.objects.create(
        programme=page,
        module=last,
        kind=ItemKind.EXAM,
        title=programme.exam.title,
        exam=_final(programme, items, unit),
        required=True,
        counts=True,
        position=position + 1,
    )


def _current(item: Item) -> ItemVersion:
    assert item.current is not None
    return item.current


def _final(programme: ProgrammeText, items: dict[str, Item], unit: Unit) -> Exam:
    text = programme.exam
    exam = Exam.objects.create(
        unit=unit,
        title=text.title,
        purpose=ExamPurpose.FINAL,
        time_limit=text.minutes,
        max_attempts=text.attempts,
        pass_share=Decimal(str(text.pass_mark)) / 10,
        variants=8,
        review=Review.ANSWERS,
        review_after_close=Review.KEY,
    )
    chosen = list(items.values())[: text.count]
    set_questions(exam=exam, questions=[(_current(item), Decimal(1)) for item in chosen])
    return exam


def freeze(page: ProgrammePage, *, actor: User) -> Edition:
    """Freeze the first edition."""
    return freeze_edition(programme=page, actor=actor, note="Phiên bản đầu tiên")
