"""Every kind of question in a real browser: keyboard, offline, reload, without scripts, at two widths."""

from __future__ import annotations

import functools
from decimal import Decimal

import pytest
from axe_playwright_python.sync_playwright import Axe

from lms.exams.models import Attempt, Response
from lms.exams.signals import attempt_graded
from quizzes.enums import Review
from quizzes.models import Exam
from quizzes.services.bank.items import create_item
from quizzes.services.papers.exams import set_questions
from tests.e2e import exam_pages
from tests.e2e.exam_pages import said
from tests.factories.quizzes import make_attempt, make_bank
from tests.plugins.browser import AXE_RULES
from tests.quizzes.kinds import KINDS, sample

SLOT = {kind: number for number, kind in enumerate(KINDS, start=1)}

pytestmark = pytest.mark.e2e


@pytest.fixture(autouse=True)
def _nobody_above(monkeypatch):
    """The contexts of these attempts are plain numbers that no app above knows."""
    monkeypatch.setattr(attempt_graded, "receivers", [])


@pytest.fixture
def attempt(live_server):
    """A test with one question of every kind, in the order of their names."""
    bank = make_bank()
    items = []
    for kind in KINDS:
        content, key, _right, _wrong = sample(kind)
        items.append(create_item(bank=bank, kind=kind, stem=f"Câu hỏi {kind}", content=content, key=key))
    exam = Exam.objects.create(
        unit=bank.unit,
        title="Đủ các dạng",
        variants=1,
        shuffle_questions=False,
        sections=False,
        shuffle_options=False,
        review=Review.KEY,
    )
    set_questions(exam=exam, questions=[(item.current, Decimal(1)) for item in items])
    return make_attempt(exam=exam)


@pytest.fixture
def sit(browse, attempt):
    """Return a function that opens the test in a browser that has signed in; ``context`` for another tab of it."""
    return functools.partial(exam_pages.sit, browse, attempt)


def go(page, kind):
    page.evaluate("slot => document.querySelector(`[data-go='${slot}']`).click()", SLOT[kind])
    return page.locator(f"[data-question='{SLOT[kind]}']")


def kept(attempt):
    slots = {slot: kind for kind, slot in SLOT.items()}
    return {
        slots[slot]: answer for slot, answer in Response.objects.filter(attempt=attempt).values_list("slot", "answer")
    }


def shown_order(box):
    return [line.get_attribute("data-part") for line in box.locator("[data-order] > li").all()]


def test_answers_by_keyboard_survive_the_network_and_a_reload(sit, attempt):
    page = sit()
    box = go(page, "ordering")
    order = shown_order(box)
    box.locator("li").nth(1).locator("[data-move='-1']").focus()
    page.keyboard.press("Enter")
    moved = [order[1], order[0], *order[2:]]
    assert shown_order(box) == moved
    assert box.locator("[data-said]").inner_text().endswith("vị trí 1 trên 4")
    said(page, "Đã lưu 1/10 câu")

    page.context.set_offline(True)
    box = go(page, "matching")
    box.locator("select").nth(0).focus()
    page.keyboard.press("b")  # typing chooses in a list, and is no command of the page
    box = go(page, "gap_text")
    box.locator("input").nth(0).focus()
    page.keyboard.type("nf 03/02")
    page.keyboard.press("Tab")
    page.keyboard.type("1930")
    box = go(page, "hotspot")
    box.locator("input[type=image]").focus()
    for key in ("Enter", "ArrowRight", "Shift+ArrowUp", "n"):
        page.keyboard.press(key)
    assert [box.locator(f"[data-axis={axis}]").input_value() for axis in "xy"] == ["51", "45"]
    box.locator("[data-said]", has_text="cách mép trái 51 %, cách mép trên 45 %").wait_for(state="attached")
    said(page, "Mất mạng, 3 câu đang chờ")

    page.context.route("**/responses/", lambda route: route.abort())
    page.context.set_offline(False)
    page.reload()
    page.wait_for_selector("[data-exam][data-ready]")
    assert shown_order(go(page, "ordering")) == moved
    assert go(page, "matching").locator("select").nth(0).input_value() == "b"
    assert go(page, "gap_text").locator("input").nth(0).input_value() == "nf 03/02"
    assert go(page, "hotspot").locator("[data-axis=x]").input_value() == "51"
    page.context.unroute("**/responses/")
    said(page, "Đã lưu 4/10 câu")
    assert kept(attempt) == {
        "ordering": {"order": moved},
        "matching": {"pairs": {"1": "b"}},
        "gap_text": {"gaps": {"1": "nf 03/02", "2": "1930"}},
        "hotspot": {"x": 0.51, "y": 0.45},
    }


