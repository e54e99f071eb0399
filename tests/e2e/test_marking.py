"""Marking an essay in a real browser: saved as one types, kept without a network, done by the keyboard."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe

from lms.exams.models import Marking
from lms.exams.services.marking.sessions import open_session
from lms.people.enums import Role
from tests.factories.classes import make_class, make_enrolment
from tests.factories.marking import make_essay_exam, make_written
from tests.factories.people import grant, make_unit, make_user
from tests.factories.quizzes import item_in
from tests.plugins.browser import AXE_RULES

pytestmark = pytest.mark.e2e


@pytest.fixture
def session(live_server):
    unit = make_unit(name="Trung tâm A")
    exam = make_essay_exam(unit)
    training_class = make_class(unit)
    officer, marker = make_user("Đặng Thị Khảo"), make_user("Lê Văn Giảng")
    grant(officer, Role.EXAM_OFFICER, unit)
    grant(marker, Role.LECTURER, unit)
    for _number in range(2):
        make_written(exam, make_enrolment(training_class).pk)
    item = item_in(training_class.edition, exam)
    made = open_session(training_class=training_class, item=item, marker_ids=[marker.pk], actor=officer)
    made.marker, made.officer = marker, officer
    return made


def said(page, words):
    page.locator("[data-save-text]", has_text=words).wait_for()


def test_what_is_typed_is_saved_survives_and_is_finished_by_the_keyboard(browse, session):
    first, second = Marking.objects.order_by("script__code")
    page = browse(session.marker, f"/khao-thi/cham/bai/{first.pk}/")
    page.wait_for_selector("[data-marking][data-ready]")
    page.fill("#diem-1", "4,25")
    page.fill("#nhan-xet", "Bài có chiều sâu")
    said(page, "Đã lưu")
    assert page.locator("[data-total]").inner_text() == "4,25"
    page.reload()
    assert (page.input_value("#diem-1"), page.input_value("#nhan-xet")) == ("4,25", "Bài có chiều sâu")

    page.wait_for_selector("[data-marking][data-ready]")
    page.context.set_offline(True)
    page.fill("#diem-2", "2.5")
    page.fill("#ghi-chu", "Viết lúc mất mạng")
    said(page, "Mất mạng")
    assert page.locator("[data-total]").inner_text() == "6,75"
    page.keyboard.press("Control+Enter")  # nowhere to go: the page stays
    assert page.input_value("#ghi-chu") == "Viết lúc mất mạng"
    page.context.set_offline(False)
    said(page, "Đã lưu")
    page.focus("#diem-3")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    assert page.input_value("#diem-3") == "0,5"
    page.keyboard.press("Control+Enter")
    page.wait_for_url(f"**/khao-thi/cham/bai/{second.pk}/")
    done = Marking.objects.get(pk=first.pk)
    assert (done.state, str(done.total), done.note) == ("done", "7.25", "Viết lúc mất mạng")


def test_of_two_windows_the_older_says_so_and_keeps_its_words(browse, session):
    marking = Marking.objects.order_by("script__code").first()
    path = f"/khao-thi/cham/bai/{marking.pk}/"
    one, other = browse(session.marker, path), browse(session.marker, path)
    for page in (one, other):
        page.wait_for_selector("[data-marking][data-ready]")
    one.fill("#nhan-xet", "Cửa sổ một")
    said(one, "Đã lưu")
    other.fill("#nhan-xet", "Cửa sổ hai")
    said(other, "vừa được sửa ở cửa sổ khác")
    assert Marking.objects.get(pk=marking.pk).comment == "Cửa sổ một"
    other.click("button[value=save]")
    other.wait_for_selector(".error-summary")
    assert other.input_value("#nhan-xet") == "Cửa sổ hai"
    assert "Cửa sổ một" in other.content()
    other.click("button[value=save]")
    other.wait_for_selector(".error-summary", state="detached")
    assert Marking.objects.get(pk=marking.pk).comment == "Cửa sổ hai"


@pytest.mark.parametrize("width", [360, 1280])
def test_axe_finds_nothing(browse, session, width):
    marking = Marking.objects.first()
    pages = [
        (session.marker, "/khao-thi/cham/"),
        (session.marker, f"/khao-thi/cham/bai/{marking.pk}/"),
        (session.officer, "/khao-thi/cham/"),
        (session.officer, f"/khao-thi/cham/dot/{session.pk}/"),
        (session.officer, f"/khao-thi/cham/dot/{session.pk}/bai/"),
        (session.officer, f"/khao-thi/cham/thong-nhat/{marking.script_id}/"),
    ]
    for user, path in pages:
        page = browse(user, path, width=width)
        found = Axe().run(page, options=AXE_RULES).response["violations"]
        assert [(path, one["id"], [node["html"][:120] for node in one["nodes"]]) for one in found] == []
