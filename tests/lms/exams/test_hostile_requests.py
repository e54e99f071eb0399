"""Requests that no page of ours sends: numbers that no database keeps, text that is none, JSON without an end."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from lms.exams.models import Attempt, Response
from quizzes.services.bank.items import create_item
from quizzes.services.papers.exams import set_questions
from tests.factories.quizzes import make_attempt, make_bank, make_exam
from tests.factories.sittings import make_invigilator, make_plain_sitting
from tests.quizzes.kinds import SAMPLES

pytestmark = pytest.mark.django_db
HUGE = 2**64
MANY = "1" * 5000


@pytest.fixture
def attempt():
    return make_attempt(exam=make_exam(questions=2))


@pytest.fixture
def client(attempt):
    client = Client()
    client.force_login(attempt.user)
    return client


def put(client, attempt, body):
    sent = client.put(reverse("api:attempt-responses", args=[attempt.pk]), body, content_type="application/json")
    return sent.status_code, sent.json()["code"] if sent.status_code != 200 else ""


@pytest.mark.parametrize("path", ["", "paper/", "review/", "heartbeat/", "submit/", "device/", "page/", "responses/"])
@pytest.mark.parametrize("method", ["get", "post", "put"])
def test_a_number_that_no_database_keeps_is_nothing(client, method, path):
    body = json.dumps({"responses": [{"slot": 1, "answer": None, "seq": 1}], "from_slot": 1})
    sent = client.generic(method.upper(), f"/api/v1/attempts/{HUGE}/{path}", body, content_type="application/json")
    assert sent.status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        f"/api/v1/enrolments/{HUGE}/items/1/attempts/",
        f"/api/v1/enrolments/1/items/{HUGE}/attempts/",
        f"/lam-bai/{HUGE}/",
        f"/lam-bai/{HUGE}/ket-qua/",
        f"/lam-bai/{HUGE}/bien-nhan/{'a' * 64}/",
    ],
)
def test_so_is_one_on_the_way_to_an_attempt(client, path):
    assert (client.post(path).status_code, client.get(path).status_code) == (404, 404)


@pytest.mark.parametrize("answer", ["[" * 100_000 + "]" * 100_000, '{"a":' * 50_000 + "1" + "}" * 50_000])
def test_json_without_an_end_is_a_wrong_body(client, attempt, answer):
    body = f'{{"responses": [{{"slot": 1, "answer": {answer}, "seq": 1}}]}}'
    assert put(client, attempt, body) == (400, "parse_error")
    assert not Response.objects.exists()


@pytest.mark.parametrize("device", ["\\ud800", "a\\u0000b", "\\u001b[2J", "x" * 41])
def test_a_device_is_named_in_letters_that_can_be_kept(client, attempt, device):
    body = f'{{"responses": [{{"slot": 1, "answer": null, "seq": 1}}], "device": "{device}"}}'
    assert put(client, attempt, body) == (400, "invalid")
    for name in ("attempt-device", "attempt-heartbeat"):
        url = reverse(f"api:{name}", args=[attempt.pk])
        assert client.post(url, f'{{"device": "{device}"}}', content_type="application/json").status_code == 400
    assert Attempt.objects.get().device == ""


@pytest.mark.parametrize("step", [MANY, "9" * 19, "²", "-1"])
def test_a_step_that_is_none_shows_the_first_question(client, attempt, step):
    page = client.get(f"/lam-bai/{attempt.pk}/?cau={step}")
    assert (page.status_code, page.context["page"].current) == (200, 1)


@pytest.mark.parametrize("data", [{"act": f"cau-{MANY}"}, {"act": "cau-²"}, {"seq": "1" * 17}])
def test_a_form_with_numbers_that_are_none(client, attempt, data):
    sent = client.post(f"/lam-bai/{attempt.pk}/", {"slot": "1", "q1": "a", **data})
    assert (sent.status_code, sent.url) == (302, f"/lam-bai/{attempt.pk}/?cau=1")


def test_flags_that_are_none_are_forgotten(client, attempt):
    client.cookies[f"sen_flags_{attempt.pk}"] = f"2-²-{MANY}"
    page = client.get(f"/lam-bai/{attempt.pk}/")
    assert [question.flagged for question in page.context["page"].questions] == [False, True]


def test_a_place_in_an_order_that_is_none_is_left_out():
    exam = make_exam(questions=1)
    content, key, _right, _wrong = SAMPLES["ordering"]
    version = create_item(bank=make_bank(exam.unit), kind="ordering", stem="Xếp", content=content, key=key).current
    set_questions(exam=exam, questions=[(version, Decimal(1))])
    attempt = make_attempt(exam=exam)
    client = Client()
    client.force_login(attempt.user)
    client.post(f"/lam-bai/{attempt.pk}/", {"slot": "1", "q1-a": MANY, "q1-c": "1"})
    assert Response.objects.get().answer == {"order": ["c", "a", "b", "d"]}


@pytest.mark.parametrize(
    "address", ["/hoc/?q=%00", "/khao-thi/coi-thi/?q=a%00b", "/hoc/vao-thi/%00/", "/api/v1/me/?x=%00"]
)
def test_an_address_with_nul_is_refused(client, address):
    assert client.get(address).status_code == 400


def test_a_reason_is_kept_without_nul(attempt):
    attempt.sitting = make_plain_sitting(attempt.exam)
    attempt.save(update_fields=["sitting"])
    officer = Client()
    officer.force_login(make_invigilator(attempt.sitting))
    url = reverse("api:sitting-attempt-act", args=[attempt.sitting.pk, attempt.pk, "annul"])
    body = json.dumps({"reason": "Vi\x00 phạm\ud800"})
    assert officer.post(url, body, content_type="application/json").status_code == 200
    assert attempt.events.get().text == "Vi phạm"
