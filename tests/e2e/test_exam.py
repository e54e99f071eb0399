"""The test page in a real browser: offline, reload, two tabs, the clock, handing in."""

from __future__ import annotations

import functools

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings

from lms.exams.models import Attempt, AttemptResult, Response
from lms.exams.signals import attempt_graded
from quizzes.enums import Review
from tests.e2e import exam_pages
from tests.e2e.exam_pages import said
from tests.factories.quizzes import make_attempt, make_exam, right_answer
from tests.plugins.browser import AXE_RULES

pytestmark = pytest.mark.e2e


@pytest.fixture(autouse=True)
def _nobody_above(monkeypatch):
    """The contexts of these attempts are plain numbers that no app above knows."""
    monkeypatch.setattr(attempt_graded, "receivers", [])


@pytest.fixture
def attempt(live_server):
    return make_attempt(
        exam=make_exam(questions=5, multiple=1, shuffle_questions=False, time_limit=30, review=Review.KEY)
    )


@pytest.fixture
def sit(browse, attempt):
    """Return a function that opens the test in a browser that has signed in; ``context`` for another tab of it."""
    return functools.partial(exam_pages.sit, browse, attempt)


def choose(page, slot, *letters):
    page.locator(f"[data-grid] [data-go='{slot}']").click()
    for letter in letters:
        page.locator(f"[data-question='{slot}'] input[value='{letter}']").check()


def letters(answer):
    return answer.get("choices") or [answer["choice"]]


def test_nothing_is_lost_offline_and_over_a_reload(sit, attempt):
    page = sit()
    right = {slot: right_answer(attempt, slot) for slot in range(1, 6)}
    choose(page, 1, *letters(right[1]))
    said(page, "Đã lưu 1/5 câu")
    page.context.set_offline(True)
    choose(page, 2, *letters(right[2]))
    choose(page, 5, *letters(right[5]))
    said(page, "Mất mạng, 2 câu đang chờ")
    assert Response.objects.filter(attempt=attempt).count() == 1
    page.context.route("**/responses/", lambda route: route.abort())
    page.context.set_offline(False)  # the network is back, the server does not take answers yet
    page.reload()
    page.wait_for_selector("[data-exam][data-ready]")
    said(page, "Mất mạng, 2 câu đang chờ")
    page.context.unroute("**/responses/")
    said(page, "Đã lưu 3/5 câu")
    assert dict(Response.objects.filter(attempt=attempt).values_list("slot", "answer")) == {
        slot: right[slot] for slot in (1, 2, 5)
    }
    page.keyboard.press("Control+Enter")
    page.get_by_role("button", name="Nộp bài").click()
    page.locator("dialog:modal").get_by_role("button", name="Nộp bài").click()
    page.wait_for_url("**/ket-qua/")
    assert page.get_by_role("heading", level=1).inner_text() == "Đồng chí đã nộp bài"
    assert page.locator(".score").inner_text() == "3/5"
    assert AttemptResult.objects.get(attempt=attempt).score == 3


def test_the_whole_test_by_keyboard(sit, attempt):
    page = sit()
    for key in ("2", "n", "1", "f", "n", "3", "p", "p", "4"):
        page.keyboard.press(key)
    said(page, "Đã lưu 3/5 câu")
    assert dict(Response.objects.filter(attempt=attempt).values_list("slot", "answer")) == {
        1: {"choice": "d"},
        2: {"choice": "a"},
        3: {"choice": "c"},
    }
    assert page.locator("[data-grid] [data-flagged]").all_inner_texts()[0].startswith("2")
    assert page.evaluate("document.activeElement.textContent").startswith("Câu 1 trên 5")


def test_a_second_tab_takes_over_and_can_be_taken_back(sit):
    first = sit()
    second = sit(context=first.context)
    first.locator("[data-elsewhere]").wait_for()
    choose(second, 1, "a")
    said(second, "Đã lưu 1/5 câu")
    first.locator("[data-continue-here]").click()
    second.locator("[data-elsewhere]").wait_for()
    first.locator("[data-question='1'] input[value='a']:checked").wait_for()


def test_an_expired_session_asks_to_sign_in_and_keeps_the_answer(sit, attempt):
    page = sit()
    cookies = page.context.cookies()
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    choose(page, 1, "b")
    page.locator("[data-sign-in]").wait_for()
    assert not Response.objects.exists()
    page.context.add_cookies(cookies)
    page.locator("[data-try-again]").click()
    said(page, "Đã lưu 1/5 câu")
    assert Response.objects.get(attempt=attempt).answer == {"choice": "b"}


def test_the_clock_hands_in(sit, attempt):
    import datetime as dt

    from django.utils import timezone

    Attempt.objects.filter(pk=attempt.pk).update(deadline=timezone.now() + dt.timedelta(seconds=4))
    page = sit()
    choose(page, 1, "b")
    page.wait_for_url("**/ket-qua/")
    attempt.refresh_from_db()
    assert (attempt.state, attempt.forced) == ("submitted", True)
    assert Response.objects.get(attempt=attempt).answer == {"choice": "b"}


def test_without_javascript_it_goes_page_by_page(sit, attempt):
    page = sit(java_script_enabled=False)
    page.locator("[data-question='1'] input[value='c']").check()
    page.get_by_role("button", name="Câu tiếp").click()
    assert page.url.endswith("?cau=2")
    page.get_by_role("link", name="Nộp bài").click()
    page.get_by_role("button", name="Nộp bài").click()
    assert page.url.endswith("/ket-qua/")
    assert Response.objects.get(attempt=attempt).answer == {"choice": "c"}


@pytest.mark.parametrize("width", [360, 1280])
def test_nothing_hinders_and_nothing_overflows(sit, width):
    page = sit(width)
    found = []
    for step in ("question", "check", "grid", "result"):
        if step == "check":
            page.locator("[data-exam-top] [data-go='nop']").click()
        elif step == "grid":
            page.locator("[data-check-row='1'] a").click()
            if width < 960:
                page.locator("[data-open-grid]").click()
        elif step == "result":
            page.goto(page.url)
            page.wait_for_selector("[data-exam][data-ready]")
            page.evaluate("document.querySelector('[data-hand-in]').submit()")
            page.wait_for_url("**/ket-qua/")
        found += [
            (step, v["id"], [n["target"] for n in v["nodes"]])
            for v in Axe().run(page, options=AXE_RULES).response["violations"]
        ]
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), step
    assert found == []
