"""Two devices, one-way pages, signs of life."""

from __future__ import annotations

import datetime as dt
import json

import pytest
import time_machine
from django.test import Client

from lms.exams.errors import AttemptTakenOverError, PageLeftError
from lms.exams.models import Attempt, Presence, Response
from lms.exams.services.attempts import claim
from lms.exams.services.devices import beat, leave_pages
from lms.exams.services.responses import IncomingResponse, save
from tests.factories.quizzes import make_attempt, make_exam, make_learner

pytestmark = pytest.mark.django_db


def put(attempt, *rows, device=""):
    return save(
        attempt_id=attempt.pk,
        user_id=attempt.user_id,
        responses=[IncomingResponse(slot, {"choice": choice}, seq) for slot, choice, seq in rows],
        device=device,
    ).saved


def kept(attempt):
    return dict(Response.objects.filter(attempt=attempt).values_list("slot", "answer__choice"))


def test_the_later_device_takes_over_and_the_earlier_can_take_back():
    attempt = make_attempt()
    claim(attempt=attempt, device="one")
    assert put(attempt, (1, "a", 1), device="one") == ((1, 1),)
    claim(attempt=attempt, device="two")
    with pytest.raises(AttemptTakenOverError) as refused:
        put(attempt, (1, "b", 2), device="one")
    assert refused.value.code == "taken_over"
    assert put(attempt, (2, "c", 3), device="two") == ((2, 3),)
    assert kept(attempt) == {1: "a", 2: "c"}
    claim(attempt=attempt, device="one")
    assert put(attempt, (1, "b", 2), device="one") == ((1, 2),)
    with pytest.raises(AttemptTakenOverError):
        put(attempt, (2, "d", 4), device="two")
    assert kept(attempt) == {1: "b", 2: "c"}


def test_a_client_that_names_no_device_is_refused_like_another():
    attempt = make_attempt()
    claim(attempt=attempt, device="one")
    with pytest.raises(AttemptTakenOverError):
        put(attempt, (1, "a", 1))
    assert (kept(attempt), claim(attempt=attempt, device="")) == ({}, False)
    attempt.refresh_from_db()
    assert attempt.device == "one"


def test_an_attempt_that_was_started_without_a_device_is_bound_to_none():
    attempt = make_attempt()
    assert put(attempt, (1, "a", 1)) == ((1, 1),)
    assert put(attempt, (1, "b", 2), device="one") == ((1, 2),)


def test_every_way_of_writing_asks_for_the_device(client_as):
    attempt = make_attempt(exam=make_exam(questions=4, one_way=True, page_size=2), device="browser-one-0001")
    client, address = client_as(attempt.user), f"/api/v1/attempts/{attempt.pk}/"

    def send(method, path, **body):
        sent = getattr(client, method)(address + path, json.dumps(body), content_type="application/json")
        return sent.status_code, sent.json().get("code")

    row = {"slot": 1, "answer": {"choice": "a"}, "seq": 1}
    refused = (409, "taken_over")
    for device in ({}, {"device": ""}, {"device": "browser-two-0002"}):
        assert send("put", "responses/", responses=[row], **device) == refused
        assert send("post", "submit/", **device) == refused
        assert send("put", "page/", from_slot=3, **device) == refused
        assert client.post(f"{address}heartbeat/", json.dumps(device), content_type="application/json").json()[
            "taken_over"
        ]
    assert client.post(f"{address}submit/").status_code == 409  # without a body, as older clients do
    page = f"/lam-bai/{attempt.pk}/"
    client.cookies["sen_device"] = "browser-two-0002"
    assert client.post(page, {"slot": "1", "q1": "a", "act": "next"}).headers["Location"] == page
    assert client.post(f"{page}nop-bai/").headers["Location"] == page
    del client.cookies["sen_device"]  # a browser that hides its mark is another one
    assert client.post(f"{page}nop-bai/").headers["Location"] == page
    attempt.refresh_from_db()
    assert (kept(attempt), attempt.state, attempt.from_slot, Presence.objects.count()) == ({}, "open", 0, 0)
    mine = {"device": "browser-one-0001"}
    assert send("put", "responses/", responses=[row], **mine) == (200, None)
    assert send("put", "page/", from_slot=3, **mine) == (200, None)
    assert send("post", "submit/", **mine) == (200, None)


def test_the_mark_of_the_device_that_works_is_told_to_no_other(client_as):
    attempt = make_attempt(exam=make_exam(questions=2), device="browser-one-0001")
    client, address = client_as(attempt.user), f"/api/v1/attempts/{attempt.pk}/"
    seen = client.get(address).json()
    assert (seen["device"], seen["bound"]) == ("", True)
    assert "browser-one-0001" not in json.dumps(seen)
    client.cookies["sen_device"] = "browser-one-0001"
    assert client.get(address).json()["device"] == "browser-one-0001"
    free = client_as(None)
    other = make_attempt(exam=make_exam(questions=2))
    free.force_login(other.user)
    seen = free.get(f"/api/v1/attempts/{other.pk}/").json()
    assert (seen["device"], seen["bound"]) == ("", False)


def test_when_the_time_is_up_whoever_asks_the_clock_hands_in(client_as):
    attempt = make_attempt(exam=make_exam(questions=2, time_limit=30), device="browser-one-0001")
    with time_machine.travel(attempt.deadline + dt.timedelta(minutes=1)):
        done = client_as(attempt.user).post(f"/api/v1/attempts/{attempt.pk}/submit/").json()
    assert (done["state"], done["forced"]) == ("submitted", True)


