"""Data for measuring a mass start: one class, one sitting with a code, an exam of 40 questions."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from cms.models import ProgrammePage
from cms.services.site import ensure_site
from lms.classes.enums import ClassState
from lms.classes.models import Enrolment, TrainingClass
from lms.classes.services.enrolments import enrol_many
from lms.common.clock import now, today
from lms.exams.enums import SignUp, SittingMode
from lms.exams.models import Sitting
from lms.people.models import Unit, UnitKind, User
from lms.people.services.accounts import PersonData, create_people
from lms.people.services.tokens import make_token
from lms.programmes.enums import ItemKind
from lms.programmes.models import Edition, EditionItem, EditionModule
from quizzes.models import Exam, ItemBank
from quizzes.services.bank.items import create_item
from quizzes.services.papers.exams import set_questions
from quizzes.services.papers.freezing import freeze_papers

CODE = "MASS22"


def build(learners: int, questions: int, *, contest: bool = False) -> dict[str, Any]:
    """Fill an empty database; return what the people of the hall need to know.

    In a contest nobody has an account yet: ``people`` are numbers without tokens.
    """
    kind, _made = UnitKind.objects.get_or_create(
        code="centre", defaults={"name": "Trung tâm chính trị", "name_en": "Political centre", "holds_classes": True}
    )
    unit = Unit.add_root(name="Trung tâm chính trị đo", kind=kind)
    actor = User.objects.create_user("do-quan-ly")
    exam = _exam(unit, actor, questions)
    item = _edition_item(unit, actor, exam)
    day = today()
    training_class = TrainingClass.objects.create(
        edition=item.edition,
        unit=unit,
        name="Lớp đo",
        state=ClassState.OPEN,
        year=day.year,
        starts_on=day,
        ends_on=day + dt.timedelta(days=2),
        capacity=learners,
    )
    moment = now()
    Sitting.objects.create(
        exam=exam,
        unit=unit,
        training_class_id=training_class.pk,
        item_id=item.pk,
        room="Hội trường",
        opens_at=moment - dt.timedelta(minutes=1),
        closes_at=moment + dt.timedelta(hours=3),
        code=CODE,
        mode=SittingMode.CONTEST if contest else SittingMode.EXAM,
        sign_up=SignUp.OPEN if contest else SignUp.ENROLLED,
        leaderboard=contest,
    )
    plan = {"item": item.pk, "questions": questions, "code": CODE}
    if contest:
        return plan | {"people": [[number, ""] for number in range(learners)]}
    people = create_people([PersonData(f"Nguyễn Văn Đo {number}") for number in range(learners)], actor=actor)
    enrol_many(training_class=training_class, learner_ids=[user.pk for user in people], actor=None)
    tokens = {user.pk: make_token(user=user)[1] for user in people}
    rows = Enrolment.objects.filter(training_class=training_class).values_list("pk", "learner_id")
    return plan | {"people": [[enrolment, tokens[learner]] for enrolment, learner in rows]}


def _exam(unit: Unit, actor: User, questions: int) -> Exam:
    bank = ItemBank.objects.create(unit=unit, name="Ngân hàng đo")
    exam = Exam.objects.create(unit=unit, title="Bài đo", time_limit=120, max_attempts=1)
    rows = []
    for number in range(questions):
        item = create_item(
            bank=bank,
            kind="single_choice",
            stem=f"Câu hỏi đo số {number + 1}: theo văn bản đã học, phương án nào sau đây là đúng và đầy đủ nhất?",
            content={"options": [{"id": one, "html": f"Phương án {one}, đủ dài như thật"} for one in "abcd"]},
            key={"correct": "abcd"[number % 4]},
            author=actor,
        )
        if item.current is not None:
            rows.append((item.current, Decimal(1)))
    set_questions(exam=exam, questions=rows)
    return exam


def _edition_item(unit: Unit, actor: User, exam: Exam) -> EditionItem:
    """An edition with nothing but the exam: enough for everything that starting and handing in touch."""
    index = ensure_site(name="Sen").programmes
    page = ProgrammePage(title="Chương trình đo", slug="chuong-trinh-do", unit=unit, live=False)
    index.add_child(instance=page)
    edition = Edition.objects.create(
        programme=page,
        number=1,
        title=page.title,
        frozen_at=now(),
        frozen_by=actor,
        attendance_share=0,
        digest="0" * 64,
    )
    module = EditionModule.objects.create(edition=edition, position=1, title="Phần đo", kind="theory")
    return EditionItem.objects.create(
        edition=edition,
        module=module,
        position=1,
        kind=ItemKind.EXAM,
        title=exam.title,
        required=True,
        counts=True,
        exam=exam,
        set_number=freeze_papers(exam=exam),
    )
