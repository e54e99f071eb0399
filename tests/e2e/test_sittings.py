"""Two devices, the offline file, the board and more time, in real browsers."""

from __future__ import annotations

import json
import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings

from lms.exams.models import Attempt, OfflineFile, Response, Sitting
from lms.exams.services.attempts import submit
from lms.exams.services.invigilation import extend_all
from lms.exams.services.starting import start_for_enrolment
from lms.people.models import User
from tests.e2e.exam_pages import said, sit
from tests.factories.learning import make_study
from tests.factories.quizzes import right_answer
from tests.factories.sittings import make_invigilator, make_sitting
from tests.plugins.browser import AXE_RULES

pytestmark = pytest.mark.e2e


@pytest.fixture
def study(live_server):
    rules = {"questions": 4, "time_limit": 30, "shuffle_questions": False}
    return make_study(exam_fields=rules, full_name="Trần Thị Học")


@pytest.fixture
def sitting(study):
    return make_sitting(study, code="SEN234", needs_opening=True)


def begin(study, sitting):
    Sitting.objects.filter(pk=sitting.pk).update(needs_opening=False)
    enrolment = study.fresh()
    return start_for_enrolment(
        enrolment=enrolment, item_id=study.items("exam")[0].pk, user=enrolment.learner, code="SEN234"
    )


def choose(page, slot, letter):
    page.locator(f"[data-grid] [data-go='{slot}']").click()
    page.locator(f"[data-question='{slot}'] input[value='{letter}']").check()


def kept(attempt):
    return dict(Response.objects.filter(attempt=attempt).values_list("slot", "answer__choice"))


def test_the_later_device_takes_over_and_the_earlier_takes_back_with_what_it_typed(browse, study, sitting):
    attempt = begin(study, sitting)
    first = sit(browse, attempt)
    choose(first, 1, "a")
    said(first, "Đã lưu 1/4 câu")
    second = sit(browse, attempt)
    choose(second, 2, "b")
    said(second, "Đã lưu 2/4 câu")
    choose(first, 3, "c")
    first.locator("[data-taken-over]").wait_for()
    assert kept(attempt) == {1: "a", 2: "b"}
    first.locator("[data-take-back]").click()
    said(first, "Đã lưu 3/4 câu")
    assert kept(attempt) == {1: "a", 2: "b", 3: "c"}
    choose(second, 4, "d")
    second.locator("[data-taken-over]").wait_for()
    assert kept(attempt) == {1: "a", 2: "b", 3: "c"}


def test_answers_leave_as_a_file_and_the_invigilator_takes_it(browse, study, sitting, tmp_path):
    attempt = begin(study, sitting)
    page = sit(browse, attempt)
    right = right_answer(attempt, 1)["choice"]
    choose(page, 1, right)
    said(page, "Đã lưu 1/4 câu")
    page.context.set_offline(True)
    choose(page, 2, right_answer(attempt, 2)["choice"])
    said(page, "Mất mạng, 1 câu đang chờ")
    with page.expect_download() as download:
        page.locator("[data-grid] [data-save-file]").click()
    file = tmp_path / "bai-lam.json"
    download.value.save_as(file)
    assert json.loads(file.read_text())["format"] == "sen-offline-1"
    submit(attempt=attempt, forced=True)
    board = browse(make_invigilator(sitting), f"/khao-thi/coi-thi/{sitting.pk}/")
    board.locator("input[type=file]").set_input_files(file)
    board.get_by_role("button", name="Tải lên").click()
    board.wait_for_url(re.compile("/tep/"))
    board.locator("input[name=reason]").fill("Mất mạng cả phòng")
    board.get_by_role("button", name="Chấp nhận").click()
    board.get_by_text("Đã nhận 1 câu trả lời.").wait_for()
    assert OfflineFile.objects.get().decision == "accepted"
    assert Attempt.objects.get(pk=attempt.pk).score == 2


def test_the_board_follows_and_more_time_reaches_the_page(browse, study, sitting):
    lecturer = make_invigilator(sitting)
    board = browse(lecturer, f"/khao-thi/coi-thi/{sitting.pk}/")
    board.get_by_role("button", name="Cho vào thi").click()
    board.get_by_role("button", name="Ngừng cho vào").wait_for()
    learner = browse(study.learner, "/hoc/vao-thi/")
    learner.locator("input[name=code]").fill("sen 234")
    learner.keyboard.press("Enter")
    learner.get_by_role("button", name="Bắt đầu").click()
    learner.wait_for_selector("[data-exam][data-ready]")
    choose(learner, 1, "a")
    said(learner, "Đã lưu 1/4 câu")
    board.locator("[data-board] td", has_text="1/4").wait_for()
    attempt = Attempt.objects.get()
    extend_all(sitting=sitting, minutes=60, reason="Mất điện", actor=lecturer)
    choose(learner, 2, "b")
    learner.locator("[data-timer-text]", has_text=re.compile("^1:")).wait_for()
    submit(attempt=Attempt.objects.get(pk=attempt.pk))
    board.locator("[data-board] td", has_text="đã nộp").wait_for()


