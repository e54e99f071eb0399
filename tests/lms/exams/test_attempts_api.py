"""The attempts API as an outside client uses and abuses it (docs/api.md)."""

from __future__ import annotations

import datetime as dt
import gzip
import json
from importlib import import_module

import brotli
import pytest
import time_machine
from django.test import Client

from lms.exams.models import Attempt, Response
from lms.exams.queries.attempts import offline_key
from lms.exams.services.responses import IncomingResponse, save
from quizzes.enums import Review
from quizzes.models import Paper
from tests.factories.people import make_token
from tests.factories.quizzes import make_attempt, make_exam, make_learner, right_answer, wrong_answer

pytestmark = pytest.mark.django_db
T0 = dt.datetime(2026, 11, 23, 1, 0, tzinfo=dt.UTC)
# Words that may stand in an answer only when the review rule allows the key.
SECRET = ("correct", '"key"', "feedback", "BÍ-MẬT", "layout", '"seed"', '"version"', "fixed", "earned")


def client_of(user) -> Client:
    """A client with a token, as a program has it."""
    return Client(headers={"Authorization": f"Token {make_token(user)}"})


def url(attempt, rest=""):
    return f"/api/v1/attempts/{attempt.pk}/{rest}"


def put(client, attempt, *rows, **extra):
    body = {"responses": [{"slot": slot, "answer": answer, "seq": seq} for slot, answer, seq in rows]}
    return client.put(url(attempt, "responses/"), json.dumps(body), content_type="application/json", **extra)


@pytest.fixture
def sitting():
    """An attempt of five questions and its learner's client."""
    with time_machine.travel(T0, tick=False):
        attempt = make_attempt(exam=make_exam(time_limit=30, multiple=1, shuffle_questions=False))
        client = client_of(attempt.user)
        yield attempt, client


def test_an_attempt_shows_its_clock_and_what_is_kept(sitting):
    attempt, client = sitting
    put(client, attempt, (1, {"choice": "b"}, 3))
    answer = client.get(url(attempt))
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
    assert answer.json() == {
        "id": attempt.pk,
        "token": attempt.token,
        "number": 1,
        "state": "open",
        "paper": f"/api/v1/attempts/{attempt.pk}/paper/",
        "paper_code": attempt.paper.code,
        "server_time": "2026-11-23T01:00:00.000Z",
        "started_at": "2026-11-23T01:00:00.000Z",
        "deadline": "2026-11-23T01:30:00.000Z",
        "device": "",
        "bound": False,
        "one_way": False,
        "page_size": 1,
        "from_slot": 0,
        "offline_key": offline_key(attempt.pk, attempt.token),
        "responses": [{"slot": 1, "answer": {"choice": "b"}, "seq": 3}],
    }


