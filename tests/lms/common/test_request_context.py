"""Which request a log line, an answer and a record belong to."""

from __future__ import annotations

import json
import logging
import re

import pytest
from django.conf import settings
from django.db import InterfaceError
from django.test import Client, RequestFactory

from lms.common.logs import JsonFormatter, OutageFilter, RequestFilter, TextFormatter
from lms.common.request_context import RequestFacts, current_request, request_facts
from tests.factories.people import make_user


def line(formatter, **extra):
    record = logging.LogRecord("lms.test", logging.WARNING, __file__, 1, "Không lưu được %s", ("bài",), None)
    vars(record).update(extra)
    RequestFilter().filter(record)
    return formatter.format(record)


@pytest.mark.django_db
def test_every_answer_has_an_identifier_of_its_own():
    ids = [
        Client().get(path).headers["X-Request-ID"] for path in ("/dang-nhap/", "/ho-so/", "/api/v1/me/", "/khong-co/")
    ]
    assert len(set(ids)) == 4
    assert all(re.fullmatch(r"[0-9a-f]{32}", one) for one in ids)
    assert current_request() is None


@pytest.mark.django_db
def test_only_our_proxy_may_choose_it(settings):
    def answered(given):
        return Client().get("/healthz", headers={"x-request-id": given}).headers["X-Request-ID"]

    assert answered("abcdef-123456") != "abcdef-123456"
    settings.USE_X_FORWARDED_HOST = True
    assert answered("abcdef-123456") == "abcdef-123456"
    for bad in ("short", "a" * 65, "x y z 1 2 3", "<script>alert", "-abcdefgh"):
        assert answered(bad) != bad


def test_a_line_says_when_with_the_zone_and_in_which_request():
    request = RequestFactory().get("/", REMOTE_ADDR="10.1.2.3")
    text = TextFormatter("%(asctime)s %(levelname)s [%(request_id)s %(user_id)s %(address)s] %(message)s")
    assert re.fullmatch(r"\S+T\S+[+-]\d\d:\d\d WARNING \[- - -\] Không lưu được bài", line(text))
    with request_facts(RequestFacts("r1", "10.1.2.3", "", request)):
        assert line(text).endswith("WARNING [r1 - 10.1.2.3] Không lưu được bài")


def test_what_somebody_sent_begins_no_line_of_its_own():
    record = logging.LogRecord("lms.test", logging.WARNING, "", 0, "Trang %s", ("/a\n2026 ERROR giả\x1b[31m",), None)
    assert TextFormatter("%(levelname)s %(message)s").format(record) == r"WARNING Trang /a\n2026 ERROR giả\x1b[31m"


def test_json_lines():
    request = RequestFactory().get("/")
    request.user = make = type("Person", (), {"pk": 17})()
    with request_facts(RequestFacts("r1", "10.1.2.3", "", request)):
        found = json.loads(line(JsonFormatter(), status_code=500, request=request))
    moment = found.pop("time")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT[\d:.]+[+-]\d\d:\d\d", moment)
    assert found == {
        "level": "WARNING", "logger": "lms.test", "message": "Không lưu được bài", "request_id": "r1",
        "user_id": make.pk, "address": "10.1.2.3", "status_code": 500,
    }  # fmt: skip


@pytest.mark.django_db
def test_the_person_is_known_once_somebody_has_asked_and_asking_costs_nothing(client_as, django_assert_num_queries):
    user = make_user()
    request = RequestFactory().get("/")
    facts = RequestFacts("r1", "", "", request)
    from django.contrib.auth.middleware import AuthenticationMiddleware
    from django.contrib.sessions.backends.db import SessionStore

    session = client_as(user).session
    request.session = SessionStore(session.session_key)
    AuthenticationMiddleware(lambda _request: None).process_request(request)
    with django_assert_num_queries(0):
        assert facts.user_id is None
    assert request.user.is_authenticated
    with django_assert_num_queries(0):
        assert facts.user_id == user.pk


@pytest.mark.parametrize("outage", [True, False])
def test_an_answer_that_fails_since_the_database_is_away_is_one_line(outage: bool) -> None:
    error = InterfaceError("the connection\nis closed") if outage else ValueError("a mistake")
    record = logging.LogRecord(
        "django.request", logging.ERROR, "", 0, "%s: %s", ("Service Unavailable", "/hoc/"), (type(error), error, None)
    )
    for one in (RequestFilter(), OutageFilter()):
        assert one.filter(record)
    text = TextFormatter("%(levelname)s %(message)s").format(record)
    expected = [
        "ERROR Service Unavailable: /hoc/ (the connection is closed)"
        if outage
        else "ERROR Service Unavailable: /hoc/\nValueError: a mistake"
    ]
    assert [text] == expected
    assert "outage" in settings.LOGGING["handlers"]["console"]["filters"]
