"""The least a visitor meets: the sign-in page, at both widths."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.e2e


def test_sign_in_page_is_there_and_accessible(page: Page, check_accessible: Callable[[Page], None]) -> None:
    response = page.goto("/dang-nhap/")
    assert response is not None
    assert response.status == 200
    expect(page.locator("input[type=password]")).to_be_visible()
    check_accessible(page)
