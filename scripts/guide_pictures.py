"""Take the pictures of the guides anew, from the demo data of a running installation.

``make run`` in one window, ``python scripts/guide_pictures.py`` in another; ``python scripts/guide_pictures.py
diem-danh ma-tran`` takes only these. Writes docs/huong-dan/hinh/<name>.webp: 1280 pixels wide, or 360 where the work is
done on a phone. Studies and sits tests as the demo people, so the data should be fresh (``make demo RESET=1``).
"""

from __future__ import annotations

import importlib
import io
import os
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from docx import Document
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
browsers = importlib.import_module("tests.plugins.browser")  # which browser there is, and how it is started

SITE = os.environ.get("SEN_URL", "http://localhost:8000")
TARGET = ROOT / "docs/huong-dan/hinh"
PASSWORD = "sen-demo"  # noqa: S105 (of the demo accounts, which no other installation knows)
WIDE, PHONE = (1280, 860), (360, 720)
LIST = """Họ và tên\tNgày sinh\tGiới tính\tChức vụ\tĐơn vị\tSố CCCD
Nguyễn Thị Lan\t12/3/1991\tNữ\tPhó Bí thư Đoàn xã\tChi bộ thôn 2\t092191000101
Trần Văn Bình\t05/9/1988\tNam\tTrưởng thôn\tChi bộ thôn 4\t092088000102
Lê Thị Hoa\t20/02/1990\tNữ\tHội viên Phụ nữ\tChi bộ thôn 1\t092190000103
"""
QUESTIONS = (
    ("Đảng Cộng sản Việt Nam được thành lập ngày nào?", ("03/02/1930", "19/5/1941", "02/9/1945", "07/5/1954"), "A"),
    (
        "Cơ quan nào thông qua Điều lệ Đảng?",
        ("Bộ Chính trị", "Đại hội Đảng", "Quốc hội", "Ban Bí thư"),
        "B",
    ),
    ("Chi bộ họp thường lệ mỗi tháng mấy lần?", ("Một lần", "Hai lần", "Ba lần", "Bốn lần"), ""),
)


@dataclass(frozen=True)
class Shot:
    """One picture: whose screen, which page, how wide, and what is done there first."""

    name: str
    user: str
    path: str
    size: tuple[int, int] = WIDE
    prepare: Callable[[Page], None] | None = None


def click(words: str) -> Callable[[Page], None]:
    """Press the first link or button with these words."""

    def act(page: Page) -> None:
        target = page.locator("main").get_by_role("link", name=re.compile(words))
        if not target.count():
            target = page.locator("main").get_by_role("button", name=re.compile(words))
        target.first.click()
        page.wait_for_load_state()

    return act


def then(*acts: Callable[[Page], None]) -> Callable[[Page], None]:
    """Do one act after the other."""

    def act(page: Page) -> None:
        for one in acts:
            one(page)

    return act


def paste_list(page: Page) -> None:
    """Paste a list and look at what would become of each row."""
    page.locator("textarea").first.fill(LIST)
    click("Xem danh sách")(page)


def upload_questions(page: Page) -> None:
    """Upload a Word file in which the key of one question is missing, and look at what was read."""
    document = Document()
    for number, (stem, options, key) in enumerate(QUESTIONS, 1):
        document.add_paragraph(f"Câu {number}: {stem}")
        for letter, words in zip("ABCD", options, strict=True):
            line = document.add_paragraph()
            line.add_run(f"{letter}.").underline = letter == key
            line.add_run(f" {words}")
    file = io.BytesIO()
    document.save(file)
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    page.set_input_files("input[type=file]", {"name": "cau-hoi.docx", "mimeType": kind, "buffer": file.getvalue()})
    page.locator("form:has(input[type=file]) button:not([type=button])").first.click()
    page.wait_for_url(lambda url: re.search(r"/nhap/\d+/", url) is not None)


def first_sheet(page: Page) -> None:
    """Open the attendance sheet of the newest session."""
    page.locator("main td a, main .card a.btn").first.click()
    page.wait_for_load_state()


def scroll_to(words: str) -> Callable[[Page], None]:
    """Bring the first place with these words to the top."""

    def act(page: Page) -> None:
        page.get_by_text(words).first.evaluate("place => place.scrollIntoView({block: 'start'})")
        page.mouse.wheel(0, -90)

    return act


def first_row(page: Page) -> None:
    """Open what the first row of the table leads to."""
    page.locator("main table a").first.click()
    page.wait_for_load_state()


def begin_test(page: Page) -> None:
    """Start the test of the page, or go on with it, and answer the first question."""
    click("Bắt đầu làm bài|Làm tiếp|Thử lại")(page)
    page.locator("main label:has(input[type=radio])").first.click()
    page.wait_for_timeout(1500)


def overview_of_test(page: Page) -> None:
    """Begin, and go to the page before handing in."""
    begin_test(page)
    page.get_by_role("button", name=re.compile("Nộp bài|Kiểm tra lại|Xem lại")).first.click()
    page.wait_for_timeout(800)


