"""Marking and question files, person by person: one's own work, and nothing of what others mark, settle or read in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from lms.classes.enums import ClassState
from lms.classes.models import TrainingClass
from lms.common.clock import now
from lms.exams.enums import MarkingState, ScriptState
from lms.exams.models import Marking, MarkingSession, Script
from lms.people.models import User
from quizzes.models import QuestionImport
from quizzes.services import imports
from tests.architecture.asking import asks
from tests.architecture.test_write_matrix import undone
from tests.architecture.urls import ONLY
from tests.architecture.write_people import make_people
from tests.architecture.write_world import AIKEN
from tests.factories.cast import Cast, make_cast
from tests.factories.classes import make_enrolment
from tests.factories.marking import make_essay_exam, make_marking, make_written
from tests.factories.people import make_user
from tests.factories.quizzes import make_bank

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
QUEUE, NEXT, WORK, SETTLE, SESSION = (f"exams:marking{end}" for end in ("", "-next", "-work", "-settle", "-session"))
JSON = {"content_type": "application/json"}
#: What is asked of one file of questions: (method, address, whether a row of the file is named).
OF_A_FILE = (
    ("get", "api:bank-import", False),
    ("post", "api:bank-import-commit", False),
    ("post", "api:bank-import-decide", False),
    ("post", "api:bank-import-discard", False),
    ("post", "api:bank-import-retry", False),
    ("get", "api:bank-import-question", True),
    ("put", "api:bank-import-question", True),
    ("post", "api:bank-import-answer", True),
)


@dataclass
class Marks:
    """A session of one round: two answers, one marked by ``marker``, the other one by somebody else."""

    cast: Cast
    session: MarkingSession
    mine: Marking
    others: Marking
    marker: User
    clients: dict[str, Client]


@pytest.fixture
def marks(client_as: Callable[..., Client]) -> Marks:
    cast = make_cast()
    people = make_people(cast)
    exam = make_essay_exam(cast.centre)
    for enrolment in (cast.enrolment, make_enrolment(cast.training_class, make_user(unit=cast.centre))):
        make_written(exam, enrolment.pk, user=enrolment.learner)
    marker, other = make_user("Người Chấm", unit=cast.centre), make_user(unit=cast.centre)
    session = make_marking(exam, [marker, other], group=cast.training_class.pk)
    (mine,), (others,) = (Marking.objects.filter(marker=one) for one in (marker, other))
    clients = {"marker": client_as(marker)}
    for person in ("exam_officer", "exam_officer*", "learner"):
        clients[person] = client_as(User.objects.get(pk=people[person].pk))
    return Marks(cast, session, mine, others, marker, clients)


def finish(marking: Marking) -> None:
    Marking.objects.filter(pk=marking.pk).update(state=MarkingState.DONE, total=1, done_at=now())


def test_going_on_leads_to_ones_own_answers_alone(marks: Marks) -> None:
    asks(NEXT)
    path = reverse(NEXT, args=[marks.session.pk])
    first = marks.clients["marker"].get(path).headers["Location"]
    finish(marks.mine)
    then = marks.clients["marker"].get(path).headers["Location"]
    assert Marking.objects.get(pk=marks.others.pk).state == MarkingState.WAITING
    assert (first, then) == (reverse(WORK, args=[marks.mine.pk]), reverse(QUEUE))


def test_the_page_of_an_answer_counts_ones_own_work(marks: Marks) -> None:
    asks(WORK)
    finish(marks.others)
    page = marks.clients["marker"].get(reverse(WORK, args=[marks.mine.pk]))
    assert (page.context["finished"], page.context["whole"]) == (0, 1)


def test_a_look_at_the_own_queue_takes_up_nothing_of_foreign_sessions(marks: Marks) -> None:
    asks(QUEUE, "api:markings")
    late = make_enrolment(marks.cast.training_class, make_user(unit=marks.cast.centre))
    make_written(marks.session.exam, late.pk, user=late.learner)
    joined = {}
    for name in (QUEUE, "api:markings"):
        for person in ("exam_officer*", "marker", "exam_officer"):
            with undone():
                assert marks.clients[person].get(reverse(name)).status_code == 200
                joined[name, person] = Script.objects.filter(session=marks.session).count() - 2
    right = {"exam_officer*": 0, "marker": 1, "exam_officer": 1}
    assert joined == {(name, person): right[person] for name, person in joined}


def test_whoever_settles_by_name_is_led_to_nothing_that_is_closed(marks: Marks) -> None:
    """The settler does not run the session, and settles no own answer though it waits as well."""
    asks(SETTLE)
    learner = User.objects.get(pk=marks.cast.learner.pk)
    # The class is closed: nobody waits for the question any more, so that a learner may read its key.
    TrainingClass.objects.filter(pk=marks.cast.training_class.pk).update(state=ClassState.CLOSED)
    MarkingSession.objects.filter(pk=marks.session.pk).update(settler=learner)
    Script.objects.filter(session=marks.session).update(state=ScriptState.DIFFERS)
    script = Script.objects.filter(session=marks.session).exclude(attempt__user=learner).get()
    path = reverse(SETTLE, args=[script.pk])
    points = {"diem-1": "5", "diem-2": "3", "diem-3": "2", "reason": "Thống nhất"}
    led = {}
    for person in ("learner", "exam_officer"):
        client = marks.clients[person]
        runs = client.get(path).context["runs"]
        with undone():
            there = client.post(path, points).headers["Location"]
        led[person] = (runs, there, client.get(there).status_code)
    own = Script.objects.get(session=marks.session, attempt__user=learner)
    assert led == {
        "learner": (False, reverse(QUEUE), 200),
        "exam_officer": (True, reverse(SETTLE, args=[own.pk]), 200),
    }
    Script.objects.filter(pk=own.pk).update(state=ScriptState.READY, points=1)
    with undone():
        there = marks.clients["exam_officer"].post(path, points).headers["Location"]
    assert there == reverse(SESSION, args=[marks.session.pk])


def test_a_file_of_questions_is_for_whoever_sent_it_and_the_keepers_of_the_bank(
    client_as: Callable[..., Client],
) -> None:
    asks("api:bank-imports", *(name for _method, name, _row in OF_A_FILE))
    cast = make_cast()
    people = make_people(cast)
    bank = make_bank(cast.centre)
    files: dict[str, QuestionImport] = {}
    for person in ("author", "exam_officer"):
        sent = SimpleUploadedFile("cau.txt", AIKEN.encode())
        files[person] = imports.start_import(bank=bank, file=sent, actor=people[person])
    listed, past = {}, {}
    for person in ("author", "lecturer", "exam_officer"):
        client = client_as(User.objects.get(pk=people[person].pk))
        rows = client.get(reverse("api:bank-imports", args=[bank.pk])).json()["results"]
        listed[person] = {name for name, file in files.items() if file.pk in {row["id"] for row in rows}}
        for method, name, of_row in OF_A_FILE:
            if ONLY and name not in ONLY:
                continue
            for owner, file in files.items():
                row = {"row_id": file.questions.get().pk} if of_row else {}
                path = reverse(name, kwargs={"bank_id": bank.pk, "import_id": file.pk, **row})
                with undone():
                    response = getattr(client, method)(path, {}, **({} if method == "get" else JSON))
                past.setdefault((method, name), {}).setdefault(person, set())
                if response.status_code != 404:
                    past[method, name][person].add(owner)
    right = {"author": {"author"}, "lecturer": set(), "exam_officer": {"author", "exam_officer"}}
    assert (listed, past) == (right, dict.fromkeys(past, right))
