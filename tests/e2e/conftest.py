"""What browser tests on pytest-django's own server share: one page a person, signed in without a form."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import sync_playwright

from tests.plugins.browser import CHROMIUM_FLAGS, chromium


@pytest.fixture(scope="session")
def _static_root():
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)


@pytest.fixture
def browse(_static_root, live_server, monkeypatch):
    """Return a function that opens an address in a browser of its own, signed in as ``user``; ``context``: in its tab.

    ``None`` for a user is a stranger. The test fails on any error of a script.
    """
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=CHROMIUM_FLAGS)
        faults = []

        def browse(user, path, *, width=1280, context=None, **options):
            if context is None:
                context = browser.new_context(viewport={"width": width, "height": 800}, **options)
            if user is not None and not context.cookies():
                signed_in = Client()
                signed_in.force_login(user)
                cookie = signed_in.cookies[settings.SESSION_COOKIE_NAME].value
                context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
            page = context.new_page()
            page.on("pageerror", lambda error: faults.append(str(error)))
            page.goto(f"{live_server.url}{path}")
            return page

        yield browse
        browser.close()
    assert faults == []