BANK = click("^Nghiệp vụ công tác")
SHOTS = (
    # learners
    Shot("hoc-tap", "hocvien", "/hoc/", PHONE, scroll_to("Lý luận")),
    Shot("lop-hoc", "hocvien", "/hoc/", WIDE, click("Xem toàn bộ lớp")),
    Shot("bai-hoc", "hocvien", "/hoc/", PHONE, click("Học tiếp")),
    Shot("vao-thi", "hocvien", "/hoc/lop/1/muc/14/", PHONE),
    Shot("lam-bai", "hocvien", "/hoc/lop/1/muc/2/", PHONE, begin_test),
    Shot("chung-nhan", "hocvien", "/hoc/chung-nhan/", PHONE),
    Shot("ho-so", "hocvien", "/ho-so/"),
    # lecturers
    Shot("lop-cua-toi", "giangvien", "/giang-day/"),
    Shot("tien-do", "giangvien", "/giang-day/", WIDE, click("^Tiến độ")),
    Shot("diem-danh", "giangvien", "/giang-day/lop/2/diem-danh/", PHONE, first_sheet),
    Shot("ket-qua-lop", "giangvien", "/giang-day/lop/1/ket-qua/"),
    Shot("tin-nhan", "giangvien", "/giang-day/lop/1/tin-nhan/"),
    # registrars
    Shot("mo-lop", "quanly", "/dieu-hanh/lop/", WIDE, click("^Mở lớp")),
    Shot("lop", "quanly", "/dieu-hanh/lop/1/"),
    Shot("nhap-danh-sach", "quanly", "/dieu-hanh/lop/1/nhap/", WIDE, paste_list),
    Shot("phieu-kich-hoat", "quanly", "/dieu-hanh/lop/1/phieu/"),
    Shot("lich-hoc", "quanly", "/dieu-hanh/lop/2/lich/"),
    Shot("de-nghi", "quanly", "/dieu-hanh/de-nghi/"),
    Shot("cong-nhan", "quanly", "/dieu-hanh/lop/1/cong-nhan/"),
    # managers
    Shot("tong-quan", "quanly", "/dieu-hanh/"),
    Shot("theo-don-vi", "tinh", "/dieu-hanh/", WIDE, scroll_to("Theo đơn vị")),
    Shot("ke-hoach", "quanly", "/dieu-hanh/ke-hoach/", WIDE, first_row),
    Shot("tong-quan-dien-thoai", "quanly", "/dieu-hanh/", PHONE),
    # exam officers
    Shot("ngan-hang", "khaothi", "/khao-thi/ngan-hang/", WIDE, BANK),
    Shot("cau-hoi", "khaothi", "/khao-thi/ngan-hang/", WIDE, then(BANK, first_row)),
    Shot(
        "soan-cau-hoi",
        "khaothi",
        "/khao-thi/ngan-hang/",
        WIDE,
        then(BANK, click("^Soạn"), click("^Chọn một")),
    ),
    Shot("nhap-cau-hoi", "khaothi", "/khao-thi/nhap/", WIDE, then(BANK, upload_questions)),
    Shot("ma-tran", "khaothi", "/khao-thi/ma-tran/", WIDE, first_row),
    Shot("de-kiem-tra", "khaothi", "/khao-thi/de/", WIDE, first_row),
    Shot("bo-de", "khaothi", "/khao-thi/de/", WIDE, then(first_row, click("^Bộ 1$"))),
    Shot("bai-lam-giay", "khaothi", "/khao-thi/bai-lam-giay/"),
    # invigilators, markers
    Shot("ca-thi", "khaothi", "/khao-thi/coi-thi/", WIDE, click("^Tự kiểm tra")),
    Shot("cham-tu-luan", "khaothi", "/khao-thi/cham/"),
    # authors
    Shot("chuong-trinh", "quantri", "/quan-tri/chuong-trinh/"),
    Shot("soan-bai", "quantri", "/quan-tri/pages/36/edit/"),
    Shot("muc-lop", "quantri", "/quan-tri/chuong-trinh/34/muc/"),
    Shot("chot-phien-ban", "quantri", "/quan-tri/chuong-trinh/34/chot/"),
    # administrators
    Shot("nguoi", "quantri", "/quan-tri/users/"),
    Shot("vai-tro", "quantri", "/quan-tri/roles/"),
    Shot("nhat-ky", "quantri", "/dieu-hanh/nhat-ky/"),
    Shot("he-thong", "quantri", "/dieu-hanh/he-thong/"),
)


def sign_in(browser: Browser, shot: Shot) -> Page:
    """Return a page signed in as the person of a shot, in Vietnamese."""
    width, height = shot.size
    context = browser.new_context(viewport={"width": width, "height": height}, locale="vi-VN", reduced_motion="reduce")
    page = context.new_page()
    page.goto(f"{SITE}/dang-nhap/")
    form = page.locator("form:has(input[type=password])")
    form.locator("input[autocomplete=username]").first.fill(shot.user)
    form.locator("input[type=password]").fill(PASSWORD)
    form.locator("button:not([type=button])").first.click()
    page.wait_for_url(lambda url: "/dang-nhap/" not in url)
    return page


def take(browser: Browser, shot: Shot) -> int:
    """Take one picture and return its size in bytes."""
    page = sign_in(browser, shot)
    page.goto(f"{SITE}{shot.path}")
    if shot.prepare:
        shot.prepare(page)
    page.wait_for_timeout(700)
    picture = Image.open(io.BytesIO(page.screenshot()))
    path = TARGET / f"{shot.name}.webp"
    picture.convert("RGB").save(path, "WEBP", quality=72, method=6)
    page.context.close()
    return path.stat().st_size


def main(names: list[str]) -> None:
    """Take the pictures of these names, or all."""
    TARGET.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browsers.chromium(), args=browsers.CHROMIUM_FLAGS)
        for shot in SHOTS:
            if not names or shot.name in names:
                print(f"{shot.name}: {take(browser, shot):,} bytes", flush=True)
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1:])
