"""Studying in a real browser: the way from the dashboard through a lesson, with and without scripts."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from playwright.sync_api import expect, sync_playwright

from lms.progress.models import ItemProgress
from tests.factories.learning import make_study

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"], "preload": False}

pytestmark = [pytest.mark.e2e, pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")]


@pytest.fixture(scope="session", autouse=True)
def _static_root():
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)


@pytest.fixture
def study(live_server):
    """A class whose first lesson is longer than a screen."""
    made = make_study(sessions=1, full_name="Trần Thị Bình")
    lesson = made.items("lesson")[0].lesson
    lesson.body = [
        part
        for number in range(1, 7)
        for part in (
            {"type": "heading", "value": f"Phần {number}"},
            *[{"type": "text", "value": f"<p>Đoạn {number}. {'Nội dung bài học. ' * 40}</p>"}] * 3,
        )
    ]
    lesson.save_revision().publish()
    return made


@pytest.fixture
def study_as(live_server, monkeypatch, study):
    """Return a function that opens an address in a new browser profile in which the learner has signed in."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    signed_in = Client()
    signed_in.force_login(study.learner)
    cookie = signed_in.cookies[settings.SESSION_COOKIE_NAME].value
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        faults = []

        def open_page(path, width=1280, **options):
            context = browser.new_context(viewport={"width": width, "height": 740}, **options)
            context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
            page = context.new_page()
            page.on("pageerror", lambda error: faults.append(str(error)))
            page.goto(f"{live_server.url}{path}")
            return page

        yield open_page
        browser.close()
    assert faults == []


def first_lesson(study):
    return f"/hoc/lop/{study.enrolment.pk}/muc/{study.items('lesson')[0].pk}/"


def progress(study):
    return ItemProgress.objects.get(enrolment=study.enrolment, item=study.items("lesson")[0])


def scroll_to(page, heading):
    page.get_by_role("heading", name=heading).evaluate("element => element.scrollIntoView()")


def top_of(page, heading):
    return page.get_by_role("heading", name=heading).bounding_box()["y"]


def leave(page):
    """What a browser says when the person turns to another tab."""
    with page.expect_response("**/progress/"):
        page.evaluate(
            """() => {
                Object.defineProperty(document, "visibilityState", { value: "hidden", configurable: true });
                document.dispatchEvent(new Event("visibilitychange"));
            }"""
        )


def test_from_the_dashboard_through_a_lesson_to_the_next(study, study_as):
    page = study_as("/hoc/")
    page.get_by_role("link", name="Bắt đầu học").click()
    page.wait_for_url("**/muc/**")
    scroll_to(page, "Phần 4")
    leave(page)
    expect(page.locator("[data-reading-state]")).to_have_text("Đã lưu chỗ đọc")
    kept = progress(study)
    assert (kept.state, 0.5 < kept.position < 0.8) == ("doing", True)

    page.reload()
    assert 0 <= top_of(page, "Phần 4") < 740 * 0.66
    # On another device, with another width, the same part of the text is in view.
    phone = study_as("/hoc/", width=360)
    phone.get_by_role("link", name="Học tiếp").click()
    phone.wait_for_url("**/muc/**")
    assert -740 < top_of(phone, "Phần 4") < 740

    page.get_by_role("button", name="Học xong, sang mục sau").click()
    page.wait_for_url(f"**/muc/{study.items('lesson')[1].pk}/")
    assert progress(study).state == "done"


def test_time_counts_only_while_the_page_is_seen(study, study_as):
    page = study_as("/hoc/")
    page.clock.install()
    page.goto(page.url.replace("/hoc/", first_lesson(study)))
    page.locator("[data-reading]").wait_for()
    page.clock.run_for(8_000)
    leave(page)
    seen = progress(study).seconds
    page.clock.run_for(60_000)
    page.evaluate("window.dispatchEvent(new Event('online'))")
    assert (7 <= seen <= 9, progress(study).seconds) == (True, seen)


def test_the_place_is_kept_on_the_device_while_there_is_no_network(study, study_as):
    page = study_as(first_lesson(study))
    page.context.set_offline(True)
    scroll_to(page, "Phần 5")
    page.evaluate("window.dispatchEvent(new Event('pagehide'))")
    expect(page.locator("[data-reading-state]")).to_have_text("Mất mạng: đã giữ trên máy này")
    with page.expect_response("**/progress/"):
        page.context.set_offline(False)
    expect(page.locator("[data-reading-state]")).to_have_text("Đã lưu chỗ đọc")
    assert progress(study).position > 0.6


def test_without_scripts_one_reads_and_is_done(study, study_as):
    page = study_as(first_lesson(study), java_script_enabled=False)
    assert page.get_by_text("Đoạn 6.").first.is_visible()
    assert not page.get_by_role("button", name="Chữ lớn").is_visible()
    page.get_by_role("button", name="Học xong, sang mục sau").click()
    assert re.search(rf"/muc/{study.items('lesson')[1].pk}/$", page.url)
    assert progress(study).state == "done"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_fits_a_phone_and_hinders_nobody(study, study_as, scheme):
    page = study_as("/hoc/", width=360, color_scheme=scheme, bypass_csp=True)
    root = page.url.removesuffix("/hoc/")
    items = [f"/hoc/lop/{study.enrolment.pk}/muc/{item.pk}/" for item in study.edition.items.all()]
    found = {}
    for path in ("/hoc/", "/hoc/lich/", "/hoc/chung-nhan/", f"/hoc/lop/{study.enrolment.pk}/", *items):
        page.goto(root + path)
        width = page.evaluate("document.documentElement.scrollWidth")
        broken = [violation["id"] for violation in Axe().run(page, options=RULES).response["violations"]]
        if broken or width > 360:
            found[path] = (width, broken)
    assert found == {}
