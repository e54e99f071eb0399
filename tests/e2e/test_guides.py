"""The guides in a browser: reached by the "?", readable on a phone, without a fault of accessibility."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.e2e


def test_the_question_mark_opens_the_guide_of_the_page(page, sign_in, check_accessible) -> None:
    sign_in(page, "quanly", "sen-demo", then="/dieu-hanh/lop/")
    page.get_by_role("link", name="Trợ giúp").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Hướng dẫn cho giáo vụ")
    check_accessible(page)
    page.get_by_role("navigation", name="Trong trang này").get_by_role("link", name="Phiếu kích hoạt").click()
    heading = page.get_by_role("heading", name="Phiếu kích hoạt", exact=True)
    expect(heading).to_be_in_viewport()
    assert page.evaluate("[...document.querySelectorAll('article img')].every(image => image.getAttribute('alt'))")
    page.goto("/huong-dan/")
    check_accessible(page)
