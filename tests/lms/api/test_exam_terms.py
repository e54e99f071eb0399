"""Making exams, sittings and entries of answer sheets through the API, with the rights of the pages."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lms.common.clock import now
from lms.exams.models import Attempt, Sitting
from lms.people.enums import Role
from quizzes.models import Exam, Paper
from quizzes.queries.papers.compiled import paper_key
from tests.factories.cast import make_cast
from tests.factories.papers import make_blueprint, make_stock
from tests.factories.people import grant, make_user
from tests.factories.quizzes import make_bank, make_exam

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    return make_cast()


@pytest.fixture
def officer(cast):
    user = make_user("khaothi", unit=cast.centre)
    grant(user, Role.EXAM_OFFICER, cast.centre)
    return user


def call(client, method, path, body=None):
    response = getattr(client, method)(f"/api/v1/{path}", body, content_type="application/json")
    return response.status_code, response.json()


def test_an_exam_is_made_with_its_rules_and_changed_by_name(client_as, cast, officer):
    client = client_as(officer)
    status, made = call(client, "post", "exams/", {"title": "Cuối khoá", "unit": cast.centre.pk, "variants": 4})
    assert (status, made["title"], made["variants"], made["source"], made["pass_share"]) == (
        201,
        "Cuối khoá",
        4,
        "fixed",
        "0.500",
    )
    path = f"exams/{made['id']}/rules/"
    status, changed = call(client, "patch", path, {"codes": "A1, A2, A3, A4", "time_limit": 45})
    assert (status, changed) == (200, made | {"codes": "A1, A2, A3, A4", "time_limit": 45})
    assert call(client, "get", path) == (200, changed)


def test_a_change_of_rules_writes_only_what_is_named(client_as, cast, officer):
    exam = make_exam(cast.centre, questions=1)
    with CaptureQueriesContext(connection) as made:
        call(client_as(officer), "patch", f"exams/{exam.pk}/rules/", {"time_limit": 45})
    (update,) = [one["sql"] for one in made.captured_queries if one["sql"].startswith('UPDATE "quizzes_exam"')]
    written = re.findall(r'"(\w+)" = ', update.split(" WHERE ")[0])
    assert written == ["updated_at", "time_limit"]


def test_rules_that_contradict_are_refused_at_their_fields(client_as, cast, officer):
    client = client_as(officer)
    exam = Exam.objects.get(pk=make_exam(cast.centre, questions=1).pk)
    path = f"exams/{exam.pk}/rules/"
    for body, field in (
        ({"source": "blueprint"}, "blueprint"),
        ({"codes": "1, 1", "variants": 2}, "codes"),
        ({"forms": 9, "variants": 2}, "forms"),
        ({"pass_share": "1.5"}, "pass_share"),
        ({"page_size": 0}, "page_size"),
        ({"time_limit": 0}, "time_limit"),
        ({"late_minutes": 10**6}, "late_minutes"),
        ({"time_limit": 0}, "time_limit"),
        ({"time_limit": 10**12}, "time_limit"),
        ({"max_attempts": 0}, "max_attempts"),
        ({"unit": cast.other_centre.pk}, "unit"),
        ({"blueprint": make_blueprint(cast.other_centre).pk}, "blueprint"),
        ({"title": ""}, "title"),
    ):
        status, answer = call(client, "patch", path, body)
        assert (status, list(answer["fields"])) == (400, [field]), body
    before = Exam.objects.get(pk=exam.pk)
    assert (before.source, before.pass_share, before.unit) == (exam.source, exam.pass_share, cast.centre)


def test_only_paper_makers_of_the_unit_find_an_exam(client_as, cast, officer):
    exam = make_exam(cast.other_centre, questions=1)
    mine = make_exam(cast.centre, questions=1)
    assert call(client_as(officer), "patch", f"exams/{exam.pk}/rules/", {"title": "X"})[0] == 404
    assert call(client_as(officer), "put", f"exams/{exam.pk}/questions/", {"questions": []})[0] == 404
    for person in (cast.learner, cast.lecturer):
        client = client_as(person)
        assert call(client, "patch", f"exams/{mine.pk}/rules/", {"title": "X"})[0] == 404
        assert call(client, "post", "exams/", {"title": "X", "unit": cast.centre.pk})[0] == 400


def test_the_fixed_list_holds_approved_questions_once(client_as, cast, officer):
    one, two = make_stock(make_bank(cast.centre), [None], levels=("recall",), each=2)
    (hidden,) = make_stock(make_bank(cast.other_centre), [None], levels=("recall",), each=1)
    exam = Exam.objects.create(unit=cast.centre, title="Danh sách")
    client, path = client_as(officer), f"exams/{exam.pk}/questions/"
    wanted = {"questions": [{"item": two.pk, "points": "2.00"}, {"item": one.pk, "points": "0.50"}]}
    assert call(client, "put", path, wanted) == (200, wanted)
    assert call(client, "get", path) == (200, wanted)
    wrong = {"questions": [{"item": pk, "points": "1"} for pk in (one.pk, hidden.pk, one.pk)]}
    status, answer = call(client, "put", path, wrong)
    assert (status, [sorted(entry) for entry in answer["fields"]["questions"]]) == (400, [["1", "2"]])
    assert call(client, "get", path) == (200, wanted)


def sitting_body(cast, **changes):
    moment = now().replace(microsecond=0)
    return {
        "item": cast.study.items("exam")[0].pk,
        "room": "Phòng 1",
        "opens_at": moment.isoformat(),
        "closes_at": (moment + dt.timedelta(hours=2)).isoformat(),
        "needs_opening": True,
        **changes,
    }


def test_a_sitting_is_set_up_and_its_terms_are_changed(client_as, cast, officer):
    client, path = client_as(officer), f"classes/{cast.training_class.pk}/sittings/"
    status, made = call(client, "post", path, sitting_body(cast, invigilators=[officer.pk]))
    sitting = Sitting.objects.get()
    assert (status, made) == (201, {"id": sitting.pk, "code": sitting.code})
    assert (len(sitting.code), sitting.needs_opening, list(sitting.invigilators.all())) == (6, True, [officer])
    assert not officer.notifications.exists()  # who names themselves is not told
    terms = sitting_body(cast, room="Hội trường", with_code=False)
    assert call(client, "put", f"sittings/{sitting.pk}/terms/", terms) == (200, {"id": sitting.pk, "code": ""})
    sitting.refresh_from_db()
    assert (sitting.room, list(sitting.invigilators.all())) == ("Hội trường", [officer])


def test_wrong_terms_are_refused_and_nobody_else_sets_up_sittings(client_as, cast, officer):
    client, path = client_as(officer), f"classes/{cast.training_class.pk}/sittings/"
    stranger = make_user("Người lạ")
    for changes, field in (
        ({"closes_at": "2020-01-01T00:00:00Z"}, "closes_at"),
        ({"sign_up": "anyone"}, "sign_up"),
        ({"late_minutes": 10**12}, "late_minutes"),
        ({"sign_up": "open", "with_code": False}, "with_code"),
        ({"item": 999_999}, "item"),
        ({"invigilators": [stranger.pk]}, "invigilators"),
    ):
        status, answer = call(client, "post", path, sitting_body(cast, **changes))
        assert (status, list(answer["fields"])) == (400, [field]), changes
    for person in (cast.learner, cast.other_lecturer, cast.other_manager):
        assert call(client_as(person), "post", path, sitting_body(cast))[0] == 404
    assert not Sitting.objects.exists()


def test_two_people_enter_a_sheet_and_it_is_graded(client_as, cast, officer):
    item = cast.study.items("exam")[0]
    paper = Paper.objects.filter(exam=item.exam, set_number=item.set_number).first()
    registrar = make_user("giaovu")
    grant(registrar, Role.REGISTRAR, cast.centre)
    path = f"classes/{cast.training_class.pk}/items/{item.pk}/sheets/"
    right = {
        str(slot.slot): (slot.key["correct"] if isinstance(slot.key["correct"], str) else "".join(slot.key["correct"]))
        for slot in paper_key(paper.pk, paper.seed).slots
    }
    one, two = client_as(officer), client_as(registrar)
    status, listed = call(one, "get", path)
    assert (status, paper.code in listed["codes"]) == (200, True)
    assert {row["state"] for row in listed["sheets"]} == {"none"}
    entry = {"enrolment": cast.enrolment.pk, "code": paper.code, "answers": right}
    status, refused = call(one, "post", path, entry | {"code": "999"})
    assert (status, list(refused["fields"])) == (409, ["code"])
    assert call(one, "post", path, entry | {"answers": {"x": "A"}})[0] == 400
    assert call(one, "post", path, entry | {"enrolment": 999_999})[0] == 404
    assert call(one, "post", path, entry) == (200, {"state": "once"})
    assert call(two, "post", f"{path}grade/")[1] == {"graded": 0, "refused": []}
    assert call(two, "post", path, entry) == (200, {"state": "agreed"})
    assert call(two, "post", f"{path}grade/")[1] == {"graded": 1, "refused": []}
    attempt = Attempt.objects.get(enrolment_id=cast.enrolment.pk)
    assert (attempt.mode, attempt.score) == ("paper", attempt.max_score)
    assert call(client_as(cast.lecturer), "get", path)[0] == 404
