"""What browser tests do on the page of an attempt."""

from __future__ import annotations

import re


def sit(browse, attempt, width=1280, *, query="", **options):
    """Open an attempt as the person whose it is and wait until its page is at work."""
    page = browse(attempt.user, f"/lam-bai/{attempt.pk}/{query}", width=width, **options)
    if options.get("java_script_enabled", True):
        page.wait_for_selector("[data-exam][data-ready]")
    return page


def said(page, words):
    """Wait until the state of saving says ``words``."""
    page.locator("[data-save-text]", has_text=re.compile(f"^{re.escape(words)}$")).wait_for()
