"""No learner is shown a key that somebody, anywhere, may still need."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from lms.classes.enums import ClassState, EnrolmentStatus
from lms.classes.models import ClassItem, ClassStaff, Enrolment, TrainingClass
from lms.common.clock import now
from lms.exams.models import Allowance, Attempt, Sitting
from lms.exams.queries import review_level
from lms.exams.queries.still_sat import key_is_needed, sits_same_questions
from lms.exams.services.attempts import submit
from lms.exams.services.guests import join
from lms.exams.services.invigilation import reopen
from lms.exams.services.starting import start_for_enrolment
from lms.people.enums import Role
from lms.people.models import User
from quizzes.enums import ExamPurpose, Review
from quizzes.models import Exam, ExamStatistics, Item
from quizzes.queries.bank.search import ItemList
from quizzes.services.papers.exams import set_questions
from quizzes.services.papers.freezing import freeze_papers
from tests.factories.banks import make_question
from tests.factories.classes import make_class, make_enrolment
from tests.factories.learning import make_study
from tests.factories.people import grant, make_unit, make_user
from tests.factories.programmes import make_edition, make_programme_page
from tests.factories.quizzes import make_exam
from tests.factories.sittings import make_sitting

pytestmark = pytest.mark.django_db

RULES = {"questions": 3, "time_limit": 30, "review": Review.ANSWERS, "review_after_close": Review.KEY}
DAY = dt.timedelta(days=1)


def begin(enrolment, item):
    found = Enrolment.objects.select_related("training_class__edition", "learner").get(pk=enrolment.pk)
    return start_for_enrolment(enrolment=found, item_id=item.pk, user=found.learner)


def end(training_class):
    """The class's days are over and it was closed."""
    first = training_class.starts_on - 30 * DAY
    TrainingClass.objects.filter(pk=training_class.pk).update(
        state=ClassState.CLOSED, starts_on=first, ends_on=first + 10 * DAY
    )


def fresh(attempt):
    return Attempt.objects.select_related("exam", "paper", "sitting").get(pk=attempt.pk)


@pytest.fixture
def study():
    """A learner of a class that has handed in and whose class is over; nobody else sits the paper."""
    made = make_study(exam_fields=RULES)
    made.done = submit(attempt=begin(made.enrolment, made.items("exam")[0]))
    end(made.training_class)
    return made


def test_the_key_of_a_closed_class_waits_for_the_open_attempt_of_another_class(study, client_as):
    other = make_class(make_unit(name="Trung tâm khác"), study.edition)
    running = begin(make_enrolment(other, make_user()), study.items("exam")[0])
    end(other)  # whatever became of that class: somebody is at work on the same paper
    assert running.exam_id == study.done.exam_id
    client = client_as(study.learner)
    seen = client.get(f"/api/v1/attempts/{study.done.pk}/review/").json()
    assert (seen["level"], seen["key_held"], len(seen["questions"])) == ("answers", True, 3)
    assert [set(one) & {"key", "earned", "feedback"} for one in seen["questions"]] == [set()] * 3
    page = client.get(reverse("attempts:result", args=[study.done.pk])).content.decode()
    assert "BÍ-MẬT" not in page
    assert "khi không còn lớp nào" in page
    handed_in_again = client.post(f"/api/v1/attempts/{study.done.pk}/submit/").json()
    assert {"key", "questions"} & set(handed_in_again) == set()
    assert fresh(study.done).key_shown_at is None
    submit(attempt=running)
    seen = client.get(f"/api/v1/attempts/{study.done.pk}/review/").json()
    assert (seen["level"], seen["key_held"]) == ("key", False)
    assert fresh(study.done).key_shown_at is not None
    assert "BÍ-MẬT" in client.get(reverse("attempts:result", args=[study.done.pk])).content.decode()


def test_nobody_else_sits_it_so_the_key_is_shown(study):
    assert review_level(fresh(study.done)) == Review.KEY


@pytest.mark.parametrize(
    ("state", "days_ahead", "level"),
    [
        (ClassState.PLANNED, 60, Review.ANSWERS),
        (ClassState.OPEN, 0, Review.ANSWERS),
        (ClassState.OPEN, -30, Review.KEY),  # its days have passed
        (ClassState.CLOSED, 0, Review.KEY),
        (ClassState.RECOGNISED, 0, Review.KEY),
        (ClassState.CANCELLED, 60, Review.KEY),
    ],
)
def test_every_class_of_the_edition_that_may_still_sit_holds_the_key(study, state, days_ahead, level):
    first = (now() + days_ahead * DAY).date()
    make_class(make_unit(), study.edition, state=state, starts_on=first, ends_on=first + 5 * DAY)
    assert review_level(fresh(study.done)) == level


