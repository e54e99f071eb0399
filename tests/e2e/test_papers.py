"""The matrix and the key grid in a real browser: totals and stock at once, letters that move on by themselves."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.plugins.browser import DESKTOP, PHONE

pytestmark = pytest.mark.e2e


@pytest.mark.parametrize("width", [DESKTOP, PHONE])
def test_the_matrix_adds_up_and_says_what_the_bank_lacks(
    open_page: Callable[..., Page],
    sign_in: Callable[..., None],
    check_accessible: Callable[[Page], None],
    width: int,
) -> None:
    page = open_page(width)
    sign_in(page, "khaothi", "sen-demo", then="/khao-thi/ma-tran/")
    page.get_by_role("link", name="Ma trận đề kiểm tra cuối khóa nhận thức về Đảng").click()
    check_accessible(page)
    page.get_by_role("link", name="Sửa", exact=True).first.click()
    field = page.locator("[data-count-field]").first
    before = int(page.locator("[data-all-count]").inner_text())
    own = int(field.input_value() or 0)
    field.fill("99")
    expect(page.locator("[data-all-count]")).to_have_text(str(before - own + 99))
    expect(page.locator("[data-stock]").first).to_contain_text("cần 99, ngân hàng có")
    expect(page.locator("[data-matrix-status]")).to_contain_text("thiếu câu hỏi")
    field.fill("1")
    expect(page.locator("[data-matrix-status]")).to_contain_text("đủ câu hỏi")
    field.press("ArrowDown")
    expect(page.locator("[data-count-field]").first).not_to_be_focused()
    check_accessible(page)


def test_letters_move_on_by_themselves_and_a_second_person_starts_blank(
    open_page: Callable[..., Page], sign_in: Callable[..., None], check_accessible: Callable[[Page], None]
) -> None:
    page = open_page(DESKTOP)
    sign_in(page, "khaothi", "sen-demo", then="/khao-thi/bai-lam-giay/")
    page.locator(".list-title", has_text="Bài kiểm tra cuối khóa").first.click()
    check_accessible(page)
    row = page.locator("[data-key-grid] tbody tr", has=page.locator("input.key-code")).first
    row.locator("input.key-code").first.fill("101")
    letters = row.locator("input[data-letters]")
    letters.first.focus()
    page.keyboard.type("ab")
    expect(letters.nth(0)).to_have_value("A")
    expect(letters.nth(1)).to_have_value("B")
    page.keyboard.type("7")  # no letter of this question: nothing is taken, nothing moves
    expect(letters.nth(2)).to_have_value("")
    expect(letters.nth(2)).to_be_focused()
    page.get_by_role("button", name="Nhận các bài này").click()
    expect(page.get_by_text("Đã nhận 1 bài.")).to_be_visible()
    address = page.url
    other = open_page(DESKTOP)
    sign_in(other, "quanly", "sen-demo", then=address)
    second = other.locator("[data-key-grid] tbody tr", has=other.get_by_text("nhập lần hai")).first
    expect(second.locator("input.key-code").first).to_have_value("")
    expect(second.locator("input[data-letters]").first).to_have_value("")
