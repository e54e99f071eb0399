"""The learner's pages: own data only, few statements, usable without scripts."""

from __future__ import annotations

import datetime as dt

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from lms.classes.enums import ClassState
from lms.classes.models import ClassItem, Enrolment
from lms.classes.services.enrolments import enrol, enrol_many
from lms.common.clock import now
from lms.completion.services import record_progress
from lms.exams.models import Attempt
from lms.exams.services.attempts import submit
from lms.exams.services.responses import IncomingResponse, save
from lms.progress.models import ItemProgress
from tests.factories.classes import make_enrolment
from tests.factories.learning import make_study
from tests.factories.people import make_user
from tests.factories.quizzes import right_answer

pytestmark = pytest.mark.django_db


def client(user):
    made = Client()
    made.force_login(user)
    return made


def address(name, study, item=None):
    return reverse(f"learner:{name}", args=[study.enrolment.pk, *([item.pk] if item else [])])


def said(answer):
    return [str(message) for message in get_messages(answer.wsgi_request)]


@pytest.fixture
def study():
    return make_study(sessions=1, full_name="Trần Thị Bình")


def complete(study):
    """Read and attend everything, and hand in a right test."""
    for lesson in study.items("lesson"):
        record_progress(enrolment=study.fresh(), item_id=lesson.pk, position=1, seconds=60, completed=True)
    client(study.learner).post(address("start-exam", study, study.items("exam")[0]))
    attempt = Attempt.objects.get()
    count = study.exam.questions.count()
    answers = [IncomingResponse(slot, right_answer(attempt, slot), 1) for slot in range(1, count + 1)]
    save(attempt_id=attempt.pk, user_id=study.learner.pk, responses=answers, device=attempt.device)
    submit(attempt=attempt)


def test_every_page_opens_for_its_learner(study):
    lesson, test, session = (study.items(kind)[0] for kind in ("lesson", "exam", "session"))
    asked = client(study.learner)
    pages = {
        reverse("learner:home"): ["Trần", "Thị", "Bình"][-1],
        reverse("learner:schedule"): "Buổi",
        reverse("learner:certificates"): "",
        address("class", study): lesson.title,
        address("item", study, lesson): "Nội dung bài học.",
        address("item", study, test): test.title,
        address("item", study, session): session.title,
    }
    found = {}
    for path, text in pages.items():
        answer = asked.get(path)
        found[path] = answer.status_code, text in answer.content.decode()
    assert found == dict.fromkeys(pages, (200, True))


def test_strangers_find_nothing_and_change_nothing(study):
    lesson, test = study.items("lesson")[0], study.items("exam")[0]
    neighbour = study.another().learner
    withdrawn = study.another()
    Enrolment.objects.filter(pk=withdrawn.pk).update(status="withdrawn")
    reads = [address("class", study), *(address("item", study, item) for item in study.edition.items.all())]
    writes = [address("finish", study, lesson), address("start-exam", study, test)]
    for who in (neighbour, withdrawn.learner, make_user()):
        asked = client(who)
        assert [asked.get(path).status_code for path in reads] == [404] * len(reads)
        assert [asked.post(path).status_code for path in writes] == [404, 404]
    assert client(withdrawn.learner).get(reverse("learner:class", args=[withdrawn.pk])).status_code == 404
    assert [Client().get(path).status_code for path in reads] == [302] * len(reads)
    assert (ItemProgress.objects.count(), Attempt.objects.count()) == (0, 0)


def test_an_item_of_another_edition_is_not_reached(study):
    other = make_study()
    asked = client(study.learner)
    lesson, test = other.items("lesson")[0], other.items("exam")[0]
    assert [
        asked.get(address("item", study, lesson)).status_code,
        asked.post(address("finish", study, lesson)).status_code,
        asked.post(address("start-exam", study, test)).status_code,
        asked.post(address("finish", study, study.items("exam")[0])).status_code,
        asked.get(reverse("learner:item", args=[study.enrolment.pk, 10**9])).status_code,
    ] == [404] * 5


@pytest.mark.parametrize("state", [ClassState.PLANNED, ClassState.CANCELLED])
def test_a_planned_or_cancelled_class_is_not_there(state):
    study = make_study(class_fields={"state": state})
    asked = client(study.learner)
    assert asked.get(address("class", study)).status_code == 404
    assert asked.get(reverse("learner:home")).context["board"].current == []


def test_the_dashboard_names_one_next_step_and_only_own_things(study):
    stranger = make_study(full_name="Người Lạ")
    due = now() + dt.timedelta(days=2)
    for each in (study, stranger):
        ClassItem.objects.create(training_class=each.training_class, item=each.items("exam")[0], due_at=due)
    record_progress(enrolment=study.fresh(), item_id=study.items("lesson")[0].pk, position=1, seconds=9, completed=True)
    soon = make_enrolment(make_study(class_fields={"name": "Lớp chưa học"}).training_class, study.learner)
    board = client(study.learner).get(reverse("learner:home")).context["board"]
    assert [enrolment.pk for enrolment in board.current] == [study.enrolment.pk, soon.pk]
    assert board.current[0].next_item == study.items("lesson")[1]
    assert [(entry.enrolment_id, entry.item_id, entry.is_near) for entry in board.due] == [
        (study.enrolment.pk, study.items("exam")[0].pk, True)
    ]
    assert [session.training_class for session in board.sessions] == [study.training_class]
    assert (board.finished, board.certificates) == ([], [])


def test_the_dashboard_costs_the_same_for_one_class_and_for_three(study, django_assert_num_queries):
    asked = client(study.learner)
    asked.get(reverse("learner:home"))
    with django_assert_num_queries(8):  # one for the invitations
        asked.get(reverse("learner:home"))
    for _more in range(2):
        make_enrolment(make_study(sessions=1).training_class, study.learner)
    asked.get(reverse("learner:home"))  # new pages have emptied Wagtail's cache of the site's root
    with django_assert_num_queries(8):
        assert len(asked.get(reverse("learner:home")).context["board"].current) == 3


