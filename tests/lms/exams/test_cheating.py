"""What a cheat tries: guessing, replaying, another's attempt, reading the key out of any answer."""

from __future__ import annotations

import datetime as dt
import json

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from lms.exams.errors import AttemptsExhaustedError
from lms.exams.models import Attempt, AttemptResult, Response
from lms.exams.services.attempts import start
from quizzes.enums import Review
from quizzes.queries.papers.compiled import paper_key
from quizzes.services.papers.freezing import freeze_papers
from tests.factories.quizzes import make_attempt, make_exam, make_learner, right_answer, seat

T0 = dt.datetime(2026, 11, 23, 1, 0, tzinfo=dt.UTC)
# What only the server may know: words of the factories' feedback and sources, names of what holds the key.
SECRET = ("BÍ-MẬT", '"correct"', '"key"', "layout", '"seed"', "feedback", "earned")


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def send(client, attempt, *rows, **more):
    body = {"responses": [{"slot": slot, "answer": answer, "seq": seq} for slot, answer, seq in rows], **more}
    url = reverse("api:attempt-responses", args=[attempt.pk])
    sent = client.put(url, json.dumps(body), content_type="application/json")
    return sent.status_code, sent.json()


@pytest.fixture
def attempt(db):
    return make_attempt(exam=make_exam(questions=4, multiple=1, time_limit=30, review=Review.SCORE))


def test_a_stale_sequence_changes_nothing(attempt):
    client = signed_in(attempt.user)
    send(client, attempt, (1, {"choice": "a"}, 10))
    status, body = send(client, attempt, (1, {"choice": "b"}, 9))
    assert (status, body["saved"]) == (200, [{"slot": 1, "seq": 10}])
    assert Response.objects.get().answer == {"choice": "a"}


def test_another_persons_attempt_does_not_exist(attempt):
    cheat = signed_in(make_learner())
    own = make_attempt()
    paths = ["attempt", "attempt-paper", "attempt-review"]
    assert [cheat.get(reverse(f"api:{name}", args=[attempt.pk])).status_code for name in paths] == [404] * 3
    assert send(cheat, attempt, (1, {"choice": "a"}, 1))[0] == 404
    assert cheat.post(reverse("api:attempt-submit", args=[attempt.pk])).status_code == 404
    for name in ("attempt", "result", "receipt"):
        assert cheat.get(reverse(f"attempts:{name}", args=[attempt.pk])).status_code == 404
    assert cheat.post(reverse("attempts:hand-in", args=[attempt.pk])).status_code == 404
    # a token of one's own attempt says nothing about another
    assert send(cheat, attempt, (1, {"choice": "a"}, 1), token=own.token, user=attempt.user_id)[0] == 404
    attempt.refresh_from_db()
    assert (attempt.state, Response.objects.count()) == ("open", 0)


def test_an_answer_after_the_deadline_is_not_kept(db):
    with time_machine.travel(T0, tick=False) as clock:
        attempt = make_attempt(exam=make_exam(questions=2, time_limit=30))
        client = signed_in(attempt.user)
        send(client, attempt, (1, right_answer(attempt, 1), 1))
        clock.shift(dt.timedelta(minutes=45))
        status, body = send(client, attempt, (2, right_answer(attempt, 2), 2))
        assert (status, body["code"]) == (409, "attempt_closed")
        attempt.refresh_from_db()
        assert (attempt.state, attempt.score, attempt.submitted_at) == ("submitted", 1, attempt.deadline)


@pytest.mark.parametrize("slot", [0, -1, 5, 99, 2**31, 2**63])
def test_guessed_slots_are_refused(attempt, slot):
    status, body = send(signed_in(attempt.user), attempt, (slot, {"choice": "a"}, 1))
    assert (status, body["code"], Response.objects.count()) == (400, "invalid", 0)


def test_a_replayed_hand_in_gives_the_same_outcome(attempt):
    client = signed_in(attempt.user)
    url = reverse("api:attempt-submit", args=[attempt.pk])
    first = client.post(url).json()
    assert send(client, attempt, (1, right_answer(attempt, 1), 99))[1]["code"] == "attempt_closed"
    assert client.post(url).json() == first
    assert AttemptResult.objects.count() == 1


def everything_a_learner_can_ask(client, attempt):
    """Every address about the attempt, in every state, as bodies of text."""
    api = ["attempt", "attempt-paper", "attempt-review"]
    pages = ["attempt", "result", "receipt"]

    def all_of_it():
        for name in api:
            yield client.get(reverse(f"api:{name}", args=[attempt.pk]), headers={"Accept-Encoding": "identity"})
        for name in pages:
            yield client.get(reverse(f"attempts:{name}", args=[attempt.pk]), follow=True)
        yield client.get(reverse("attempts:attempt", args=[attempt.pk]), {"cau": "nop"})

    def post(name, body):
        return client.post(reverse(f"api:{name}", args=[attempt.pk]), json.dumps(body), "application/json")

    yield from all_of_it()
    yield post("attempt-device", {"device": "x" * 20})
    yield post("attempt-heartbeat", {})
    yield client.put(
        reverse("api:attempt-responses", args=[attempt.pk]),
        json.dumps({"responses": [{"slot": 1, "answer": {"choice": "a"}, "seq": 1}]}),
        content_type="application/json",
    )
    yield client.put(
        reverse("api:attempt-responses", args=[attempt.pk]),
        json.dumps({"responses": [{"slot": 1, "answer": {"choice": "zz"}, "seq": 2}]}),
        content_type="application/json",
    )
    yield post("attempt-submit", {})
    yield from all_of_it()


@pytest.mark.parametrize("level", [Review.NOTHING, Review.SCORE, Review.ANSWERS])
def test_no_answer_of_the_server_carries_the_key(db, level):
    attempt = make_attempt(exam=make_exam(questions=4, multiple=1, review=level))
    assert paper_key(attempt.paper_id, attempt.paper.seed).slots
    found = []
    for answered in everything_a_learner_can_ask(signed_in(attempt.user), attempt):
        body = answered.content.decode()
        found += [(answered.request["PATH_INFO"], word) for word in SECRET if word in body]
    assert found == []


@pytest.mark.django_db(transaction=True)
def test_more_attempts_than_allowed_cannot_be_won_by_haste(shared_db, at_once):
    exam = make_exam(questions=2, max_attempts=1)
    learner = make_learner()
    papers = freeze_papers(exam=exam)
    enrolment, item = seat(exam, learner)

    def go():
        return start(user=learner, exam_id=exam.pk, set_number=papers, enrolment_id=enrolment.pk, item_id=item.pk).pk

    results = at_once(go, go, go, go)
    assert len(set(results)) == 1
    assert Attempt.objects.count() == 1
    attempt = Attempt.objects.get()
    Attempt.objects.filter(pk=attempt.pk).update(state="submitted", submitted_at=attempt.started_at)
    refused = at_once(go, go)
    assert [type(one) for one in refused] == [AttemptsExhaustedError] * 2
