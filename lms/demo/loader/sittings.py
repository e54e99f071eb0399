"""A quiz in a hall that ``hocvien`` can come into by code while ``giangvien`` watches the board."""

from __future__ import annotations

import datetime as dt
import random

from lms.classes.models import Enrolment, TrainingClass
from lms.common.clock import now
from lms.exams.enums import SignUp, SittingMode
from lms.exams.models import Attempt, Sitting
from lms.exams.services.attempts import submit
from lms.exams.services.responses import IncomingResponse, save
from lms.exams.services.sittings import add_note, open_start, save_sitting
from lms.exams.services.starting import start_for_enrolment
from lms.people.models import User
from lms.programmes.enums import ItemKind
from lms.programmes.models import EditionItem
from quizzes.queries.papers.compiled import paper_content

CODE = "SEN246"
AT_WORK, DONE = 9, 7


def load_sitting(training_class: TrainingClass, *, lecturer: User, learner: User, rng: random.Random) -> Sitting:
    """Make the sitting on the last self-check of the class, with some of its learners at work and some done."""
    moment = now()
    item = EditionItem.objects.filter(
        edition_id=training_class.edition_id, kind=ItemKind.EXAM, exam__purpose="self_check"
    ).order_by("position")[2]
    assert item.exam_id is not None
    sitting = Sitting(
        exam_id=item.exam_id,
        unit_id=training_class.unit_id,
        training_class_id=training_class.pk,
        item_id=item.pk,
        mode=SittingMode.HALL,
        room="Hội trường tầng 2",
        opens_at=moment - dt.timedelta(hours=1),
        closes_at=moment + dt.timedelta(days=10),
        needs_opening=True,
        sign_up=SignUp.OPEN,
        leaderboard=True,
    )
    save_sitting(sitting=sitting, actor=lecturer, with_code=True, invigilators=[lecturer])
    Sitting.objects.filter(pk=sitting.pk).update(code=CODE)
    sitting.code = CODE
    open_start(sitting=sitting, actor=lecturer)
    people = Enrolment.objects.filter(training_class=training_class).active().exclude(learner=learner)
    taken = Attempt.objects.filter(item_id=item.pk, enrolment__isnull=False).values("enrolment_id")
    chosen = list(people.exclude(pk__in=taken).select_related("training_class__edition", "learner").order_by("pk"))
    for index, enrolment in enumerate(chosen[: AT_WORK + DONE]):
        attempt = start_for_enrolment(enrolment=enrolment, item_id=item.pk, user=enrolment.learner, code=CODE)
        _answer(attempt, rng, whole=index < DONE)
        if index < DONE:
            submit(attempt=attempt)
    add_note(sitting=sitting, text="Máy số 7 mất mạng 3 phút, đã có lại.", actor=lecturer)
    return sitting


def _answer(attempt: Attempt, rng: random.Random, *, whole: bool) -> None:
    questions = paper_content(attempt.paper_id, attempt.paper.seed)["questions"]
    rows = [
        IncomingResponse(question["slot"], {"choice": rng.choice(question["options"])["id"]}, 1)
        for question in questions
        if question["kind"] == "single_choice" and (whole or rng.random() < 0.6)
    ]
    if rows:
        save(attempt_id=attempt.pk, user_id=attempt.user_id, responses=rows)
