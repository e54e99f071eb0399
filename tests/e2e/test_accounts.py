"""How an account is opened and closed to browsers and programs, in a browser."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.factories.people import make_token, make_user

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("quick_passwords"),
]
GOOD = "Sông-Hồng-1930"


def test_a_code_behind_the_address_fills_itself_in_and_leaves_the_address(browse):
    page = browse(make_user(), "/kich-hoat/#ma=ACDEF34679", width=360)
    assert page.input_value("[name=code]") == "ACDEF34679"
    assert page.evaluate("location.hash + location.search") == ""


def test_ending_a_token_and_signing_out_everywhere_else(browse):
    person = make_user("Lê Thị Bảy", username="bay", password=GOOD)
    kept, other = make_token(person, name="Sổ điểm"), Client()
    other.force_login(person)
    page = browse(person, "/ho-so/truy-cap-api/", width=360)
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
    page.get_by_role("button", name="Thu hồi mã Sổ điểm").click()
    page.wait_for_selector("text=Chưa chương trình nào được truy cập")
    assert Client().get("/api/v1/me/", headers={"Authorization": f"Token {kept}"}).status_code == 401

    page.goto(page.url.replace("truy-cap-api", "phien-dang-nhap"))
    page.get_by_role("button", name="Đăng xuất khỏi mọi nơi khác").click()
    page.fill("[name=current]", GOOD)
    page.get_by_role("button", name="Tiếp tục").click()  # what was pressed before is done now
    page.wait_for_selector("text=Đã đăng xuất khỏi mọi nơi khác.")
    assert other.get("/ho-so/").status_code == 302