def test_typing_is_kept_without_leaving_the_field(sit, attempt):
    page = sit()
    go(page, "essay").locator("textarea").type("Một hai\n\nBa < bốn")
    said(page, "Đã lưu 1/10 câu")
    assert page.locator("[data-words]").inner_text() == "5 từ"
    go(page, "short_text").locator("input").type("Hà Nội")
    said(page, "Đã lưu 2/10 câu")
    go(page, "numeric").locator("input").type("3,5")
    page.keyboard.press("Enter")  # Enter goes on, and takes the answer along
    said(page, "Đã lưu 3/10 câu")
    assert kept(attempt) == {
        "essay": {"html": "<p>Một hai</p><p>Ba &lt; bốn</p>"},
        "short_text": {"text": "Hà Nội"},
        "numeric": {"number": "3,5"},
    }
    page.reload()
    page.wait_for_selector("[data-exam][data-ready]")
    assert go(page, "essay").locator("textarea").input_value() == "Một hai\n\nBa < bốn"


def test_mouse_and_drag(sit, attempt):
    page = sit()
    picture = go(page, "hotspot").locator("input[type=image]")
    size = picture.bounding_box()
    picture.click(position={"x": size["width"] * 0.25, "y": size["height"] * 0.5})
    box = go(page, "ordering")
    order = shown_order(box)
    handle, last = box.locator("[data-handle]").nth(0).bounding_box(), box.locator("li").nth(3).bounding_box()
    page.mouse.move(handle["x"] + 5, handle["y"] + 5)
    page.mouse.down()
    page.mouse.move(handle["x"] + 5, last["y"] + last["height"] - 4, steps=12)
    page.mouse.up()
    box = go(page, "true_false_group")
    box.locator("label", has_text="Đúng").nth(0).click()
    box.locator("label", has_text="Sai").nth(1).click()
    said(page, "Đã lưu 3/10 câu")
    answers = kept(attempt)
    assert answers["ordering"] == {"order": [*order[1:], order[0]]}
    assert answers["true_false_group"] == {"statements": {"1": True, "2": False}}
    assert abs(answers["hotspot"]["x"] - 0.25) < 0.01
    go(page, "ordering").locator("[data-clear]").click()
    said(page, "Đã lưu 2/10 câu")
    assert shown_order(go(page, "ordering")) == order


def test_without_javascript_every_kind_can_be_answered(sit, attempt):
    page = sit(java_script_enabled=False, query=f"?cau={SLOT['gap_text']}")
    following = page.get_by_role("button", name="Câu tiếp")

    def box():
        return page.locator("[data-question]:not([hidden])")

    def show(kind):
        page.goto(page.url.split("?")[0] + f"?cau={SLOT[kind]}")

    show("essay")
    box().locator("textarea").fill("Một\n\nHai")
    following.click()
    show("gap_text")
    box().locator("input").nth(0).fill("03/02")
    box().locator("select").select_option("c")
    following.click()
    show("hotspot")
    box().locator("input[type=image]").click(position={"x": 100, "y": 50})
    assert box().locator("[data-axis=x], [name$='-x']").input_value() == "25"
    show("matching")
    box().locator("select").nth(1).select_option("a")
    following.click()
    show("numeric")
    box().locator("input").fill("3,5")
    following.click()
    show("ordering")
    for select, place in zip(box().locator("select").all(), "4321", strict=True):
        select.select_option(place)
    following.click()
    show("short_text")
    box().locator("input").fill("Hà Nội")
    following.click()
    show("true_false_group")
    box().locator("input[value='1']").nth(0).check()
    following.click()
    assert kept(attempt) == {
        "essay": {"html": "<p>Một</p><p>Hai</p>"},
        "gap_text": {"gaps": {"1": "03/02", "3": "c"}},
        "hotspot": {"x": 0.25, "y": 0.25},
        "matching": {"pairs": {"2": "a"}},
        "numeric": {"number": "3,5"},
        "ordering": {"order": ["d", "c", "b", "a"]},
        "short_text": {"text": "Hà Nội"},
        "true_false_group": {"statements": {"1": True}},
    }


@pytest.mark.parametrize(("width", "scheme"), [(360, "light"), (1280, "dark")])
def test_nothing_hinders_and_nothing_overflows(sit, attempt, width, scheme):
    page = sit(width, color_scheme=scheme)
    found = []

    def look(step):
        violations = Axe().run(page, options=AXE_RULES).response["violations"]
        found.extend((step, one["id"], [node["target"] for node in one["nodes"]]) for one in violations)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), step

    for kind in KINDS:
        go(page, kind)
        look(kind)
    go(page, "essay").locator("textarea").fill("Bài làm")
    go(page, "matching").locator("select").nth(0).select_option("b")
    go(page, "hotspot").locator("input[type=image]").click()
    said(page, "Đã lưu 3/10 câu")
    page.evaluate("document.querySelector('[data-hand-in]').submit()")
    page.wait_for_url("**/ket-qua/")
    assert Attempt.objects.get().state_label == "Đang chấm"
    assert page.get_by_text("Đang chấm").first.is_visible()
    look("result")
    assert found == []
