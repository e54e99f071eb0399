"""The test page without JavaScript: page by page, flags, the check, the result."""

from __future__ import annotations

import datetime as dt
import re

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from lms.exams.models import Attempt, Response
from lms.exams.queries import kept_responses
from quizzes import policy
from quizzes.enums import Review
from tests.factories.quizzes import make_attempt, make_exam, make_learner, right_answer

pytestmark = pytest.mark.django_db
T0 = dt.datetime(2026, 11, 23, 1, 0, tzinfo=dt.UTC)
MS = int(T0.timestamp() * 1000)


@pytest.fixture
def sitting():
    """An attempt of four questions, the last with several answers, and its learner's browser."""
    with time_machine.travel(T0, tick=False):
        attempt = make_attempt(
            exam=make_exam(questions=4, multiple=1, shuffle_questions=False, time_limit=30, review=Review.KEY)
        )
        browser = Client()
        browser.force_login(attempt.user)
        yield attempt, browser


def page(attempt, query=""):
    return f"/lam-bai/{attempt.pk}/{query}"


def post(browser, attempt, slot, button, **controls):
    return browser.post(page(attempt), {"slot": slot, "seq": 0, "act": button, **controls})


def shown(html):
    """Which questions are visible, which are answered, flagged, current in the list."""
    questions = re.findall(r'data-question="(\d+)" data-kind="\w+"( hidden)?', html)
    links = re.findall(r'data-go="(\d+)"( data-state="answered")?( data-flagged)?( aria-current="true")?>', html)
    grid = links[: len(questions)] if len(links) == len(questions) else links[-len(questions) :]
    return {
        "visible": [int(n) for n, hidden in questions if not hidden],
        "answered": [int(n) for n, answered, _f, _c in grid if answered],
        "flagged": [int(n) for n, _a, flagged, _c in grid if flagged],
        "current": [int(n) for n, _a, _f, current in grid if current],
    }


def test_a_learner_goes_through_the_test_page_by_page(sitting):
    attempt, browser = sitting
    assert shown(browser.get(page(attempt)).content.decode()) == {
        "visible": [1],
        "answered": [],
        "flagged": [],
        "current": [1],
    }
    assert post(browser, attempt, 1, "next", q1="b").url == page(attempt, "?cau=2")
    assert post(browser, attempt, 2, "previous").url == page(attempt, "?cau=1")
    assert post(browser, attempt, 4, "next", q4=["a", "c"]).url == page(attempt, "?cau=nop")
    assert post(browser, attempt, 3, "flag", q3="d").url == page(attempt, "?cau=3")
    html = browser.get(page(attempt, "?cau=3")).content.decode()
    assert shown(html) == {"visible": [3], "answered": [1, 3, 4], "flagged": [3], "current": [3]}
    assert re.findall(r'name="q3" value="(\w)" checked', html) == ["d"]
    assert kept_responses(attempt) == [
        {"slot": 1, "answer": {"choice": "b"}, "seq": MS},
        {"slot": 2, "answer": None, "seq": MS},
        {"slot": 3, "answer": {"choice": "d"}, "seq": MS},
        {"slot": 4, "answer": {"choices": ["a", "c"]}, "seq": MS},
    ]
    check = browser.get(page(attempt, "?cau=nop")).content.decode()
    assert shown(check)["visible"] == [1, 2, 3, 4][:0] or "data-answers data-many hidden" in check
    assert "Còn 1 câu chưa trả lời." in check


def test_a_later_click_wins_even_in_the_same_millisecond(sitting):
    attempt, browser = sitting
    post(browser, attempt, 1, "next", q1="a")
    browser.post(page(attempt), {"slot": 1, "seq": MS, "act": "next", "q1": "c"})
    assert kept_responses(attempt) == [{"slot": 1, "answer": {"choice": "c"}, "seq": MS + 1}]
    browser.post(page(attempt), {"slot": 1, "seq": MS + 1, "act": "clear", "q1": "c"})
    assert kept_responses(attempt) == [{"slot": 1, "answer": None, "seq": MS + 2}]


def test_a_flag_is_taken_off_again(sitting):
    attempt, browser = sitting
    for expected in ([2], []):
        post(browser, attempt, 2, "flag")
        assert shown(browser.get(page(attempt, "?cau=1")).content.decode())["flagged"] == expected


@pytest.mark.parametrize("data", [{}, {"slot": "x"}, {"slot": "9"}, {"slot": "1", "seq": "x"}])
def test_a_form_that_was_tampered_with_is_refused(sitting, data):
    attempt, browser = sitting
    assert browser.post(page(attempt), data).status_code == 400
    assert not Response.objects.exists()


