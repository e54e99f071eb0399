"""The essay of the awareness classes: answers, a marking session with work in every state, one class not given out."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.db.models import F

from cms.models import LessonPage, ModulePage, ProgrammePage
from lms.classes.models import Enrolment, TrainingClass
from lms.demo.texts import CONTENT
from lms.exams.models import Attempt, Marking, MarkingSession
from lms.exams.services.attempts import start, submit
from lms.exams.services.marking.release import release
from lms.exams.services.marking.sessions import gather, open_session
from lms.exams.services.marking.work import MarkingDraft, finish, save_draft
from lms.exams.services.responses import IncomingResponse, save
from lms.people.models import Unit, User
from lms.programmes.enums import ItemKind
from lms.programmes.models import EditionItem, ProgrammeItem
from quizzes.enums import ExamPurpose, ItemState, Review
from quizzes.kinds.essay import html_from_text
from quizzes.models import Exam, Item, ItemBank
from quizzes.services.bank.items import create_item
from quizzes.services.papers.exams import set_questions

POSITION = 91
RELEASED, UNASSIGNED = 3, 2
# What the two markers give the answers in turn; the last pair is too far apart.
_MARKS = (
    (("3,5", "2,5", "1,5", "1"), ("3,25", "2,5", "1,75", "1")),
    (("3", "2", "1", "0,75"), ("3", "2,25", "1", "1")),
)
_APART = (("4", "3", "2", "1"), ("2", "1,5", "1", "0,5"))
_REMARKS = ("Liên hệ thật, có số liệu cụ thể.", "Nêu đủ ý, cần nói rõ hơn về kỷ luật của Đảng.")


def _text() -> dict[str, Any]:
    return tomllib.loads((CONTENT / "essays.toml").read_text(encoding="utf-8"))


def plan_essay(
    *, page: ProgrammePage, module: ModulePage, lesson: LessonPage, unit: Unit, author: User, approver: User
) -> None:
    """Put the essay behind ``lesson``. It is optional: classes complete without it."""
    text = _text()
    bank = ItemBank.objects.create(unit=unit, name=text["title"])
    item = create_item(
        bank=bank,
        kind="essay",
        stem=text["stem"],
        content={"min_words": 80, "max_words": 600},
        key={"rubric": text["rubric"], "model_html": text["model_html"]},
        feedback={"general": text["explanation"]},
        author=author,
        code=text["code"],
    )
    Item.objects.filter(bank=bank).update(state=ItemState.APPROVED, approved_by=approver, approved_version=F("current"))
    exam = Exam.objects.create(
        unit=unit,
        title=text["title"],
        purpose=ExamPurpose.SELF_CHECK,
        pass_share=Decimal("0.5"),
        variants=1,
        review=Review.KEY,
        review_after_close=Review.KEY,
    )
    if item.current is not None:
        set_questions(exam=exam, questions=[(item.current, Decimal(10))])
    ProgrammeItem.objects.create(
        programme=page,
        module=module,
        after_lesson=lesson,
        kind=ItemKind.EXAM,
        title=text["title"],
        exam=exam,
        required=False,
        position=POSITION,
    )


def load_essays(
    running: TrainingClass, closed: TrainingClass, *, markers: Sequence[User], officer: User, learner: User
) -> None:
    """Hand in the answers; mark those of ``running`` as far as each state goes, leave those of ``closed`` waiting."""
    answers = [one["text"] for one in _text()["answers"]]
    item = EditionItem.objects.select_related("exam").get(
        edition_id=running.edition_id, exam__title=_text()["title"], kind=ItemKind.EXAM
    )
    if item.exam is None:
        return
    split = len(answers) - UNASSIGNED
    people = _people(running, split - 1)
    people.insert(0, Enrolment.objects.get(training_class=running, learner=learner))
    for enrolment, text in zip(people[:RELEASED], answers, strict=False):
        _write(enrolment, item, text)
    session = open_session(
        training_class=running,
        item=item,
        marker_ids=[one.pk for one in markers],
        actor=officer,
        rounds=2,
    )
    for number, pair in enumerate(_pairs(session)):
        for marking, points in zip(pair, _MARKS[number % 2], strict=True):
            _mark(marking, points)
    release(session=session, actor=officer)
    for enrolment, text in zip(people[RELEASED:], answers[RELEASED:split], strict=False):
        _write(enrolment, item, text)
    gather(session)
    open_pairs = [pair for pair in _pairs(session) if pair[0].state == "waiting"]
    for pair, given in zip(open_pairs, (_MARKS[0], _APART, _MARKS[1], _APART), strict=False):
        for marking, points in zip(pair, given, strict=True):
            _mark(marking, points)
    for number, pair in enumerate(open_pairs[4:7]):
        mine = next(one for one in pair if one.marker_id == markers[0].pk)
        if number:
            draft = MarkingDraft({"1": "3,5", "2": "2"}, comment=_REMARKS[0])
            save_draft(marking=mine, draft=draft, version=0)
        else:
            _mark(mine, _MARKS[0][0])
    for enrolment, text in zip(_people(closed, UNASSIGNED), answers[split:], strict=False):
        _write(enrolment, item, text)


def _people(training_class: TrainingClass, count: int) -> list[Enrolment]:
    """Return some learners of the class who are not people of the demo's accounts."""
    enrolments = Enrolment.objects.filter(training_class=training_class).exclude(learner__username="hocvien")
    return list(enrolments.select_related("learner").order_by("pk")[:count])


def _write(enrolment: Enrolment, item: EditionItem, text: str) -> Attempt:
    attempt = start(
        user=enrolment.learner,
        exam_id=item.exam_id or 0,
        set_number=item.set_number or 0,
        enrolment_id=enrolment.pk,
        item_id=item.pk,
    )
    answer = {"html": html_from_text(text.strip())}
    save(attempt_id=attempt.pk, user_id=attempt.user_id, responses=[IncomingResponse(1, answer, 1)])
    return submit(attempt=attempt)


def _pairs(session: MarkingSession) -> list[list[Marking]]:
    """Return the markings of each answer, the first round first."""
    found: dict[int, list[Marking]] = {}
    rows = Marking.objects.filter(script__session=session).select_related("script__version", "script__session")
    for marking in rows.order_by("script__code", "round"):
        found.setdefault(marking.script_id, []).append(marking)
    return list(found.values())


def _mark(marking: Marking, points: Sequence[str]) -> None:
    draft = MarkingDraft(
        points={str(number): value for number, value in enumerate(points, start=1)},
        comments={"2": "Nên thêm một ví dụ ở nơi công tác."} if marking.round == 1 else {},
        comment=_REMARKS[marking.round - 1],
        note="Bài viết chân thật, đề nghị ghi nhận." if marking.round == 1 else "",
    )
    save_draft(marking=marking, draft=draft, version=marking.version)
    finish(marking=marking)
