"""Studying in a real browser: the way from the dashboard through a lesson, with and without scripts."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.plugins.browser import DESKTOP, PHONE

pytestmark = pytest.mark.e2e

LEARNER = ("hocvien", "sen-demo")
DONE = "Học xong, sang mục sau"


@pytest.fixture
def study(open_page: Callable[..., Page], sign_in: Callable[..., None]) -> Callable[..., Page]:
    """Return ``study(width)``: the learner signs in on a device of their own and goes on with the lesson."""

    def go_on(width: int = DESKTOP, **options: object) -> Page:
        page = open_page(width, **options)
        sign_in(page, *LEARNER, then="/hoc/")
        page.get_by_role("link", name="Học tiếp").click()
        page.wait_for_url("**/muc/**")
        return page

    return go_on


def third_heading(page: Page) -> float:
    """Where the third heading of the text stands on the screen."""
    box = page.locator("[data-reading-text] h2").nth(2).bounding_box()
    assert box is not None
    return box["y"]


def turn_away(page: Page) -> None:
    """What a browser says when the person turns to another tab."""
    with page.expect_response("**/progress/"):
        page.evaluate(
            """() => {
                Object.defineProperty(document, "visibilityState", { value: "hidden", configurable: true });
                document.dispatchEvent(new Event("visibilitychange"));
            }"""
        )


def kept_seconds(page: Page) -> int:
    page.reload()
    return int(page.locator("[data-reading]").get_attribute("data-seconds") or 0)


def test_the_place_is_kept_and_done_goes_on(study: Callable[..., Page], console: list[str]) -> None:
    page = study()
    page.locator("[data-reading-text] h2").nth(2).evaluate("element => element.scrollIntoView()")
    turn_away(page)
    expect(page.locator("[data-reading-state]")).to_have_text("Đã lưu chỗ đọc")
    page.reload()
    assert -100 < third_heading(page) < 800
    phone = study(PHONE)
    assert -740 < third_heading(phone) < 740

    # Without a network the place waits on the device and is sent when it is back.
    phone.context.set_offline(True)
    phone.evaluate("window.scrollTo(0, document.body.scrollHeight * 0.85)")
    phone.evaluate("window.dispatchEvent(new Event('pagehide'))")
    expect(phone.locator("[data-reading-state]")).to_have_text("Mất mạng: đã giữ trên máy này")
    with phone.expect_response("**/progress/"):
        phone.context.set_offline(False)
    expect(phone.locator("[data-reading-state]")).to_have_text("Đã lưu chỗ đọc")
    assert all("ERR_INTERNET_DISCONNECTED" in line for line in console), console
    console.clear()

    here = page.url
    page.get_by_role("button", name=DONE).click()
    page.wait_for_url(lambda url: url != here)
    page.goto(here)
    expect(page.get_by_role("button", name=DONE)).to_have_count(0)


def test_time_counts_only_while_the_page_is_seen(study: Callable[..., Page]) -> None:
    page = study()
    before = kept_seconds(page)
    page.clock.install()
    page.reload()
    page.locator("[data-reading]").wait_for()
    page.clock.run_for(8_000)
    turn_away(page)
    page.clock.run_for(60_000)
    assert 6 <= kept_seconds(page) - before <= 12


def test_without_scripts_one_reads_and_is_done(study: Callable[..., Page]) -> None:
    page = study(PHONE, java_script_enabled=False)
    here = page.url
    expect(page.locator("[data-reading-text] h2").first).to_be_visible()
    expect(page.get_by_role("button", name="Chữ lớn", exact=True)).to_be_hidden()
    page.get_by_role("button", name=DONE).click()
    page.wait_for_url(lambda url: url != here)
    page.goto(here)
    expect(page.get_by_role("button", name=DONE)).to_have_count(0)


def test_every_page_fits_and_hinders_nobody(
    open_page: Callable[..., Page], sign_in: Callable[..., None], check_accessible: Callable[[Page], None]
) -> None:
    page = open_page(PHONE, bypass_csp=True)
    sign_in(page, *LEARNER, then="/hoc/")
    outline = page.get_by_role("link", name="Xem toàn bộ lớp").get_attribute("href") or ""
    page.goto(outline)
    items = [link.get_attribute("href") or "" for link in page.locator("a.task").all()[:2]]
    assert all(re.search(r"/muc/\d+/$", item) for item in items)
    for path in ("/hoc/", "/hoc/lich/", "/hoc/chung-nhan/", outline, *items):
        page.goto(path)
        check_accessible(page)
