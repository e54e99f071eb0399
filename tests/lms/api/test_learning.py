"""The API of studying: who may see what, at what cost."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from lms.completion.services import record_progress
from lms.exams.models import Attempt
from lms.gradebook.exports import grades_xlsx
from lms.gradebook.queries import gradebook_table
from lms.people.enums import Role
from lms.progress.models import ItemProgress
from tests.factories.classes import make_enrolment
from tests.factories.learning import make_study
from tests.factories.people import grant, make_unit, make_user

pytestmark = pytest.mark.django_db
MARKS = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT")


def as_user(user):
    client = APIClient()
    if user is not None:
        client.force_authenticate(user)
    return client


def cost(call):
    """The statements of one call; marks of transactions left out."""
    with CaptureQueriesContext(connection) as captured:
        answer = call()
    assert answer.status_code in (200, 201), answer.content
    return [query["sql"] for query in captured if not query["sql"].startswith(MARKS)]


@pytest.fixture
def cast():
    study = make_study()
    lecturer, manager, elsewhere = make_user(), make_user(), make_user()
    study.training_class.staff.create(user=lecturer)
    grant(manager, Role.CENTRE_MANAGER, study.unit)
    grant(elsewhere, Role.CENTRE_MANAGER, make_unit())
    return study, {
        "learner": study.learner,
        "neighbour": study.another().learner,
        "lecturer": lecturer,
        "manager": manager,
        "elsewhere": elsewhere,
        "nobody": None,
    }


def answers(people, call):
    return {name: call(as_user(user)).status_code for name, user in people.items()}


def test_who_may_read_an_enrolment(cast):
    study, people = cast
    assert answers(people, lambda client: client.get(f"/api/v1/enrolments/{study.enrolment.pk}/")) == {
        "learner": 200,
        "neighbour": 404,
        "lecturer": 200,
        "manager": 200,
        "elsewhere": 404,
        "nobody": 401,
    }


def test_only_the_learner_studies(cast):
    study, people = cast
    lesson, test = study.items("lesson")[0], study.items("exam")[0]
    here = f"/api/v1/enrolments/{study.enrolment.pk}/items/"
    others = {name: user for name, user in people.items() if name != "learner"}
    denied = dict.fromkeys(others, 404) | {"nobody": 401}
    report = {"position": 1, "seconds": 10, "completed": True}
    assert answers(others, lambda client: client.put(f"{here}{lesson.pk}/progress/", report)) == denied
    assert answers(others, lambda client: client.post(f"{here}{test.pk}/attempts/")) == denied
    assert (ItemProgress.objects.count(), Attempt.objects.count()) == (0, 0)


def test_who_may_read_the_grade_book(cast):
    study, people = cast
    assert answers(people, lambda client: client.get(f"/api/v1/classes/{study.training_class.pk}/gradebook/")) == {
        "learner": 404,
        "neighbour": 404,
        "lecturer": 200,
        "manager": 200,
        "elsewhere": 404,
        "nobody": 401,
    }


def test_an_item_of_another_class_does_not_exist(cast):
    study, _people = cast
    other = make_study()
    here = f"/api/v1/enrolments/{study.enrolment.pk}/items/{other.items('lesson')[0].pk}/"
    client = as_user(study.learner)
    report = {"position": 1, "seconds": 10, "completed": True}
    assert client.put(f"{here}progress/", report).status_code == 404
    assert client.post(f"{here}attempts/").status_code == 404


@pytest.mark.parametrize(
    ("report", "fields"),
    [
        ({}, ["position", "seconds"]),
        ({"position": 1.5, "seconds": 1}, ["position"]),
        ({"position": True, "seconds": "9"}, ["position", "seconds"]),
        ({"position": 0, "seconds": -1, "completed": "yes"}, ["completed", "seconds"]),
        ([], ["non_field_errors"]),
    ],
)
def test_a_bad_report_names_its_fields(report, fields):
    study = make_study()
    path = f"/api/v1/enrolments/{study.enrolment.pk}/items/{study.items('lesson')[0].pk}/progress/"
    answer = as_user(study.learner).put(path, report, format="json")
    assert (answer.status_code, answer.json()["code"], sorted(answer.json()["fields"])) == (400, "invalid", fields)


def test_a_huge_number_of_seconds_is_cut():
    study = make_study()
    path = f"/api/v1/enrolments/{study.enrolment.pk}/items/{study.items('lesson')[0].pk}/progress/"
    answer = as_user(study.learner).put(path, {"position": 1, "seconds": 10**30, "completed": True})
    assert (answer.status_code, answer.json()["item"]["seconds"]) == (200, 120)


def test_every_report_of_progress_stays_within_eight_statements():
    study = make_study(sessions=1)
    client = as_user(study.learner)
    first, second = study.items("lesson")

    def put(item, **report):
        path = f"/api/v1/enrolments/{study.enrolment.pk}/items/{item.pk}/progress/"
        return lambda: client.put(path, {"position": 0.5, "seconds": 10, "completed": False, **report})

    put(first)()  # warms the outline
    spent = {
        "same": len(cost(put(first))),
        "done": len(cost(put(first, position=1, completed=True))),
        "opened": len(cost(put(second))),
        "completes the reading": len(cost(put(second, position=1, completed=True))),
    }
    assert max(spent.values()) <= 7, spent  # and one more for the token or the session
    assert spent["same"] == 2


@pytest.mark.parametrize("size", [1, 3])
def test_the_lists_cost_the_same_for_one_row_and_for_three(size):
    study = make_study()
    for _more in range(size - 1):
        study.another()
        make_enrolment(make_study().training_class, study.learner)
    client = as_user(study.learner)
    assert client.get("/api/v1/me/enrolments/").json()["count"] == size
    assert len(cost(lambda: client.get("/api/v1/me/enrolments/"))) == 2
    manager = make_user()
    grant(manager, Role.CENTRE_MANAGER, study.unit)
    book = f"/api/v1/classes/{study.training_class.pk}/gradebook/"
    as_user(manager).get(book)
    answer = as_user(manager).get(book).json()
    assert len(answer["learners"]) == size
    assert len(cost(lambda: as_user(manager).get(book))) == 4
    as_user(study.learner).get(f"/api/v1/enrolments/{study.enrolment.pk}/")
    assert len(cost(lambda: client.get(f"/api/v1/enrolments/{study.enrolment.pk}/"))) == 4


def test_the_grade_book_shows_states_and_marks():
    study = make_study(full_name="Trần Thị Bình")
    study.another("Lê Văn An")
    lesson = study.items("lesson")[0]
    record_progress(enrolment=study.fresh(), item_id=lesson.pk, position=1, seconds=5, completed=True)
    table = gradebook_table(study.training_class)
    assert [
        (row.full_name, row.status, row.percent, [(cell.state, cell.mark) for cell in row.cells]) for row in table.rows
    ] == [
        ("Lê Văn An", "enrolled", 0, [("todo", None)] * 3),
        ("Trần Thị Bình", "in_progress", 33, [("done", None), ("todo", None), ("todo", None)]),
    ]
    assert grades_xlsx(study.training_class)[:2] == b"PK"
