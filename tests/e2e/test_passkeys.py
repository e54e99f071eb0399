"""Passkeys in a browser with a virtual authenticator: set up, sign in, show again, remove, lose."""

from __future__ import annotations

import re

import pytest
from allauth.mfa.models import Authenticator

from lms.audit.models import AuditEntry
from lms.people.services import factors
from tests.factories.people import make_user

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("quick_passwords"),
]
GOOD = "Sông-Hồng-1930"
PROFILE = re.compile(r"^http://[^/]+/ho-so/$")
FACTORS = "/ho-so/xac-thuc-hai-buoc/"


class Device:
    """A phone with a fingerprint, as the browser's developer tools play it (WebAuthn domain)."""

    def __init__(self, page):
        self.session = page.context.new_cdp_session(page)
        self.session.send("WebAuthn.enable")
        options = {
            "protocol": "ctap2",
            "transport": "internal",
            "hasResidentKey": True,
            "hasUserVerification": True,
            "isUserVerified": True,
            "automaticPresenceSimulation": True,
        }
        self.id = self.session.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]

    def keys(self):
        return self.session.send("WebAuthn.getCredentials", {"authenticatorId": self.id})["credentials"]

    def knows_the_finger(self, known):
        self.session.send("WebAuthn.setUserVerified", {"authenticatorId": self.id, "isUserVerified": known})

    def lose_keys(self):
        self.session.send("WebAuthn.clearCredentials", {"authenticatorId": self.id})


@pytest.fixture
def person(db):
    return make_user("Lê Thị Bảy", username="bay", password=GOOD)


def prove(page):
    page.fill("[name=current]", GOOD)
    page.get_by_role("button", name="Tiếp tục").click()


def sign_in(page, **more):
    page.fill("[name=username]", "bay")
    page.fill("[name=password]", GOOD)
    page.get_by_role("button", name="Đăng nhập", exact=True).click()


def fits(page):
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0


def add_passkey(page):
    """Add the device's passkey, from the profile to the recovery codes."""
    page.get_by_role("link", name="Thêm khoá truy cập").click()
    if page.locator("[name=current]").count():
        prove(page)
    page.fill("[name=name]", "Điện thoại của Bảy")
    page.get_by_role("button", name="Thêm thiết bị này").click()
    page.wait_for_selector(".recovery-codes")


def test_the_life_of_a_passkey(browse, person):
    page = browse(person, FACTORS, width=360)
    device = Device(page)
    assert fits(page)
    add_passkey(page)
    assert (len(device.keys()), page.locator(".recovery-codes li").count()) == (1, 10)
    key = Authenticator.objects.get(user=person, type=Authenticator.Type.WEBAUTHN)
    assert (key.wrap().name, key.wrap().is_passwordless) == ("Điện thoại của Bảy", True)
    page.goto(page.url.replace("ma-khoi-phuc/", ""))
    assert page.get_by_text("Điện thoại của Bảy").is_visible()
    assert fits(page)

    # by the passkey alone
    page.context.clear_cookies()
    page.goto(page.url.replace(FACTORS, "/dang-nhap/?next=/ho-so/"))
    page.get_by_role("button", name="Đăng nhập bằng khoá truy cập").press("Enter")
    page.wait_for_url(PROFILE)
    assert AuditEntry.objects.filter(action="people.signed_in").latest("at").data["by"] == "passkey"

    # as the second step after the password
    page.context.clear_cookies()
    page.goto(page.url.replace("/ho-so/", "/dang-nhap/?next=/ho-so/"))
    sign_in(page)
    page.wait_for_url("**/ma-xac-thuc/")
    device.knows_the_finger(False)
    page.get_by_role("button", name="Dùng khoá truy cập").click()
    page.wait_for_selector("text=Thiết bị không đưa ra khoá truy cập.")
    assert fits(page)
    device.knows_the_finger(True)
    page.get_by_role("button", name="Dùng khoá truy cập").click()
    page.wait_for_url(PROFILE)
    assert AuditEntry.objects.filter(action="people.signed_in").latest("at").data["by"] == "password+passkey"

    # a name, and away with it
    page.goto(page.url + "xac-thuc-hai-buoc/")
    page.get_by_role("link", name="Đổi tên Điện thoại của Bảy").click()
    page.fill("[name=name]", "Máy cũ")
    page.get_by_role("button", name="Lưu").click()
    page.get_by_role("link", name="Gỡ Máy cũ").click()
    page.get_by_role("button", name="Gỡ").click()
    page.wait_for_selector("text=Từ giờ chỉ cần mật khẩu để đăng nhập.")
    assert not Authenticator.objects.filter(user=person).exists(), "the recovery codes go with the last factor"


def test_removing_asks_for_the_passkey_and_the_password_does_not_do(browse, person):
    page = browse(person, FACTORS)
    device = Device(page)
    add_passkey(page)
    person.refresh_from_db()
    other = browse(person, FACTORS)  # somebody at an unlocked computer, who may know the password too
    other.get_by_role("link", name="Gỡ Điện thoại của Bảy").click()
    other.wait_for_url("**/xac-nhan-mat-khau/khoa-truy-cap/**")
    assert other.get_by_role("link", name="Dùng mật khẩu").count() == 0
    assert other.get_by_role("link", name="Dùng mã").count() == 1
    assert len(device.keys()) == 1
    assert factors.has_factor(person)


def test_a_lost_passkey_leaves_the_recovery_codes(browse, person):
    page = browse(person, FACTORS)
    device = Device(page)
    add_passkey(page)
    code = page.locator(".recovery-codes code").first.inner_text()
    device.lose_keys()
    page.context.clear_cookies()
    page.goto(page.url.replace(f"{FACTORS}ma-khoi-phuc/", "/dang-nhap/?next=/ho-so/"))
    sign_in(page)
    page.wait_for_url("**/ma-xac-thuc/")
    page.get_by_role("button", name="Dùng khoá truy cập").click()
    page.wait_for_selector("text=Thiết bị không đưa ra khoá truy cập.")
    page.fill("[name=code]", code)
    page.get_by_role("button", name="Xác nhận").click()
    page.wait_for_url(PROFILE)
    assert factors.codes_left(person) == 9


def test_a_passkey_of_a_closed_account_opens_nothing(browse, person):
    page = browse(person, FACTORS)
    Device(page)
    add_passkey(page)
    person.is_active = False
    person.save(update_fields=["is_active"])
    page.context.clear_cookies()
    page.goto(page.url.replace(f"{FACTORS}ma-khoi-phuc/", "/dang-nhap/"))
    page.get_by_role("button", name="Đăng nhập bằng khoá truy cập").click()
    page.wait_for_selector("text=Tên đăng nhập hoặc mật khẩu chưa đúng.")
    assert not AuditEntry.objects.filter(action="people.signed_in").exists()


def test_without_a_passkey_the_page_says_so_and_the_password_stays(browse, person):
    page = browse(None, "/dang-nhap/?next=/ho-so/")
    Device(page)
    assert page.get_by_role("button", name="Đăng nhập bằng khoá truy cập").is_visible()
    page.get_by_role("button", name="Đăng nhập bằng khoá truy cập").click()
    page.wait_for_selector("text=Thiết bị không đưa ra khoá truy cập.")
