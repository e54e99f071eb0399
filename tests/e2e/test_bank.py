"""A question's life in a real browser: written with rich text, submitted, approved by another person, found again."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.plugins.browser import DESKTOP, PHONE

pytestmark = pytest.mark.e2e

BANK = "Nghiệp vụ công tác Đảng và dân vận"


@pytest.fixture
def work(open_page: Callable[..., Page], sign_in: Callable[..., None]) -> Callable[..., Page]:
    """Return ``work(name, width)``: somebody signs in and opens the bank of the centre."""

    def begin(name: str, width: int = DESKTOP, **options: object) -> Page:
        page = open_page(width, **options)
        sign_in(page, name, "sen-demo", then="/khao-thi/ngan-hang/")
        page.get_by_role("link", name=BANK).click()
        page.wait_for_url("**/ngan-hang/*/")
        return page

    return begin


def begin_question(page: Page, kind: str) -> None:
    page.get_by_role("link", name="Soạn câu hỏi").first.click()
    page.get_by_role("link", name=kind, exact=True).click()
    page.locator("#id_stem_surface").wait_for()


def rich(page: Page, ident: str, text: str) -> None:
    """Type into a rich text as a person does."""
    page.locator(f"#{ident}_surface").click()
    page.keyboard.type(text)


def approve(page: Page, text: str) -> None:
    page.goto("/khao-thi/ngan-hang/tat-ca/?can=duyet")
    page.get_by_role("link", name=text).first.click()
    page.wait_for_url("**/cau-hoi/*/")
    page.get_by_role("button", name="Phê duyệt", exact=True).click()
    expect(page.get_by_text("Đã duyệt").first).to_be_visible()


def test_two_questions_from_the_author_to_the_search(
    work: Callable[..., Page], check_accessible: Callable[[Page], None]
) -> None:
    author = work("giangvien")
    check_accessible(author)
    begin_question(author, "Chọn một phương án")
    rich(author, "id_stem", "Bác Hồ viết bài báo nổi tiếng về công tác khéo vận động ở đâu?")
    author.locator("#id_stem_surface").press("Control+a")
    author.get_by_role("button", name="Đậm").first.click()
    for index, text in enumerate(("Chiến khu Việt Bắc", "Thủ đô Hà Nội", "Cố đô Huế", "Cả ba đáp án trên")):
        rich(author, f"id_options-{index}-html", text)
    author.locator("#id_options-0-right").check()
    author.get_by_role("button", name="Thêm phương án").click()
    author.locator("#id_options-4-html_surface").wait_for()
    author.get_by_role("button", name="Bỏ E").click()
    author.locator("#id_options-4-html_surface").wait_for(state="detached")
    author.get_by_role("button", name="Xem trước").last.click()
    expect(author.locator("#preview .sheet")).to_contain_text("Chiến khu Việt Bắc")
    check_accessible(author)
    author.get_by_role("button", name="Lưu và gửi thẩm định").click()
    author.wait_for_url("**/cau-hoi/*/")
    expect(author.locator(".question-stem b")).to_have_text(
        "Bác Hồ viết bài báo nổi tiếng về công tác khéo vận động ở đâu?"
    )
    check_accessible(author)

    author.goto("/khao-thi/ngan-hang/")
    author.get_by_role("link", name=BANK).click()
    begin_question(author, "Đúng/sai theo nhóm")
    rich(author, "id_stem", "Về dân chủ ở cơ sở, mỗi nhận định sau đúng hay sai?")
    for index, (text, truth) in enumerate(
        (("Dân biết", "true"), ("Dân bàn", "true"), ("Dân không kiểm tra", "false"), ("Dân thụ hưởng", "true"))
    ):
        rich(author, f"id_statements-{index}-html", text)
        author.locator(f"#id_statements-{index}-truth").select_option(truth)
    author.get_by_role("button", name="Lưu và gửi thẩm định").click()
    author.wait_for_url("**/cau-hoi/*/")

    reviewer = work("khaothi")
    approve(reviewer, "Bác Hồ viết bài báo")
    approve(reviewer, "Về dân chủ ở cơ sở")
    reviewer.goto("/khao-thi/ngan-hang/tat-ca/")
    reviewer.locator("#q").fill("bac ho viet bai bao noi tieng")
    reviewer.locator("#q").press("Enter")
    expect(reviewer.get_by_role("link", name="Bác Hồ viết bài báo")).to_be_visible()
    check_accessible(reviewer)


def test_the_bank_on_a_phone(work: Callable[..., Page], check_accessible: Callable[[Page], None]) -> None:
    page = work("khaothi", PHONE)
    bank = page.url
    for path in ("", "chu-de/", "trung-nhau/", "cau-hoi/moi/?loai=single_choice"):
        page.goto(f"{bank}{path}")
        check_accessible(page)


def test_a_question_is_written_without_scripts(work: Callable[..., Page]) -> None:
    page = work("giangvien", java_script_enabled=False)
    page.get_by_role("link", name="Soạn câu hỏi").first.click()
    page.get_by_role("link", name="Chọn một phương án", exact=True).click()
    page.locator("#id_stem").fill("Câu hỏi soạn không cần kịch bản?")
    page.locator("#id_options-0-html").fill("Có")
    page.get_by_role("button", name="Thêm phương án").click()
    expect(page.locator("#id_options-4-html")).to_be_visible()
    page.locator("#id_options-1-html").fill("Không")
    page.get_by_role("button", name="Lưu", exact=True).click()
    expect(page.locator(".field-error")).to_have_text("Hãy đánh dấu một phương án đúng.")
    page.locator("#id_options-0-right").check()
    page.get_by_role("button", name="Lưu", exact=True).click()
    expect(page.get_by_role("heading", name="Học viên nhìn thấy")).to_be_visible()
