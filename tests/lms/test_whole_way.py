"""The whole way over the public API alone, as an outside client would go it."""

import random

import pytest
from rest_framework.test import APIClient

from lms.audit.services import verify as verify_chain
from tests.factories.classes import tally_of
from tests.factories.learning import make_study
from tests.factories.quizzes import right_answer, wrong_answer

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("seed", range(3))
def test_from_the_token_to_the_verified_certificate(seed, quick_passwords):
    chance = random.Random(seed)
    study = make_study(
        full_name="H'Hen Niê", lesson_fields={"min_seconds": 60}, exam_fields={"questions": 10, "multiple": 3}
    )
    learner = study.learner
    learner.set_password("mật-khẩu-đủ-dài")
    learner.save(update_fields=["password"])
    client = APIClient()

    signed_in = client.post("/api/v1/auth/token/", {"username": learner.username, "password": "mật-khẩu-đủ-dài"})
    assert signed_in.status_code == 200
    client.credentials(HTTP_AUTHORIZATION=f"Token {signed_in.json()['token']}")

    lessons, test = study.items("lesson"), study.items("exam")[0]
    page = client.get("/api/v1/me/enrolments/").json()
    assert page == {
        "count": 1,
        "next": None,
        "previous": None,
        "results": [
            {
                "id": study.enrolment.pk,
                "class": {"id": study.training_class.pk, "name": study.training_class.name},
                "programme": study.edition.title,
                "status": "enrolled",
                "percent": 0,
                "next_item": None,
            }
        ],
    }
    here = f"/api/v1/enrolments/{study.enrolment.pk}/"

    early = client.put(f"{here}items/{lessons[0].pk}/progress/", {"position": 0.3, "seconds": 5, "completed": True})
    assert (early.status_code, early.json()["code"], sorted(early.json()["fields"])) == (
        409,
        "not_yet",
        ["position", "seconds"],
    )
    for number, lesson in enumerate(lessons, start=1):
        report = {"position": 1, "seconds": 75, "completed": True}
        answers = [client.put(f"{here}items/{lesson.pk}/progress/", report) for _repeat in range(2)]
        assert [answer.status_code for answer in answers] == [200, 200]
        expected = {
            "item": {"id": lesson.pk, "state": "done", "position": 1.0, "seconds": 75},
            "enrolment": {
                "id": study.enrolment.pk,
                "status": "in_progress",
                "percent": [33, 66][number - 1],
                "next_item": [lessons[1].pk, test.pk][number - 1],
            },
        }
        assert answers[0].json() == expected
        # a repeat answers from what was loaded; the state is the same
        assert answers[1].json() == expected

    started = client.post(f"{here}items/{test.pk}/attempts/")
    resumed = client.post(f"{here}items/{test.pk}/attempts/")
    assert (started.status_code, resumed.status_code) == (201, 200)
    attempt = started.json()
    assert (resumed.json()["id"], resumed.json()["token"], attempt["responses"]) == (
        attempt["id"],
        attempt["token"],
        [],
    )
    questions = client.get(f"/api/v1/attempts/{attempt['id']}/paper/").json()["questions"]
    assert len(questions) == 10

    # Each question is answered wrongly first and rightly later; the messages arrive in any order, some twice, some
    # together, and the stale ones must never win.
    row = study.exam.attempts.select_related("paper").get()
    messages = []
    for question in questions:
        slot = question["slot"]
        messages.append({"slot": slot, "answer": wrong_answer(row, slot), "seq": 1})
        messages.append({"slot": slot, "answer": right_answer(row, slot), "seq": 2})
    messages += chance.sample(messages, 8)
    chance.shuffle(messages)
    while messages:
        size = chance.randint(1, 4)
        batch, messages = messages[:size], messages[size:]
        saved = client.put(f"/api/v1/attempts/{attempt['id']}/responses/", {"responses": batch})
        assert saved.status_code == 200, saved.content
        kept = {one["slot"]: one["seq"] for one in saved.json()["saved"]}
        assert all(kept[one["slot"]] >= one["seq"] for one in batch)

    handed_in = client.post(f"/api/v1/attempts/{attempt['id']}/submit/")
    assert (handed_in.status_code, handed_in.json()["state"], handed_in.json()["score"]) == (200, "submitted", 10.0)
    late = client.put(
        f"/api/v1/attempts/{attempt['id']}/responses/",
        {"responses": [{"slot": 1, "answer": wrong_answer(row, 1), "seq": 99}]},
    )
    assert (late.status_code, late.json()["code"]) == (409, "attempt_closed")

    detail = client.get(here).json()
    code = detail.pop("certificate")
    assert detail == {
        "id": study.enrolment.pk,
        "class": {"id": study.training_class.pk, "name": study.training_class.name},
        "programme": study.edition.title,
        "status": "completed",
        "percent": 100,
        "next_item": None,
        "modules": [
            {
                "title": "Lý luận",
                "kind": "theory",
                "items": [
                    {
                        "id": item.pk,
                        "kind": item.kind,
                        "title": item.title,
                        "state": "done",
                        "required": True,
                        "due": None,
                    }
                    for item in [*lessons, test]
                ],
            }
        ],
        "missing": [],
    }
    public = APIClient().get(f"/api/v1/certificates/{code.lower().replace('-', '')}/")
    assert (public.status_code, public.json()["code"], public.json()["holder"], public.json()["valid"]) == (
        200,
        code,
        "H'Hen Niê",
        True,
    )
    pdf = study_client(learner).get(f"/hoc/chung-nhan/{code}.pdf")
    assert (pdf.status_code, pdf["Content-Type"], pdf.content[:5]) == (200, "application/pdf", b"%PDF-")
    assert tally_of(study.training_class) == {"completed": 1, "excellent": 1, "theory_done": 1}
    assert verify_chain(f"class:{study.training_class.pk}") == []


def study_client(user):
    client = APIClient()
    client.force_login(user)
    return client