def test_the_paper_is_served_compressed_and_known_by_its_etag(sitting, django_assert_num_queries):
    attempt, client = sitting
    content = Paper.objects.get(pk=attempt.paper_id).content
    plain = client.get(url(attempt, "paper/"))
    assert plain.json() == content
    small = client.get(url(attempt, "paper/"), headers={"Accept-Encoding": "gzip"})
    with django_assert_num_queries(2):  # token, attempt
        smaller = client.get(url(attempt, "paper/"), headers={"Accept-Encoding": "gzip, br"})
    assert json.loads(gzip.decompress(small.content)) == json.loads(brotli.decompress(smaller.content)) == content
    assert {name: smaller.headers[name] for name in ("Content-Encoding", "ETag", "Cache-Control", "Content-Type")} == {
        "Content-Encoding": "br",
        "ETag": f'"{attempt.paper.digest}"',
        "Cache-Control": "private, no-cache",
        "Content-Type": "application/json",
    }
    assert {"Accept-Encoding", "Authorization", "Cookie"} <= {v.strip() for v in smaller.headers["Vary"].split(",")}
    again = client.get(url(attempt, "paper/"), headers={"If-None-Match": smaller.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_saving_answers_with_duplicates_and_stale_sequences(sitting, django_assert_num_queries):
    attempt, client = sitting
    clock = {"server_time": "2026-11-23T01:00:00.000Z", "deadline": "2026-11-23T01:30:00.000Z"}
    assert put(client, attempt, (2, {"choice": "a"}, 5)).json() == {"saved": [{"slot": 2, "seq": 5}], **clock}
    with django_assert_num_queries(2):  # token, statement
        stale = put(client, attempt, (2, {"choice": "c"}, 4), (1, {"choice": "d"}, 1), (2, {"choice": "a"}, 5))
    assert (stale.status_code, stale.json()) == (
        200,
        {"saved": [{"slot": 1, "seq": 1}, {"slot": 2, "seq": 5}], **clock},
    )
    assert client.get(url(attempt)).json()["responses"] == [
        {"slot": 1, "answer": {"choice": "d"}, "seq": 1},
        {"slot": 2, "answer": {"choice": "a"}, "seq": 5},
    ]


def test_an_answer_that_does_not_fit_is_refused_with_its_slot(sitting):
    attempt, client = sitting
    answer = put(client, attempt, (1, {"choice": "a"}, 1), (99, {"choice": "a"}, 1))
    assert (answer.status_code, answer.json()) == (
        400,
        {
            "code": "invalid",
            "detail": "Không lưu được một số câu trả lời.",
            "fields": {"99": ["Đề không có câu hỏi mang số này."]},
        },
    )
    assert not Response.objects.exists()


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ([], "responses"),
        ({}, "responses"),
        ({"responses": {}}, "responses"),
        ({"responses": []}, "responses"),
        ({"responses": [1]}, "responses.0"),
        ({"responses": [{"slot": 1, "seq": 1}]}, "responses.0"),
        ({"responses": [{"slot": "1", "answer": None, "seq": 1}]}, "responses.0"),
        ({"responses": [{"slot": True, "answer": None, "seq": 1}]}, "responses.0"),
        ({"responses": [{"slot": 1, "answer": None, "seq": 1.5}]}, "responses.0"),
        ({"responses": [{"slot": 1, "answer": None}]}, "responses.0"),
        ({"responses": [{"slot": 1, "answer": None, "seq": 1}] * 501}, "responses"),
    ],
)
def test_a_body_of_another_shape_is_refused(sitting, body, field):
    attempt, client = sitting
    answer = client.put(url(attempt, "responses/"), json.dumps(body), content_type="application/json")
    assert (answer.status_code, answer.json()["code"], list(answer.json()["fields"])) == (400, "invalid", [field])
    assert not Response.objects.exists()


def test_text_that_is_not_json_is_refused(sitting):
    attempt, client = sitting
    answer = client.put(url(attempt, "responses/"), "{", content_type="application/json")
    assert answer.status_code == 400
    assert set(answer.json()) == {"code", "detail", "fields"}


def test_handing_in_gives_the_score_and_the_same_again(sitting):
    attempt, client = sitting
    put(client, attempt, *((slot, right_answer(attempt, slot), slot) for slot in range(1, 5)))
    first = client.post(url(attempt, "submit/"))
    attempt.refresh_from_db()
    assert (first.status_code, first.json()) == (
        200,
        {
            "id": attempt.pk,
            "state": "submitted",
            "marking": False,
            "score": 4.0,
            "max_score": 5.0,
            "passed": True,
            "receipt": attempt.receipt,
            "submitted_at": "2026-11-23T01:00:00.000Z",
            "forced": False,
        },
    )
    assert client.post(url(attempt, "submit/")).json() == first.json()
    late = put(client, attempt, (5, right_answer(attempt, 5), 9))
    assert (late.status_code, late.json()) == (
        409,
        {
            "code": "attempt_closed",
            "detail": "Bài làm này đã nộp. Không thể lưu thêm câu trả lời.",
            "fields": {},
        },
    )
    assert client.get(url(attempt)).json()["state"] == "submitted"


