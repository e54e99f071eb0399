"""Sittings through the API: the board, and every act on it."""

from __future__ import annotations

import json

import pytest

from lms.exams.services.starting import start_for_enrolment
from tests.factories.learning import make_study
from tests.factories.people import make_user
from tests.factories.sittings import make_invigilator, make_sitting

pytestmark = pytest.mark.django_db


@pytest.fixture
def study():
    return make_study(exam_fields={"questions": 3, "time_limit": 30, "max_attempts": 1}, full_name="Trần Thị Học")


@pytest.fixture
def sitting(study):
    return make_sitting(study)


@pytest.fixture
def client(client_as, sitting):
    return client_as(make_invigilator(sitting))


def test_the_api_of_sittings(client, client_as, sitting, study):
    enrolment = study.fresh()
    item = study.items("exam")[0]
    attempt = start_for_enrolment(enrolment=enrolment, item_id=item.pk, user=enrolment.learner)
    base = f"/api/v1/sittings/{sitting.pk}/"

    def post(path, body):
        sent = client.post(f"{base}{path}", json.dumps(body), content_type="application/json")
        return sent.status_code, sent.json()

    assert client.get("/api/v1/sittings/").json()["results"][0]["id"] == sitting.pk
    first = client.get(base)
    assert [(row["name"], row["state"]) for row in first.json()["rows"]] == [("Trần Thị Học", "working")]
    assert client.get(base, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    assert client.get(f"{base}?state=nonsense").status_code == 400
    assert post("close/", {}) == (200, {"changed": 1})
    assert post("extend/", {"minutes": 5, "reason": "x"}) == (200, {"changed": 1})
    assert post("extend/", {"minutes": 0, "reason": "x"})[0] == 400
    act = f"attempts/{attempt.pk}/"
    assert post(f"{act}extend/", {"minutes": 5, "reason": ""})[1]["code"] == "reason_needed"
    assert post(f"{act}hand-in/", {"reason": "x"}) == (200, {"changed": 1})
    assert post(f"{act}extend/", {"minutes": 5, "reason": "x"})[1]["code"] == "not_running"
    assert post(f"{act}reopen/", {"minutes": 5, "reason": "x"}) == (200, {"changed": 1})
    assert post(f"{act}annul/", {"reason": "x"}) == (200, {"changed": 1})
    stranger = client_as(make_user())
    assert stranger.get(base).status_code == 404
    assert stranger.post(f"{base}open/").status_code == 404
    assert stranger.get("/api/v1/sittings/").json()["count"] == 0