def test_an_unknown_option_is_refused_with_words(sitting):
    attempt, browser = sitting
    answer = browser.post(page(attempt), {"slot": 1, "q1": "z"}, follow=True)
    assert "Không có phương án “z”; các phương án là a, b, c, d." in answer.content.decode()
    assert not Response.objects.exists()


def test_handing_in_shows_the_result_and_closes_the_test(sitting, monkeypatch):
    attempt, browser = sitting
    monkeypatch.setitem(policy._pages, "attempt_return", lambda seen: f"/hoc/{seen.enrolment_id}/")
    right = right_answer(attempt, 1)["choice"]
    post(browser, attempt, 1, "next", q1=right)
    answer = browser.post(page(attempt, "nop-bai/"))
    assert (answer.status_code, answer.url) == (302, page(attempt, "ket-qua/"))
    html = browser.get(answer.url).content.decode()
    attempt.refresh_from_db()
    for words in ("Đồng chí đã nộp bài", "Chưa đạt", attempt.receipt, f"/hoc/{attempt.enrolment_id}/", "BÍ-MẬT", "1/1"):
        assert words in html
    assert browser.get(page(attempt)).url == answer.url
    assert post(browser, attempt, 2, "next", q2="a").url == answer.url
    assert browser.post(page(attempt, "nop-bai/")).url == answer.url
    assert Response.objects.count() == 1


@pytest.mark.parametrize(
    ("level", "has", "has_not"),
    [
        (Review.NOTHING, ["Điểm được công bố sau"], ["Chưa đạt", "Phương án", "BÍ-MẬT"]),
        (Review.SCORE, ["Chưa đạt"], ["Phương án", "BÍ-MẬT"]),
        (
            Review.ANSWERS,
            ["Chưa đạt", "Phương án", "Câu trả lời của đồng chí"],
            ["BÍ-MẬT", "option-right", "option-wrong"],
        ),
    ],
)
def test_the_result_shows_no_more_than_the_rule_allows(sitting, level, has, has_not):
    attempt, browser = sitting
    attempt.exam.review = level
    attempt.exam.save()
    before = browser.get(page(attempt)).content.decode()
    browser.post(page(attempt, "nop-bai/"))
    html = browser.get(page(attempt, "ket-qua/")).content.decode()
    assert [words for words in has if words not in html] == []
    assert [words for words in has_not if words in html] == []
    assert "BÍ-MẬT" not in before


def test_without_a_pass_mark_nobody_has_passed(sitting):
    attempt, browser = sitting
    attempt.exam.pass_share = 0
    attempt.exam.save()
    browser.post(page(attempt, "nop-bai/"))
    html = browser.get(page(attempt, "ket-qua/")).content.decode()
    assert '<p class="score">0<small>/4</small></p>' in html
    assert [words for words in (">Đạt<", "Chưa đạt", "exam-passed") if words in html] == []


def test_an_open_attempt_has_no_result_yet(sitting):
    attempt, browser = sitting
    assert browser.get(page(attempt, "ket-qua/")).url == page(attempt)


def test_an_overdue_attempt_goes_to_its_result(sitting):
    attempt, browser = sitting
    with time_machine.travel(T0 + dt.timedelta(minutes=31), tick=False):
        assert browser.get(page(attempt)).url == page(attempt, "ket-qua/")
        html = browser.get(page(attempt, "ket-qua/")).content.decode()
    assert "Hết giờ nên bài được tự nộp" in html


def test_strangers_find_nothing_and_change_nothing(sitting):
    attempt, _browser = sitting
    other = Client()
    other.force_login(make_learner())
    for rest in ("", "ket-qua/"):
        assert other.get(page(attempt, rest)).status_code == 404
    assert post(other, attempt, 1, "next", q1="a").status_code == 404
    assert other.post(page(attempt, "nop-bai/")).status_code == 404
    assert Client().get(page(attempt)).url == f"{reverse('login')}?next={page(attempt)}"
    assert (Attempt.objects.get().state, Response.objects.count()) == ("open", 0)


def test_the_page_costs_the_same_for_few_and_many_questions(django_assert_num_queries):
    for questions in (1, 3, 12):
        attempt = make_attempt(exam=make_exam(questions=questions, variants=1))
        browser = Client()
        browser.force_login(attempt.user)
        browser.get(page(attempt))
        with django_assert_num_queries(4):  # session, user, attempt, responses
            browser.get(page(attempt))


def test_nothing_of_the_page_breaks_the_content_security_policy(sitting):
    attempt, browser = sitting
    html = browser.get(page(attempt)).content.decode()
    assert re.findall(r"<[^>]+\s(?:style|on\w+)=", html) == []
    assert re.findall(r"<script(?![^>]*(?:src=|application/json|text/json))[^>]*>", html) == []