def test_an_exam_that_shows_nothing_gives_a_receipt_but_no_score(sitting):
    attempt, client = sitting
    attempt.exam.review = Review.NOTHING
    attempt.exam.save()
    body = client.post(url(attempt, "submit/")).json()
    assert (body["state"], body["score"], body["passed"], len(body["receipt"])) == ("submitted", None, None, 64)


def test_whoever_looks_at_an_overdue_attempt_finds_it_handed_in(sitting):
    attempt, client = sitting
    put(client, attempt, (1, right_answer(attempt, 1), 1))
    with time_machine.travel(T0 + dt.timedelta(minutes=31), tick=False):
        body = client.get(url(attempt)).json()
        outcome = client.post(url(attempt, "submit/")).json()
    assert body["state"] == "submitted"
    assert (outcome["forced"], outcome["score"], outcome["submitted_at"]) == (True, 1.0, "2026-11-23T01:30:00.000Z")


def test_other_peoples_attempts_do_not_exist(sitting):
    attempt, client = sitting
    put(client, attempt, (1, {"choice": "a"}, 1))
    requests = [
        ("get", ""),
        ("get", "paper/"),
        ("get", "review/"),
        ("post", "submit/"),
    ]
    for stranger, status in ((client_of(make_learner()), 404), (Client(), 401)):
        answers = [getattr(stranger, method)(url(attempt, rest)) for method, rest in requests]
        answers.append(put(stranger, attempt, (1, {"choice": "b"}, 9)))
        assert [answer.status_code for answer in answers] == [status] * 5
        assert all(attempt.token.encode() not in answer.content for answer in answers)
    absent = [getattr(client, method)(f"/api/v1/attempts/{attempt.pk + 99}/{rest}") for method, rest in requests]
    assert [(answer.status_code, answer.json()["code"]) for answer in absent] == [(404, "not_found")] * 4
    attempt.refresh_from_db()
    assert (attempt.state, Response.objects.get().answer) == ("open", {"choice": "a"})


def test_a_session_needs_the_csrf_token(sitting):
    attempt, _client = sitting
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(attempt.user)
    assert put(browser, attempt, (1, {"choice": "a"}, 1)).status_code == 403
    assert browser.post(url(attempt, "submit/")).status_code == 403
    assert not Response.objects.exists()
    browser.get(f"/lam-bai/{attempt.pk}/")
    token = browser.cookies["csrftoken"].value
    # the page has bound the attempt to the browser, so the answer names it
    body = {
        "responses": [{"slot": 1, "answer": {"choice": "a"}, "seq": 1}],
        "device": browser.cookies["sen_device"].value,
    }
    saved = browser.put(
        url(attempt, "responses/"), json.dumps(body), content_type="application/json", headers={"X-CSRFToken": token}
    )
    assert saved.status_code == 200


def everything(client, attempt) -> str:
    """Every word that the attempt's addresses, API and pages, answer with."""
    answers = [
        client.get(url(attempt)),
        client.get(url(attempt, "paper/")),
        client.get(url(attempt, "review/")),
        put(client, attempt, (1, {"choice": "a"}, 1)),
        put(client, attempt, (1, {"choice": "zz"}, 1)),
        client.post(url(attempt, "submit/")),
        client.get(url(attempt, "review/")),
        put(client, attempt, (1, {"choice": "a"}, 2)),
    ]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 200, 400, 200, 200, 409]
    return "\n".join(answer.content.decode() for answer in answers)


@pytest.mark.parametrize("level", [Review.NOTHING, Review.SCORE, Review.ANSWERS])
def test_no_answer_holds_a_key_below_the_level_that_shows_it(level):
    attempt = make_attempt(exam=make_exam(review=level, review_after_close=Review.KEY))
    words = everything(client_of(attempt.user), attempt)
    assert [word for word in SECRET if word in words] == []


