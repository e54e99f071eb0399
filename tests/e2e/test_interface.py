"""The interface's scripts in a real browser, on the styleguide: every component, so every behaviour."""

import shutil
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.urls import include, path
from playwright.sync_api import sync_playwright

from lms.common.styleguide import styleguide

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
# Without preload: axe would read the imports of our style sheet again, from the wrong folder.
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"], "preload": False}

urlpatterns = [path("styleguide/", styleguide), path("", include("lms.urls"))]

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.urls(__name__),
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine"),
]


@pytest.fixture(scope="session", autouse=True)
def _static_root():
    """The server looks for collected files even where, as in tests, none are needed."""
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)


@pytest.fixture
def open_page(live_server, monkeypatch):
    """Return a function that opens the styleguide in a fresh browser profile and collects what goes wrong."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # playwright keeps an event loop in this thread
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        faults = []

        def open_page(width=1280, **options):
            context = browser.new_context(viewport={"width": width, "height": 800}, **options)
            page = context.new_page()
            page.on("pageerror", lambda error: faults.append(str(error)))
            page.on("console", lambda line: faults.append(line.text) if line.type == "error" else None)
            page.goto(f"{live_server.url}/styleguide/")
            return page

        yield open_page
        browser.close()
    assert faults == []


def test_theme_is_kept_by_the_server(open_page):
    page = open_page()
    page.locator(".top-bar summary").click()
    page.locator("[data-theme-set=dark]").click()
    page.reload()
    assert page.locator("html").get_attribute("data-theme") == "dark"
    assert page.locator("[data-theme-set=dark]").get_attribute("aria-pressed") == "true"


def test_menu_closes_on_escape_and_gives_the_focus_back(open_page):
    page = open_page()
    page.locator(".top-bar summary").click()
    page.keyboard.press("Escape")
    assert page.locator(".top-bar details").get_attribute("open") is None
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"


def test_choosing_rows_shows_the_actions_and_a_dangerous_one_asks(open_page):
    page = open_page()
    bar = page.locator("[data-bulk-bar]")
    assert not bar.is_visible()
    page.locator("[data-bulk-row]").first.check()
    assert bar.is_visible()
    assert page.locator("[data-bulk-all]").evaluate("box => box.indeterminate")
    bar.locator("[data-confirm]").click()
    dialog = page.locator("dialog[open]")
    assert dialog.locator("h2").inner_text() == "Hủy các lớp đã chọn?"
    # The safe answer has the focus: Enter must not cancel the classes.
    assert dialog.locator("button").first.evaluate("button => button === document.activeElement")
    page.keyboard.press("Enter")
    dialog.wait_for(state="detached")
    page.locator("[data-bulk-clear]").click()
    assert not bar.is_visible()


def test_copying_says_so(open_page):
    page = open_page(permissions=["clipboard-read", "clipboard-write"])
    page.locator("[data-copy='118/2025']").click()
    page.locator(".toast").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == "118/2025"


def test_losing_the_network_is_said(open_page):
    page = open_page()
    bar = page.locator("[data-offline]")
    assert not bar.is_visible()
    page.context.set_offline(True)
    bar.wait_for(state="visible")
    page.context.set_offline(False)
    bar.wait_for(state="hidden")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 360, 768, 1280])
def test_every_component_is_accessible_and_fits(open_page, width, scheme):
    page = open_page(width, color_scheme=scheme, bypass_csp=True)
    assert page.evaluate("document.documentElement.scrollWidth") == width
    found = Axe().run(page, options=RULES)
    assert [violation["id"] for violation in found.response["violations"]] == []


def test_targets_are_large_enough_for_a_thumb(open_page):
    """44 px, but for links inside text and for boxes whose label is the target."""
    page = open_page(360)
    small = page.evaluate(
        """() => [...document.querySelectorAll("button, summary, select, .btn, :is(.dock, .question-nav, .tabs) a")]
            .filter((element) => element.checkVisibility())
            .map((element) => [element.className || element.tagName, element.getBoundingClientRect()])
            .filter(([, box]) => box.height < 44 || box.width < 44)
            .map(([name, box]) => `${name} ${box.width}x${box.height}`)"""
    )
    assert small == []
