"""How far questions have spread: counted for the bank and the draw, told to whoever freezes a set or sets its rules."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from lms.classes.enums import ClassState
from lms.classes.models import TrainingClass
from lms.exams.models import Attempt
from lms.exams.queries.exposure import SetExposure, exposures_of, last_sets
from lms.exams.services.attempts import submit
from lms.exams.services.exposure import count_exposure, note_key_shown, refresh_exposures
from lms.exams.services.starting import start_for_enrolment
from lms.people.enums import Role
from quizzes.enums import ExamPurpose, Review
from quizzes.models import Exam, ItemExposure, Paper
from quizzes.queries.bank.exposure import exposure_of_items
from quizzes.queries.papers.stock import limits_of, make_task, specs_of, stock_rows
from quizzes.services.papers.draws import draw_forms, latest_draw, rules_of
from quizzes.services.papers.exams import set_questions
from quizzes.services.papers.freezing import freeze_papers
from tests.factories.classes import make_class
from tests.factories.learning import make_study
from tests.factories.papers import make_blueprint, make_drawn_exam
from tests.factories.people import grant, make_unit, make_user
from tests.factories.quizzes import make_attempt, make_exam

pytestmark = pytest.mark.django_db


def counts():
    return {row.version_id: (row.asked, row.shown) for row in ItemExposure.objects.all()}


def test_attempts_and_shown_keys_are_counted_by_question():
    exam = make_exam(questions=3, variants=2)
    first, second = make_attempt(exam=exam), make_attempt(exam=exam)
    other = make_attempt(exam=make_exam(questions=1))
    assert refresh_exposures() == 0  # nothing was handed in
    done = submit(attempt=first)
    submit(attempt=other)
    assert refresh_exposures() == 2
    versions = [question.version_id for question in exam.questions.all()]
    own = other.exam.questions.get().version_id
    assert counts() == {**dict.fromkeys(versions, (2, 0)), own: (1, 0)}
    note_key_shown(attempt=done)
    at = done.key_shown_at
    note_key_shown(attempt=done)
    note_key_shown(attempt=Attempt.objects.get(pk=done.pk))
    assert Attempt.objects.get(pk=done.pk).key_shown_at == at
    refresh_exposures()
    refresh_exposures()
    assert counts() == {**dict.fromkeys(versions, (2, 1)), own: (1, 0)}
    items = {question.version.item_id for question in exam.questions.select_related("version")}
    found = exposure_of_items(items)
    assert {(one.asked, one.shown, one.last_shown_at) for one in found.values()} == {(2, 1, at)}
    assert set(found) == items
    assert second.state == "open"


def test_a_question_in_one_form_only_is_counted_by_that_form():
    exam = make_drawn_exam(make_blueprint(make_unit()), forms=2, variants=2, overlap=0)
    number = freeze_papers(exam=exam)
    attempt = submit(attempt=make_attempt(exam=exam))
    count_exposure(exam.pk)
    asked = {entry["version"] for entry in Paper.objects.get(pk=attempt.paper_id).layout}
    everything = {e["version"] for paper in exam.papers.filter(set_number=number) for e in paper.layout}
    assert set(counts()) == asked
    assert asked < everything


def test_a_draw_may_leave_out_questions_whose_key_was_shown():
    exam = make_drawn_exam(make_blueprint(make_unit()))
    before = latest_draw(exam) or draw_forms(exam=exam, actor=None)
    exam.refresh_from_db()
    assert latest_draw(exam) == before
    # a draw of an older release knows nothing of this limit, and still is what the exam asks for
    limits = {name: value for name, value in before.limits.items() if name != "spare_shown"}
    with connection.cursor() as cursor:  # draws are never changed by the product
        cursor.execute("UPDATE quizzes_examdraw SET limits = %s WHERE id = %s", [json.dumps(limits), before.pk])
    assert "spare_shown" not in type(before).objects.get(pk=before.pk).limits
    assert latest_draw(exam) == before
    freeze_papers(exam=exam)
    done = submit(attempt=make_attempt(exam=exam))
    note_key_shown(attempt=done)
    refresh_exposures()
    shown = set(exposure_of_items([e["item"] for form in before.forms for e in form]))
    Exam.objects.filter(pk=exam.pk).update(spare_shown=True)
    exam.refresh_from_db()
    assert latest_draw(exam) is None
    blueprint = rules_of(exam)
    specs = specs_of(blueprint.current)
    task = make_task(blueprint.bank_id, specs, limits_of(exam), besides=exam.pk)
    free = {item for items in task.open_items.values() for item in items}
    assert shown
    assert free.isdisjoint(shown)
    rows = stock_rows(task, specs)
    assert sum(row.stock.shown for row in rows) >= len(shown)
    assert any("đã lộ đáp án" in row.sentence for row in rows)


@pytest.fixture
def study():
    return make_study(exam_fields={"questions": 3, "time_limit": 30, "review_after_close": Review.KEY})


def sit(study):
    enrolment = study.another()
    found = type(enrolment).objects.select_related("training_class__edition", "learner").get(pk=enrolment.pk)
    item = study.items("exam")[0]
    return submit(attempt=start_for_enrolment(enrolment=found, item_id=item.pk, user=found.learner))


def test_who_shares_a_set_who_sat_it_and_who_saw_the_key(study):
    other = make_class(make_unit(), study.edition)
    make_class(other.unit, study.edition, state=ClassState.CANCELLED)
    first, _second = sit(study), sit(study)
    note_key_shown(attempt=first)
    check = make_exam(study.unit, questions=1, title="Tự kiểm tra", purpose=ExamPurpose.SELF_CHECK, review=Review.KEY)
    set_questions(exam=check, questions=[(study.exam.questions.first().version, 1)])
    freeze_papers(exam=check)
    TrainingClass.objects.filter(pk=other.pk).update(state=ClassState.CLOSED)
    since = Attempt.objects.order_by("pk").first().started_at
    found = exposures_of(last_sets([study.exam.pk]))
    assert found == [SetExposure(study.exam.pk, 1, 2, 2, 1, 2, since, 1, 1)]
    assert found[0].worn is True
    assert [words.split(" ")[0] for words in found[0].sentences] == ["2", "2", "Có", "Học"]
    assert exposures_of([]) == []


def test_asking_costs_the_same_for_one_set_and_three(study):
    def statements(exams):
        with CaptureQueriesContext(connection) as caught:
            exposures_of(last_sets([exam.pk for exam in exams]))
        return len(caught)

    more = [make_exam(study.unit) for _one in range(2)]
    for exam in more:
        freeze_papers(exam=exam)
    assert statements([study.exam]) == statements([study.exam, *more]) == 6


def test_whoever_freezes_is_told_and_may_shuffle_anew(study, client_as):
    officer = make_user()
    grant(officer, Role.EXAM_OFFICER, study.unit)
    client = client_as(officer)
    page = reverse("exams:exam", args=[study.exam.pk])
    assert "đã thi bộ đề này" not in client.get(page).content.decode()
    note_key_shown(attempt=sit(study))
    told = "1 người đã thi bộ đề này"
    for name in ("exams:exam", "exams:exam-edit"):
        assert told in client.get(reverse(name, args=[study.exam.pk])).content.decode()
    assert told in client.get(reverse("exams:paper-set", args=[study.exam.pk, 1])).content.decode()
    assert told in client.get(reverse("exams:sitting-new", args=[study.training_class.pk])).content.decode()
    freeze = reverse("exams:exam-freeze", args=[study.exam.pk])
    client.post(freeze)
    assert last_sets([study.exam.pk]) == [(study.exam.pk, 1)]
    client.post(freeze, {"anew": "1"})
    assert last_sets([study.exam.pk]) == [(study.exam.pk, 2)]
    before, after = (set(study.exam.papers.filter(set_number=n).values_list("seed", flat=True)) for n in (1, 2))
    assert before.isdisjoint(after)
    api = f"/api/v1/exams/{study.exam.pk}/"
    assert client.get(f"{api}papers/1/").json()["exposure"] == {
        "classes": 1,
        "units": 1,
        "classes_waiting": 1,
        "people": 1,
        "since": Attempt.objects.get().started_at.astimezone(dt.UTC).isoformat(timespec="milliseconds")[:-6] + "Z",
        "key_shown_to": 1,
        "questions_given_away": 0,
    }
    made = client.post(f"{api}freeze/", {"anew": True}, content_type="application/json").json()
    assert (made["set"], made["exposure"]["people"]) == (3, 0)
    assert client.post(f"{api}freeze/", {}, content_type="application/json").json()["set"] == 3


def test_the_bank_says_how_far_a_question_has_spread(study, client_as):
    officer = make_user()
    grant(officer, Role.EXAM_OFFICER, study.unit)
    client = client_as(officer)
    item = study.exam.questions.first().version.item
    note_key_shown(attempt=sit(study))
    sit(study)
    refresh_exposures()
    page = client.get(reverse("exams:item", args=[item.pk])).content.decode()
    assert "Đã hỏi trong 2 bài làm" in page
    assert "1 học viên đã xem đáp án" in page
    assert "lộ đáp án 1 lần" in client.get(reverse("exams:bank", args=[item.bank_id])).content.decode()