def test_the_item_s_own_dates_a_sitting_and_a_personal_time_of_another_class_count(study):
    item = study.items("exam")[0]
    other = make_class(make_unit(), study.edition)
    dates = ClassItem.objects.create(training_class=other, item=item, due_at=now() - DAY)
    assert review_level(fresh(study.done)) == Review.KEY
    ClassItem.objects.filter(pk=dates.pk).update(due_at=now() + DAY)
    assert review_level(fresh(study.done)) == Review.ANSWERS
    ClassItem.objects.filter(pk=dates.pk).update(due_at=now() - DAY)
    sitting = Sitting.objects.create(
        exam=study.exam, unit=other.unit, training_class_id=other.pk, item_id=item.pk, room="P. 1",
        opens_at=now() + DAY, closes_at=now() + 2 * DAY,
    )  # fmt: skip
    assert review_level(fresh(study.done)) == Review.ANSWERS
    sitting.delete()
    late = make_enrolment(other, make_user())
    Allowance.objects.create(
        enrolment_id=late.pk, item_id=item.pk, user=late.learner, closes_at=now() + DAY,
        reason="Ốm", granted_by=late.learner,
    )  # fmt: skip
    assert review_level(fresh(study.done)) == Review.ANSWERS
    Enrolment.objects.filter(pk=late.pk).update(status=EnrolmentStatus.WITHDRAWN)
    assert review_level(fresh(study.done)) == Review.KEY


def test_an_attempt_that_was_reopened_holds_the_key(study):
    other = make_class(make_unit(), study.edition)
    friend = submit(attempt=begin(make_enrolment(other, make_user()), study.items("exam")[0]))
    end(other)
    assert review_level(fresh(study.done)) == Review.KEY
    reopen(attempt=fresh(friend), until=now() + DAY, reason="Mất điện", actor=make_user())
    assert review_level(fresh(study.done)) == Review.ANSWERS
    with time_machine.travel(now() + 2 * DAY):  # the clock will hand it in
        assert review_level(fresh(study.done)) == Review.KEY


def other_exam(study, *, versions, **fields):
    """Another exam of another edition, sat by an open class, with these question versions and one of its own."""
    unit = make_unit()
    exam = make_exam(unit, questions=1, **{"title": "Bài khác", **fields})
    own = exam.questions.get().version
    set_questions(exam=exam, questions=[(one, Decimal(1)) for one in [own, *versions]])
    edition = make_edition(make_programme_page(unit), exams=[(exam, freeze_papers(exam=exam))])
    return make_class(unit, edition)


def test_another_exam_that_asks_one_of_the_questions_holds_the_key(study):
    asked = study.exam.questions.first().version
    training_class = other_exam(study, versions=[])
    assert review_level(fresh(study.done)) == Review.KEY
    end(training_class)
    training_class = other_exam(study, versions=[asked])
    assert review_level(fresh(study.done)) == Review.ANSWERS
    end(training_class)
    assert review_level(fresh(study.done)) == Review.KEY


def test_a_later_set_of_the_same_exam_holds_the_key_when_it_asks_the_same(study):
    Exam.objects.filter(pk=study.exam.pk).update(variants=2)
    study.exam.refresh_from_db()
    number = freeze_papers(exam=study.exam)
    assert number == 2
    make_class(make_unit(), make_edition(make_programme_page(study.unit), exams=[(study.exam, number)]))
    assert review_level(fresh(study.done)) == Review.ANSWERS


def test_a_self_check_shows_its_key_at_once_and_holds_nobody_s(study):
    asked = study.exam.questions.first().version
    shown = {"purpose": ExamPurpose.SELF_CHECK, "review": Review.KEY}
    training_class = other_exam(study, versions=[asked], **shown)
    assert review_level(fresh(study.done)) == Review.KEY
    check = submit(
        attempt=begin(make_enrolment(training_class, make_user()), training_class.edition.items.get(kind="exam"))
    )
    assert review_level(fresh(check)) == Review.KEY


def test_a_final_test_whose_rules_show_the_key_at_once_waits_all_the_same(study):
    Exam.objects.filter(pk=study.exam.pk).update(review=Review.KEY)
    make_class(make_unit(), study.edition)
    assert review_level(fresh(study.done)) == Review.ANSWERS


def test_a_moment_from_which_the_key_is_shown_waits_all_the_same(study):
    Exam.objects.filter(pk=study.exam.pk).update(
        review_after_close=Review.SCORE, review_from=now() - DAY, review_from_level=Review.KEY
    )
    assert review_level(fresh(study.done)) == Review.KEY
    make_class(make_unit(), study.edition)
    assert review_level(fresh(study.done)) == Review.ANSWERS


def test_below_the_key_nothing_is_asked_about_others(study):
    Exam.objects.filter(pk=study.exam.pk).update(review=Review.SCORE, review_after_close=Review.SCORE)
    attempt = fresh(study.done)
    with CaptureQueriesContext(connection) as caught:
        assert review_level(attempt) == Review.SCORE
    assert len(caught) == 0


