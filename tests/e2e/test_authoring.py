"""A lesson from the first word to its publication, in a real browser under the administration's policy."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.plugins.browser import DESKTOP, Site

pytestmark = pytest.mark.e2e
PASSWORD = "sen-demo"

PEOPLE = """
from django.core.files.base import ContentFile
from cms.models import ModulePage
from cms.services.permissions import collection_of
from lms.people.models import Unit, User
from lms.people.services.accounts import create_person
from lms.people.services.memberships import grant_role
from media.models import SenDocument
centre = User.objects.get(username="giangvien").memberships.order_by("pk")[0].unit
other = Unit.objects.current().filter(kind="centre").exclude(pk=centre.pk).order_by("path")[0]
for name, role, unit in (("tacgia", "lecturer", centre), ("bientap", "editor", centre), ("nguoila", "lecturer", other)):
    person = create_person(full_name=f"Trần {name}", username=name, password="sen-demo", actor=None)
    grant_role(user=person, unit=unit, role=role, actor=None)
SenDocument.objects.create(
    title="Ghi âm bài giảng", file=ContentFile(b"ID3" + bytes(200), name="ghi-am.mp3"), collection=collection_of(centre)
)
print(ModulePage.objects.filter(path__startswith=centre.programmes.get().path).order_by("path")[0].pk)
"""


def add_block(page: Page, name: str) -> Locator:
    page.locator(".c-sf-add-button").last.click()
    page.locator("[role=option]").filter(has_text=name).first.click()
    block = page.locator("[data-streamfield-child]").last
    expect(block).to_be_visible()
    return block


def write(page: Page, block: Locator, text: str) -> None:
    block.locator("[contenteditable=true]").click()
    page.keyboard.type(text)


def choose(page: Page, block: Locator, choice: str) -> None:
    block.locator("button[data-chooser-action-choose]:visible").first.click()
    page.locator(f".modal {choice}").first.click()
    page.locator(".modal").wait_for(state="detached")


def use_menu(page: Page, words: str) -> None:
    """Open the menu beside “save” and take the entry."""
    page.locator("footer [data-controller~='w-dropdown'] button").first.click()
    with page.expect_navigation():
        page.locator("button, a").filter(has_text=words).locator("visible=true").first.click()


def write_lesson(page: Page) -> None:
    """One block of every kind."""
    page.locator("#id_title").fill("Bài viết trong trình duyệt")
    add_block(page, "Đề mục").locator("input[type=text]").fill("Mở đầu")
    write(page, add_block(page, "Văn bản"), "Đoạn văn thứ nhất.")
    picture = add_block(page, "Hình ảnh")
    choose(page, picture, "a[data-chooser-modal-choice]")
    picture.locator("input[name$=alt]").fill("Một bức tranh")
    quote = add_block(page, "Trích dẫn văn bản")
    write(page, quote, "Câu được trích.")
    quote.locator("input[name$=document]").fill("Quy định số 19-QĐ/TW")
    recording = add_block(page, "Video hoặc âm thanh")
    choose(page, recording, "a[data-chooser-modal-choice]")
    recording.locator("input[name$=title]").fill("Nghe lại bài giảng")
    table = add_block(page, "Bảng")
    table.locator("select").select_option("row")
    table.locator("td").first.dblclick()
    page.keyboard.type("Ô thứ nhất")
    page.keyboard.press("Enter")
    callout = add_block(page, "Khung nhấn mạnh")
    callout.locator("input[name$=title]").fill("Ghi nhớ")
    write(page, callout, "Điều cần nhớ.")


def test_a_lesson_is_written_previewed_reviewed_and_published(
    open_page: Callable[..., Page], sign_in: Callable[..., None], site: Site, console: list[str]
) -> None:
    module = site.manage("shell", "--no-imports", "-c", PEOPLE).strip().splitlines()[-1]
    author = open_page(DESKTOP)
    sign_in(author, "tacgia", PASSWORD, then=f"/quan-tri/pages/add/cms/lessonpage/{module}/")
    write_lesson(author)
    # The editor saves by itself while one types: the press comes while that save is under way, or just before it.
    author.locator("button[data-controller~='w-progress'], button.action-save").filter(
        has_text="Lưu bản nháp"
    ).first.click()
    expect(author.locator(".messages")).to_contain_text("Bài viết trong trình duyệt")
    author.wait_for_url("**/edit/")
    edit = author.url.removeprefix(site.url)
    number = edit.split("/")[-3]

    preview: Any = author.context.new_page()
    faults: list[str] = []
    preview.on("console", lambda line: faults.append(line.text) if line.type == "error" else None)
    preview.goto(f"/quan-tri/pages/{number}/view_draft/")
    for words in ("Mở đầu", "Đoạn văn thứ nhất.", "Câu được trích.", "19-QĐ/TW", "Nghe lại bài giảng", "Ô thứ nhất"):
        expect(preview.locator("main")).to_contain_text(words)
    expect(preview.locator("main img[alt='Một bức tranh']")).to_be_visible()
    expect(preview.locator("main audio")).to_have_count(1)
    assert faults == []
    preview.close()

    author.goto(edit)
    use_menu(author, "Gửi duyệt")
    expect(author.locator(".messages")).to_contain_text("Bài viết trong trình duyệt")
    author.goto(edit)
    expect(author.locator("footer")).not_to_contain_text("Phê duyệt")

    editor = open_page(DESKTOP)
    sign_in(editor, "bientap", PASSWORD, then="/thong-bao/")
    editor.get_by_role("link", name="đề nghị duyệt").first.click()
    editor.wait_for_url("**/edit/")
    use_menu(editor, "Phê duyệt và xuất bản")
    expect(editor.locator(".messages")).to_contain_text("Bài viết trong trình duyệt")
    history = editor.goto(f"/quan-tri/pages/{number}/history/")
    assert history is not None
    assert history.status == 200
    expect(editor.locator("main")).to_contain_text("Đã xuất bản")

    author.goto("/thong-bao/")
    expect(author.locator("main")).to_contain_text("đã duyệt “Bài viết trong trình duyệt”")

    stranger = open_page(DESKTOP)
    sign_in(stranger, "nguoila", PASSWORD, then="/quan-tri/")
    answers = {
        path: stranger.request.get(f"/quan-tri/pages/{number}/{path}", max_redirects=0).status
        for path in ("edit/", "view_draft/", "history/", "delete/", "copy/", "workflow_history/", "usage/")
    }
    assert answers == dict.fromkeys(answers, 404)
    assert console == []
