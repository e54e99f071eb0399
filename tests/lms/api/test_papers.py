"""Blueprints, draws and paper files through the API."""

from __future__ import annotations

import pytest

from lms.people.enums import Role
from quizzes.models import Exam
from tests.factories.papers import make_blueprint, make_drawn_exam
from tests.factories.people import grant, make_unit, make_user

pytestmark = pytest.mark.django_db


def test_the_api_draws_freezes_and_hands_out_files(client_as):
    made = make_blueprint(make_unit(name="Trung tâm A"))
    officer = make_user("khaothi")
    grant(officer, Role.EXAM_OFFICER, made.unit)
    api = client_as(officer)
    listed = api.get("/api/v1/blueprints/").json()
    assert [(one["id"], one["version"], len(one["rows"])) for one in listed["results"]] == [(made.pk, 1, 4)]
    stock = api.get(f"/api/v1/blueprints/{made.pk}/stock/").json()
    assert stock["rows"][0] == {"row": 1, "need": 2, "matching": 6, "free": 6, "missing": 0}
    exam = make_drawn_exam(made)
    drawn = api.post(f"/api/v1/exams/{exam.pk}/draw/", {"seed": 3, "after": 0}, content_type="application/json")
    assert (drawn.status_code, drawn.json()["number"], drawn.json()["proof"]["overlap"]) == (201, 1, [[8, 0], [0, 8]])
    again = api.post(f"/api/v1/exams/{exam.pk}/draw/", {"after": 0}, content_type="application/json")
    assert again.json()["number"] == 1
    frozen = api.post(f"/api/v1/exams/{exam.pk}/freeze/").json()
    assert [(paper["code"], paper["form"]) for paper in frozen["papers"]] == [
        ("101", 1),
        ("102", 2),
        ("103", 1),
        ("104", 2),
    ]
    assert api.get(f"/api/v1/exams/{exam.pk}/papers/1/101.pdf").content.startswith(b"%PDF")
    assert api.get(f"/api/v1/exams/{exam.pk}/papers/1/keys.xlsx").content.startswith(b"PK")
    assert api.get(f"/api/v1/exams/{exam.pk}/papers/1/999.pdf").status_code == 404
    Exam.objects.filter(pk=exam.pk).update(forms=4, overlap=0)
    refused = api.post(f"/api/v1/exams/{exam.pk}/draw/", {}, content_type="application/json")
    assert (refused.status_code, refused.json()["code"]) == (409, "draw_impossible")
    assert refused.json()["fields"]["ways"]