def test_pages_cost_few_statements_once_warm(study, django_assert_max_num_queries):
    asked = client(study.learner)
    lesson, test = study.items("lesson")[0], study.items("exam")[0]
    limits = {address("item", study, lesson): 8, address("class", study): 9, address("item", study, test): 11}
    for path, limit in limits.items():
        asked.get(path)
        with django_assert_max_num_queries(limit):
            asked.get(path)


def test_whoever_has_just_been_enrolled_starts_with_the_first_lesson(study):
    newcomers = [make_user(), make_user()]
    enrolled = enrol(training_class=study.training_class, learner=newcomers[0], actor=None)
    enrol_many(training_class=study.training_class, learner_ids=[newcomers[1].pk], actor=None)
    first = study.items("lesson")[0]
    assert enrolled.next_item_id == first.pk
    for learner in newcomers:
        page = client(learner).get(reverse("learner:home"))
        mine = page.context["board"].current[0]
        assert reverse("learner:item", args=[mine.pk, first.pk]) in page.content.decode()


def test_the_button_at_the_foot_works_without_scripts(study):
    asked = client(study.learner)
    first, second = study.items("lesson")
    asked.get(address("item", study, first))
    answer = asked.post(address("finish", study, first))
    assert (answer.status_code, answer.url) == (302, address("item", study, second))
    row = ItemProgress.objects.get(enrolment=study.enrolment, item=first)
    assert (row.state, row.position) == ("done", 1.0)
    assert (study.fresh().status, study.fresh().next_item) == ("in_progress", second)
    page = asked.get(address("item", study, first)).content.decode()
    assert address("finish", study, first) not in page
    assert address("item", study, second) in page


def test_the_button_says_what_is_missing():
    study = make_study(lesson_fields={"min_seconds": 60})
    lesson = study.items("lesson")[0]
    asked = client(study.learner)
    answer = asked.post(address("finish", study, lesson))
    assert (answer.status_code, answer.url, len(said(answer))) == (302, address("item", study, lesson), 1)
    assert not ItemProgress.objects.filter(state="done").exists()


def test_a_test_starts_and_goes_on(study):
    asked = client(study.learner)
    test = study.items("exam")[0]
    page = asked.get(address("item", study, test))
    assert (page.context["can_start"], page.context["open_attempt"], page.context["question_count"]) == (True, None, 5)
    first, again = (asked.post(address("start-exam", study, test)) for _twice in range(2))
    attempt = Attempt.objects.get()
    assert {first.url, again.url} == {reverse("attempts:attempt", args=[attempt.pk])}
    page = asked.get(address("item", study, test))
    assert page.context["open_attempt"] == attempt
    assert address("start-exam", study, test) not in page.content.decode()


@pytest.mark.parametrize(("opens", "due"), [(1, 2), (-2, -1)])
def test_a_test_refuses_outside_its_dates(study, opens, due):
    test = study.items("exam")[0]
    ClassItem.objects.create(
        training_class=study.training_class,
        item=test,
        opens_at=now() + dt.timedelta(days=opens),
        due_at=now() + dt.timedelta(days=due),
    )
    asked = client(study.learner)
    page = asked.get(address("item", study, test))
    assert (page.context["can_start"], bool(page.context["refusal"])) == (False, True)
    answer = asked.post(address("start-exam", study, test))
    assert (answer.url, len(said(answer)), Attempt.objects.count()) == (address("item", study, test), 1, 0)


def test_a_test_without_attempts_left_says_so():
    study = make_study(exam_fields={"max_attempts": 1})
    test = study.items("exam")[0]
    asked = client(study.learner)
    asked.post(address("start-exam", study, test))
    submit(attempt=Attempt.objects.get())
    page = asked.get(address("item", study, test))
    assert (page.context["attempts_left"], page.context["can_start"]) == (0, False)
    asked.post(address("start-exam", study, test))
    assert Attempt.objects.count() == 1


def test_a_class_that_is_over_stays_readable_and_records_nothing(study):
    study.training_class.__class__.objects.update(state=ClassState.CLOSED)
    lesson, test = study.items("lesson")[0], study.items("exam")[0]
    asked = client(study.learner)
    page = asked.get(address("item", study, lesson))
    assert (page.status_code, "Nội dung bài học." in page.content.decode(), bool(page.context["closed"])) == (
        200,
        True,
        True,
    )
    assert "data-reading " not in page.content.decode()
    assert asked.get(address("item", study, test)).context["can_start"] is False
    answer = asked.post(address("finish", study, lesson))
    assert (answer.url, len(said(answer))) == (address("class", study), 1)
    assert ItemProgress.objects.count() == 0


def test_the_outline_tells_the_conditions_and_what_is_missing(study):
    page = client(study.learner).get(address("class", study))
    assert [(one.state, one.value) for one in page.context["conditions"]] == [
        ("todo", "0/2"),
        ("todo", "0/4"),
        ("todo", "–"),
        ("todo", "–"),
    ]
    assert len(page.context["missing"]) > 0


def test_completion_shows_the_certificate_everywhere():
    study = make_study(full_name="Lê Văn An")
    complete(study)
    asked = client(study.learner)
    certificate = study.fresh().certificate
    link = reverse("certificates:pdf", args=[certificate.code])
    for path in (reverse("learner:home"), reverse("learner:certificates"), address("class", study)):
        assert link in asked.get(path).content.decode()
    assert asked.get(reverse("learner:home")).context["board"].current == []