def test_deciding_costs_one_statement_whatever_the_number_of_classes(study):
    def statements():
        with CaptureQueriesContext(connection) as caught:
            key_is_needed(exam_id=study.exam.pk, set_number=1)
        return len(caught)

    assert statements() == 1
    for _class in range(3):
        make_class(make_unit(), study.edition)
    assert statements() == 1


def test_a_lecturer_who_learns_in_another_class_reads_no_key_in_the_own_class(study, client_as):
    lecturer = make_user("Trần Thị Giảng")
    ClassStaff.objects.create(training_class=study.training_class, user=lecturer, role="lecturer")
    client = client_as(lecturer)
    args = [study.training_class.pk, study.enrolment.pk, study.done.pk]
    attempt, results = reverse("teacher:attempt", args=args), reverse("teacher:results", args=args[:1])
    assert "BÍ-MẬT" in client.get(attempt).content.decode()
    assert len(client.get(results).context["results"].questions) == 3
    own = make_enrolment(make_class(make_unit(), study.edition), lecturer)
    assert sits_same_questions(user_id=lecturer.pk, exam_id=study.exam.pk, set_number=1) is True
    body = client.get(attempt).content.decode()
    assert "BÍ-MẬT" not in body
    assert "ở lớp khác" in body
    assert client.get(results).context["results"].questions == []
    assert "ở lớp khác" in client.get(results, {"xem": "cau-hoi"}).content.decode()
    Enrolment.objects.filter(pk=own.pk).update(status=EnrolmentStatus.WITHDRAWN)
    assert "BÍ-MẬT" in client.get(attempt).content.decode()


def texts(client, *paths):
    """Return what each address says that is found, ``None`` for the others."""
    answers = [client.get(path) for path in paths]
    assert {answer.status_code for answer in answers} <= {200, 404}
    return [answer.content.decode(errors="replace") if answer.status_code == 200 else None for answer in answers]


def exportable(person, bank_id):
    user = User.objects.get(pk=person.pk)
    return ItemList.of(user, [bank_id], {}).exportable_by(user).values_list("pk", flat=True)


@pytest.mark.parametrize("comes", ["learner", "guest"])
def test_whoever_may_still_sit_reads_the_key_in_no_other_role(study, client_as, comes):
    """Bank, versions, API, export, papers, key sheet, statistics, corrections: closed until the sitting is over."""
    unit = study.exam.unit
    person, officer = make_user("Trần Thị Soạn"), make_user("Lê Văn Khảo")
    for user, roles in ((person, (Role.EXAM_OFFICER, Role.EDITOR)), (officer, (Role.EXAM_OFFICER,))):
        for role in roles:
            grant(user, role, unit)
    item = Item.objects.filter(uses__exam=study.exam).order_by("pk").first()
    other = make_question(item.bank)  # asked nowhere
    paper = study.exam.papers.order_by("pk").first()
    ExamStatistics.objects.create(exam=study.exam, computed_at=now(), last_graded_at=now(), attempts=1, people=1)
    args = [study.exam.pk, paper.set_number]
    closed = [
        reverse("exams:item-edit", args=[item.pk]),
        reverse("exams:exam", args=args[:1]),
        reverse("exams:paper-set", args=args),
        reverse("exams:paper-keys", args=args),
        reverse("exams:regrade", args=args[:1]),
        f"/api/v1/exams/{study.exam.pk}/papers/{paper.set_number}/",
        f"/api/v1/banks/{item.bank_id}/export/?type=gift&item={item.pk}",
        f"/api/v1/exams/{study.exam.pk}/statistics/",
    ]
    page = reverse("exams:item", args=[item.pk])
    shown = [page, reverse("exams:item-version", args=[item.pk, 1]), f"/api/v1/items/{item.pk}/"]
    secret = "BÍ-MẬT"

    def sees(user):
        client = client_as(user)
        opens = [path for path, text in zip(closed, texts(client, *closed), strict=True) if text is not None]
        return opens, [secret in text for text in texts(client, *shown)], client.get(page).content.decode()

    assert sees(person)[:2] == sees(officer)[:2] == (closed, [True] * 3)
    later = make_class(make_unit(), study.edition)
    if comes == "learner":
        make_enrolment(later, person)
    else:
        sitting = make_sitting(study, training_class_id=later.pk, code="SEN777", sign_up="open")
        join(sitting=sitting, user=person)
        TrainingClass.objects.filter(pk=later.pk).update(state=ClassState.CANCELLED)
    assert sees(person)[:2] == ([], [False] * 3)
    assert "còn có thể gặp câu hỏi này" in sees(person)[2]
    assert sees(officer)[:2] == (closed, [True] * 3), "those who make the exam and do not sit it go on"
    assert list(exportable(person, item.bank_id)) == [other.pk]
    with time_machine.travel(now() + 400 * DAY, tick=False):
        assert sees(person)[1] == [True] * 3