def test_an_answer_still_is_one_statement(django_assert_num_queries):
    attempt = make_attempt()
    claim(attempt=attempt, device="one")
    put(attempt, (1, "a", 1), device="one")
    with django_assert_num_queries(1):
        put(attempt, (1, "b", 2), device="one")


def one_way(**fields):
    return make_attempt(exam=make_exam(questions=6, one_way=True, page_size=2, **fields))


def test_a_page_that_was_left_takes_no_answer():
    attempt = one_way()
    put(attempt, (1, "a", 1), (2, "a", 2))
    assert leave_pages(attempt_id=attempt.pk, from_slot=3) is True
    with pytest.raises(PageLeftError) as refused:
        put(attempt, (2, "b", 3), (3, "c", 4))
    assert (refused.value.code, list(refused.value.fields)) == ("one_way", ["2"])
    assert kept(attempt) == {1: "a", 2: "a"}
    assert leave_pages(attempt_id=attempt.pk, from_slot=1) is False


def test_an_answer_on_a_later_page_leaves_the_earlier_ones():
    attempt = one_way()
    put(attempt, (1, "a", 1))
    put(attempt, (4, "a", 2))
    with pytest.raises(PageLeftError):
        put(attempt, (2, "a", 3))
    assert Attempt.objects.get(pk=attempt.pk).from_slot == 3
    assert put(attempt, (3, "b", 4)) == ((3, 4),)


def test_answers_of_a_spell_without_network_come_in_one_batch_and_may_be_repeated():
    attempt = one_way()
    rows = [(1, "a", 1), (3, "b", 2), (5, "c", 3)]
    assert put(attempt, *rows) == ((1, 1), (3, 2), (5, 3))
    assert put(attempt, *rows) == ((1, 1), (3, 2), (5, 3))  # the reply got lost
    assert put(attempt, (1, "d", 1), (6, "a", 4)) == ((1, 1), (6, 4))
    assert kept(attempt) == {1: "a", 3: "b", 5: "c", 6: "a"}


def test_where_one_may_go_back_leaving_means_nothing():
    attempt = make_attempt(exam=make_exam(questions=4, page_size=2))
    assert leave_pages(attempt_id=attempt.pk, from_slot=3) is False
    put(attempt, (4, "a", 1))
    assert put(attempt, (1, "a", 2)) == ((1, 2),)


def test_the_rules_of_moving_are_those_of_the_start():
    attempt = one_way()
    exam = attempt.exam
    exam.one_way = False
    exam.save(update_fields=["one_way"])
    put(attempt, (3, "a", 1))
    with pytest.raises(PageLeftError):
        put(attempt, (1, "a", 2))


def test_a_sign_of_life_is_noted_of_the_device_that_works(django_assert_num_queries):
    attempt = make_attempt()
    claim(attempt=attempt, device="two")
    assert beat(attempt_id=attempt.pk, user_id=attempt.user_id, device="one").taken_over is True
    assert not Presence.objects.exists()
    with django_assert_num_queries(2):
        found = beat(attempt_id=attempt.pk, user_id=attempt.user_id, device="two")
    assert (found.state, found.taken_over, found.deadline) == ("open", False, attempt.deadline)
    assert Presence.objects.get().attempt_id == attempt.pk
    beat(attempt_id=attempt.pk, user_id=attempt.user_id, device="two")
    assert Presence.objects.count() == 1


def test_a_stranger_gives_no_sign_of_life():
    attempt, stranger = make_attempt(), make_learner()
    assert beat(attempt_id=attempt.pk, user_id=stranger.pk) is None
    assert not Presence.objects.exists()


def as_json(client, method, path, body):
    answer = getattr(client, method)(path, json.dumps(body), content_type="application/json")
    return answer.status_code, answer.json()


def test_the_api_speaks_of_devices_and_pages():
    attempt = one_way()
    client = Client()
    client.force_login(attempt.user)
    base = f"/api/v1/attempts/{attempt.pk}/"
    status, body = as_json(client, "post", f"{base}device/", {"device": "one"})
    assert (status, body["device"], body["one_way"], body["page_size"]) == (200, "one", True, 2)
    answer = {"responses": [{"slot": 1, "answer": {"choice": "a"}, "seq": 1}], "device": "two"}
    status, body = as_json(client, "put", f"{base}responses/", answer)
    assert (status, body["code"]) == (409, "taken_over")
    status, body = as_json(client, "put", f"{base}page/", {"from_slot": 4, "device": "one"})
    assert (status, body["from_slot"]) == (200, 3)
    status, body = as_json(client, "put", f"{base}responses/", answer | {"device": "one"})
    assert (status, body["code"], list(body["fields"])) == (409, "one_way", ["1"])
    status, body = as_json(client, "post", f"{base}heartbeat/", {"device": "two"})
    assert (status, body["state"], body["taken_over"], body["from_slot"]) == (200, "open", True, 3)
    assert as_json(client, "put", f"{base}page/", {"from_slot": 99, "device": "one"})[0] == 400
    assert as_json(client, "post", f"{base}device/", {"device": ""})[0] == 400
    assert as_json(client, "post", f"{base}device/", {"device": "x" * 41})[0] == 400
    other = Client()
    other.force_login(make_learner())
    assert as_json(other, "post", f"{base}heartbeat/", {})[0] == 404
    assert as_json(other, "post", f"{base}device/", {"device": "one"})[0] == 404
    assert as_json(other, "put", f"{base}page/", {"from_slot": 1})[0] == 404
