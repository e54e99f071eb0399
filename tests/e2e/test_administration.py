"""The Wagtail administration works under its content security policy: the page fixtures fail on any violation."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.plugins.browser import ADMIN, DESKTOP, PHONE, Site

pytestmark = pytest.mark.e2e


def test_an_editor_uses_the_explorer_and_the_page_editor(
    open_page: Callable[..., Page], sign_in: Callable[..., None], site: Site
) -> None:
    page = open_page(DESKTOP)
    sign_in(page, *ADMIN, then="/quan-tri/")
    for address in ("/quan-tri/pages/", "/quan-tri/images/", "/quan-tri/documents/"):
        page.goto(address)
        expect(page.locator("main#main")).to_be_visible()
    page.goto("/quan-tri/pages/1/")
    page.locator("a[href*='/edit/']").first.click()
    page.wait_for_url("**/edit/")
    expect(page.locator("#page-edit-form")).to_be_visible()
    page.wait_for_load_state("networkidle")


def test_lists_keep_their_names_whole_on_a_phone(
    open_page: Callable[..., Page], sign_in: Callable[..., None], site: Site
) -> None:
    page = open_page(PHONE)
    sign_in(page, *ADMIN, then="/quan-tri/")
    for address in ("/quan-tri/users/", "/quan-tri/units/", "/quan-tri/roles/"):
        page.goto(address)
        table = page.locator("table.listing")
        box = table.locator("td.title").first.bounding_box()
        assert box is not None
        assert box["width"] >= 160, address
        assert table.evaluate("one => getComputedStyle(one).overflowX") == "auto", address