def test_the_same_walk_finds_the_key_once_it_may_be_seen():
    attempt = make_attempt(exam=make_exam(review=Review.KEY))
    words = everything(client_of(attempt.user), attempt)
    assert [word for word in SECRET if word in words] == ["correct", '"key"', "feedback", "BÍ-MẬT", "earned"]


def test_the_review_with_the_key(sitting):
    attempt, client = sitting
    attempt.exam.review = Review.KEY
    attempt.exam.save()
    assert client.get(url(attempt, "review/")).json()["questions"] == []  # still open
    right, wrong = right_answer(attempt, 1), wrong_answer(attempt, 2)
    put(client, attempt, (1, right, 1), (2, wrong, 1))
    client.post(url(attempt, "submit/"))
    body = client.get(url(attempt, "review/")).json()
    first, second, third = body["questions"][:3]
    shown = Paper.objects.get(pk=attempt.paper_id).content["questions"]
    assert (body["level"], body["score"], len(body["questions"])) == ("key", 1.0, 5)
    assert {**first, "feedback": 0} == {
        **shown[0],
        "answer": right,
        "earned": 1.0,
        "marking": False,
        "key": {"correct": right["choice"]}
        if "choice" in right
        else {"correct": right["choices"], "scoring": "all_or_nothing"},
        "feedback": 0,
    }
    assert (second["answer"], second["earned"], third["answer"], third["earned"]) == (wrong, 0.0, None, 0.0)
    assert set(first["feedback"]) == {"general", "options", "source"}


def test_after_the_last_day_another_level_holds(sitting, monkeypatch):
    attempt, client = sitting
    client.post(url(attempt, "submit/"))
    assert client.get(url(attempt, "review/")).json()["level"] == "score"
    monkeypatch.setattr(import_module("lms.exams.queries.review"), "is_over", lambda seen: seen.pk == attempt.pk)
    assert client.get(url(attempt, "review/")).json()["level"] == "key"


def test_the_review_costs_the_same_for_few_and_many_questions(django_assert_num_queries):
    for questions in (1, 3, 12):
        attempt = make_attempt(exam=make_exam(questions=questions, review=Review.KEY, variants=1))
        client = client_of(attempt.user)
        save(
            attempt_id=attempt.pk,
            user_id=attempt.user_id,
            responses=[IncomingResponse(slot, {"choice": "a"}, 1) for slot in range(1, questions + 1)],
        )
        # token, attempt, savepoint, close, responses, revision of the key, layout, versions, score, result, release
        with django_assert_num_queries(11):
            client.post(url(attempt, "submit/"))
        # token, attempt, who may still be asked the same, noting that the key was shown, responses, result
        with django_assert_num_queries(6):
            client.get(url(attempt, "review/"))
        with django_assert_num_queries(5):  # it is noted once
            client.get(url(attempt, "review/"))


def test_the_schema_describes_every_address():
    from drf_spectacular.generators import SchemaGenerator

    paths = SchemaGenerator().get_schema(request=None, public=True)["paths"]
    found = {path: sorted(methods) for path, methods in paths.items() if path.startswith("/api/v1/attempts/")}
    assert found == {
        "/api/v1/attempts/{attempt_id}/": ["get"],
        "/api/v1/attempts/{attempt_id}/device/": ["post"],
        "/api/v1/attempts/{attempt_id}/heartbeat/": ["post"],
        "/api/v1/attempts/{attempt_id}/page/": ["put"],
        "/api/v1/attempts/{attempt_id}/paper/": ["get"],
        "/api/v1/attempts/{attempt_id}/responses/": ["put"],
        "/api/v1/attempts/{attempt_id}/review/": ["get"],
        "/api/v1/attempts/{attempt_id}/submit/": ["post"],
    }


def test_attempts_are_never_left_open_by_the_walks():
    attempt = make_attempt()
    everything(client_of(attempt.user), attempt)
    assert list(Attempt.objects.values_list("state", flat=True)) == ["submitted"]