def test_the_session_ends_and_signing_in_happens_on_the_page(browse, study, sitting, quick_passwords):
    User.objects.get(pk=study.learner.pk)
    study.learner.set_password("mat-khau-dai-1")
    study.learner.save()
    attempt = begin(study, sitting)
    page = sit(browse, attempt)
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    choose(page, 1, "b")
    dialog = page.locator("[data-sign-in]")
    dialog.wait_for()
    dialog.locator("input[name=username]").fill(study.learner.username)
    dialog.locator("input[name=password]").fill("sai")
    dialog.get_by_role("button", name="Đăng nhập").last.click()
    dialog.get_by_text("không đúng").wait_for()
    dialog.locator("input[name=password]").fill("mat-khau-dai-1")
    dialog.get_by_role("button", name="Đăng nhập").last.click()
    said(page, "Đã lưu 1/4 câu")
    assert kept(attempt) == {1: "b"}


@pytest.mark.parametrize("width", [360, 1280])
def test_a_guest_comes_in_loses_the_session_and_comes_back_by_the_code(browse, study, sitting, width):
    Sitting.objects.filter(pk=sitting.pk).update(needs_opening=False, sign_up="open")
    page = browse(None, "/hoc/vao-thi/SEN234/", width=width)
    page.locator("input[name=full_name]").fill("Lò Văn Khách")
    page.get_by_role("button", name="Vào ca thi").click()
    code = page.locator(".guest-code").inner_text().strip()
    assert Axe().run(page, options=AXE_RULES).response["violations"] == []
    assert page.evaluate("document.documentElement.scrollWidth") == width
    page.get_by_role("button", name="Bắt đầu làm bài").click()
    page.wait_for_selector("[data-exam][data-ready]")
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    page.locator("[data-question='1'] input[value='b']").check()
    dialog = page.locator("[data-sign-in]")
    dialog.wait_for()
    assert dialog.locator("input[type=password]").count() == 0
    dialog.locator("input[name=personal_code]").fill("AAAAA-AAAAA")
    dialog.get_by_role("button", name="Quay lại").click()
    dialog.get_by_text("không đúng").wait_for()
    dialog.locator("input[name=personal_code]").fill(code.lower())
    dialog.get_by_role("button", name="Quay lại").click()
    said(page, "Đã lưu 1/4 câu")
    attempt = Attempt.objects.get()
    assert (kept(attempt), attempt.user.get_full_name()) == ({1: "b"}, "Lò Văn Khách")
    board = browse(make_invigilator(sitting), f"/khao-thi/coi-thi/{sitting.pk}/", width=width)
    board.get_by_role("button", name="Ngừng nhận khách").click()
    board.get_by_role("button", name="Nhận thêm khách").wait_for()
    assert board.evaluate("document.documentElement.scrollWidth") == width
    late = browse(None, "/hoc/vao-thi/SEN234/", width=width)
    late.get_by_text("không nhận thêm người").wait_for()
    assert User.objects.filter(is_guest=True).count() == 1


def test_a_clock_that_is_hours_wrong_changes_nothing(browse, study, sitting):
    attempt = begin(study, sitting)
    page = browse(study.learner, "/hoc/")
    page.add_init_script("const real = Date.now; Date.now = () => real() + 7 * 3600 * 1000;")
    page.goto(page.url.replace("/hoc/", f"/lam-bai/{attempt.pk}/"))
    page.wait_for_selector("[data-exam][data-ready]")
    assert re.match("^(29|30):", page.locator("[data-timer-text]").inner_text())
    choose(page, 1, "a")
    said(page, "Đã lưu 1/4 câu")


def test_one_way_pages_with_and_without_javascript(browse, study, sitting):
    study.exam.one_way, study.exam.page_size = True, 2
    study.exam.save()
    attempt = begin(study, sitting)
    page = sit(browse, attempt)
    assert page.locator("[data-question]:visible").count() == 2
    page.locator("[data-question='1'] input[value='a']").check()
    page.locator("[data-question='2'] input[value='b']").check()
    said(page, "Đã lưu 2/4 câu")
    page.locator("[data-next]").click()
    page.locator("dialog:modal").get_by_role("button", name="Sang trang sau").click()
    page.locator("[data-question='3']").wait_for()
    page.wait_for_timeout(300)
    assert Attempt.objects.get().from_slot == 3
    plain = sit(browse, attempt, java_script_enabled=False)
    assert [plain.locator(f"[data-question='{slot}']").is_visible() for slot in (1, 2, 3, 4)] == [False] * 2 + [
        True
    ] * 2
    plain.goto(f"{plain.url.split('?')[0]}?cau=1")
    assert plain.locator("[data-question='3']").is_visible()
    plain.locator("[data-question='4'] input[value='c']").check()
    plain.get_by_role("button", name="Câu tiếp").click()
    assert kept(attempt) == {1: "a", 2: "b", 4: "c"}


@pytest.mark.parametrize("width", [360, 1280])
def test_nothing_hinders_and_nothing_overflows(browse, study, sitting, width):
    attempt = begin(study, sitting)
    user = make_invigilator(sitting)
    base = f"/khao-thi/coi-thi/{sitting.pk}/"
    found = []
    pages = ("", "sua/", "man-chieu/", "ket-qua/", f"bai/{attempt.pk}/", f"hoc-vien/{study.enrolment.pk}/")
    for path in ("/khao-thi/coi-thi/", *(base + name for name in pages)):
        page = browse(user, path, width=width)
        faults = Axe().run(page, options=AXE_RULES).response["violations"]
        found += [(path, fault["id"], [node["target"] for node in fault["nodes"]]) for fault in faults]
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        page.context.close()
    assert found == []
