"""The office in a real browser: from the country to one learner, a class with its list, plans and units."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.plugins.browser import DESKTOP, PHONE

pytestmark = pytest.mark.e2e

NATION, PROVINCE, CENTRE = ("trunguong", "sen-demo"), ("tinh", "sen-demo"), ("quanly", "sen-demo")
LIST = "Họ và tên\tNgày sinh\nNguyễn Thị Thử Nghiệm\t03/9/1990\nTrần Văn Thử Nghiệm\t{date}\n"


@pytest.fixture
def office(open_page: Callable[..., Page], sign_in: Callable[..., None]) -> Callable[..., Page]:
    """Return ``office(account, width)``: a page of somebody who has signed in."""

    def enter(account: tuple[str, str], width: int = DESKTOP, **options: object) -> Page:
        page = open_page(width, **options)
        sign_in(page, *account, then="/dieu-hanh/")
        return page

    return enter


def unit_address(page: Page) -> str:
    return page.url.split("?")[0]


def test_from_the_country_to_one_learner_and_a_file(office: Callable[..., Page]) -> None:
    page = office(NATION)
    page.goto(f"{unit_address(page)}?year=all&group_by=unit")
    page.get_by_role("link", name="Thành phố Cần Thơ", exact=True).click()
    page.get_by_role("link", name="Trung tâm chính trị phường Cái Khế", exact=True).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Trung tâm chính trị phường Cái Khế")
    page.goto(f"{unit_address(page)}?year=all&group_by=programme")
    page.locator("tbody td[data-label='Lớp'] a").first.click()
    page.locator("tbody th a").first.click()
    page.get_by_role("link", name="Học viên").last.click()
    page.locator("tbody th a").first.click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.goto("/dieu-hanh/")
    page.locator("summary", has_text="Xuất").click()
    with page.expect_download() as got:
        page.get_by_role("link", name="Excel").click()
    assert got.value.suggested_filename.endswith(".xlsx")


def test_a_class_is_opened_and_filled_from_a_pasted_list(office: Callable[..., Page]) -> None:
    page = office(CENTRE)
    page.goto("/dieu-hanh/lop/mo-lop/")
    if page.locator("input[name=unit]:checked").count() == 0:
        page.locator("input[name=unit]").first.check()
    page.locator("select[name=edition]").select_option(index=1)
    page.fill("input[name=name]", "Lớp thử trình duyệt")
    page.fill("input[name=starts_on]", "2027-03-01")
    page.fill("input[name=ends_on]", "2027-03-05")
    page.locator("main form.form button.btn-primary").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Lớp thử trình duyệt")
    address = page.url.split("?")[0]
    page.goto(f"{address}nhap/")
    page.fill("textarea[name=text]", LIST.format(date="31/02/1990"))
    page.locator("main form.form button.btn-primary").click()
    expect(page.locator(".error-summary li")).to_have_count(1)
    expect(page.locator("textarea[name=text]")).to_have_value(re.compile("31/02/1990"))
    page.goto(f"{address}nhap/")
    page.fill("textarea[name=text]", LIST.format(date="28/02/1990"))
    page.locator("main form.form button.btn-primary").click()
    page.locator("main form button.btn-primary").click()
    page.locator("main a.btn-primary").click()
    expect(page).to_have_url(re.compile(r"/phieu/$"))
    page.goto(f"{address}hoc-vien/")
    expect(page.locator("tbody tr")).to_have_count(2)


def test_a_plan_is_typed_without_scripts_row_by_row(office: Callable[..., Page]) -> None:
    page = office(CENTRE, java_script_enabled=False)
    page.goto("/dieu-hanh/ke-hoach/?year=2027")
    page.locator("tbody th a").first.click()
    page.locator("input[name^=classes-]").nth(0).fill("3")
    page.locator("input[name^=learners-]").nth(0).fill("150")
    page.locator("input[name^=classes-]").nth(1).fill("2")
    page.locator("tbody button[name=act]").nth(0).click()
    expect(page.locator("input[name^=classes-]").nth(1)).to_have_value("2")
    page.locator("button[name=act][value=save]").click()
    page.locator("button[name=act][value=submit]").click()
    expect(page.locator("h1 .chip")).to_have_text("Đã trình")


def test_communes_are_searched_without_scripts(office: Callable[..., Page]) -> None:
    page = office(PROVINCE, java_script_enabled=False)
    page.goto(f"{unit_address(page)}?year=all&group_by=unit")
    page.get_by_role("link", name="Trung tâm chính trị phường Cái Khế", exact=True).click()
    page.goto(f"{unit_address(page)}phuc-vu/")
    chosen = page.locator("input[name=communes]:checked").count()
    page.fill("input[name=communes_q]", "thoi an")
    page.locator("button[name=act][value^=pick]").click()
    expect(page.locator("input[name=communes]:checked")).to_have_count(chosen)
    expect(page.locator("input[name=communes_q]")).to_have_value("thoi an")
    expect(page.locator(".picker-found")).to_contain_text("Thới An")


def test_enter_in_a_search_for_people_does_not_send_the_form(office: Callable[..., Page]) -> None:
    page = office(PROVINCE)
    page.goto("/dieu-hanh/lop/mo-lop/")
    page.fill("input[name=unit_q]", "cai khe")
    page.press("input[name=unit_q]", "Enter")
    expect(page.locator("#id_unit_found")).to_contain_text("Trung tâm chính trị phường Cái Khế")
    expect(page.locator("input[name=unit_q]")).to_have_value("cai khe")
    assert page.locator(".field-errors, [aria-invalid=true]").count() == 0


@pytest.mark.parametrize("width", [PHONE, DESKTOP])
def test_every_page_fits_and_hinders_nobody(
    office: Callable[..., Page], check_accessible: Callable[[Page], None], width: int
) -> None:
    page = office(PROVINCE, width, bypass_csp=True)
    province = unit_address(page)
    page.goto(f"{province}?year=all&group_by=unit&tree=then")
    former = page.get_by_role("link", name="Trung tâm chính trị quận Ninh Kiều", exact=True).get_attribute("href") or ""
    centre = page.get_by_role("link", name="Trung tâm chính trị phường Cái Khế", exact=True).get_attribute("href") or ""
    former, centre = former.split("?")[0], centre.split("?")[0]
    number = centre.rstrip("/").rsplit("/", 1)[1]
    pages = [
        province,
        f"{province}?year=all&group_by=programme",
        f"{province}?year=all&group_by=kind",
        former,
        f"{former}ho-so/",
        *(f"{centre}{tail}/" for tail in ("ho-so", "doi-ten", "phuc-vu", "giai-the")),
        "/dieu-hanh/ke-hoach/",
        f"/dieu-hanh/ke-hoach/{number}/2026/",
        "/dieu-hanh/lop/",
        "/dieu-hanh/lop/mo-lop/",
        "/dieu-hanh/hoc-vien/",
    ]
    for path in pages:
        page.goto(path)
        check_accessible(page)
