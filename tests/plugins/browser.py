"""Browser tests: a real server with a database of its own, and Chromium watching for what users would not see.

A browser test is marked ``e2e``. Its ``page`` is opened at 360 px and at 1280 px; when it ends it fails on any error in
the console, any violation of the content security policy and any error of a script.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.plugins.migrated import ROOT, migrated_file

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ConsoleMessage, Page

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE, DESKTOP = 360, 1280
#: What axe checks. It reads no file of another origin.
AXE_RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"], "preload": False}
ADMIN = ("quantri", "sen-demo")


@dataclass
class Site:
    """A running server: its address and how to run one of its commands."""

    url: str
    env: dict[str, str]

    def manage(self, *arguments: str) -> str:
        """Run ``manage.py`` on the server's own database and return what it printed."""
        command = [sys.executable, "manage.py", *arguments]
        done = subprocess.run(command, cwd=ROOT, env=self.env, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The product as ``make run`` starts it (granian and the worker), on a new database with demo data."""
    # The static files are kept between runs: gathering and compressing them takes longer than the tests.
    var = ROOT / ".pytest_cache" / "e2e"
    var.mkdir(parents=True, exist_ok=True)
    folder = tmp_path_factory.mktemp("site")
    shutil.copy(migrated_file(), folder / "sen.sqlite3")
    port = _free_port()
    env = os.environ | {
        "DATABASE_URL": f"sqlite:///{folder / 'sen.sqlite3'}",
        "SEN_UPLOADS_DIR": str(folder / "uploads"),
        "SEN_VAR_DIR": str(var),
        "SEN_WORKERS": "1",
        "SEN_DEMO": "1",
    }
    env.pop("DJANGO_SETTINGS_MODULE", None)
    site = Site(f"http://localhost:{port}", env)
    log = (folder / "log").open("wb")
    server = subprocess.Popen(
        [sys.executable, "manage.py", "serve", "--prepare", "--port", str(port)],
        cwd=ROOT, env=env, stdout=log, stderr=subprocess.STDOUT, start_new_session=True,
    )  # fmt: skip
    try:
        _wait_until_up(site, server, folder / "log")
        yield site
    finally:
        server.send_signal(signal.SIGINT)
        try:
            server.wait(30)
        except subprocess.TimeoutExpired:
            os.killpg(server.pid, signal.SIGKILL)
        log.close()


def _wait_until_up(site: Site, server: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + 300
    while time.monotonic() < until:
        assert server.poll() is None, log.read_text()
        try:
            with urllib.request.urlopen(f"{site.url}/healthz", timeout=5):
                return
        except OSError:
            time.sleep(0.2)
    raise AssertionError(f"the server did not answer:\n{log.read_text()}")


def chromium() -> str:
    """Return the path of Chromium as installed on the machine; ``SEN_CHROMIUM`` names another one."""
    names = (os.environ.get("SEN_CHROMIUM", ""), *CHROMIUM_NAMES)
    path = next((found for name in names if name and (found := shutil.which(name))), None)
    assert path, "Chromium is missing: run scripts/browser.sh, or name one in SEN_CHROMIUM"
    return path


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium for the whole run."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


def _is_fault(line: ConsoleMessage) -> bool:
    """Tell whether a line is an error of the product; 422 is how a form with mistakes comes back."""
    return line.type == "error" and "status of 422" not in line.text


def _told(line: ConsoleMessage) -> str:
    return f"{line.text} ({line.location['url']})"


@pytest.fixture
def console() -> list[str]:
    """What the pages of this test complained about. A test that provokes an error clears it."""
    return []


@pytest.fixture
def open_page(browser: Browser, site: Site, console: list[str]) -> Iterator[Callable[..., Page]]:
    """Return a function that opens a new browser profile: ``open_page(width=360, **context_options)``."""
    contexts = []

    def make(width: int = DESKTOP, **options: object) -> Page:
        height = 740 if width == PHONE else 800
        context = browser.new_context(
            base_url=site.url, viewport={"width": width, "height": height}, locale="vi-VN", **options
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        # Violations of the policy arrive here too, as errors of kind "security".
        page.on("console", lambda line: console.append(_told(line)) if _is_fault(line) else None)
        page.on("pageerror", lambda error: console.append(str(error)))
        return page

    yield make
    for context in contexts:
        context.close()
    assert console == []


@pytest.fixture(params=[PHONE, DESKTOP], ids=["phone", "desktop"])
def page(request: pytest.FixtureRequest, open_page: Callable[..., Page]) -> Page:
    """A page, once as wide as a phone and once as a desktop screen."""
    return open_page(request.param)


@pytest.fixture
def sign_in() -> Callable[..., None]:
    """Return ``sign_in(page, username, password, then="/bat-dau/")``, through the real form."""

    def through_form(page: Page, username: str, password: str, then: str = "/bat-dau/") -> None:
        page.goto(f"/dang-nhap/?next={then}")
        form = page.locator("form:has(input[type=password])")
        form.locator("input[autocomplete=username], input[name=username]").first.fill(username)
        form.locator("input[type=password]").fill(password)
        form.locator("button:not([type=button])").first.click()
        page.wait_for_url(lambda url: "/dang-nhap/" not in url)

    return through_form


@pytest.fixture
def check_accessible() -> Callable[[Page], None]:
    """Return ``check_accessible(page)``: no violation of any rule of axe, and nothing wider than the screen."""
    from axe_playwright_python.sync_playwright import Axe

    def check(page: Page) -> None:
        results = Axe().run(page)
        assert results.violations_count == 0, results.generate_report()
        widths = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
        assert widths[0] <= widths[1], f"the page is {widths[0]} px wide on a screen of {widths[1]} px"

    return check
