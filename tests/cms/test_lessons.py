"""Lessons: rendering, caching, publishing, previewing."""

import datetime as dt

import pytest
import time_machine
from django.core.management import call_command
from django.urls import reverse

from cms.models import LessonPage
from cms.queries import lesson_html
from cms.rendering import TocEntry, rich_text, with_heading_ids
from lms.people.enums import Role
from tests.factories.media import make_document, make_image
from tests.factories.people import grant, make_unit, make_user
from tests.factories.programmes import make_lesson_page, make_module_page, make_programme_page, publish

pytestmark = pytest.mark.django_db


@pytest.fixture
def unit():
    return make_unit()


@pytest.fixture
def module(unit):
    return make_module_page(make_programme_page(unit, modules=()))


def test_every_block_is_rendered_for_the_reader(module):
    picture, film = make_image(alt_text="Hội trường"), make_document(name="phim.mp4", transcript="Lời nói")
    captions = make_document(name="phim.vtt", content=b"WEBVTT")
    lesson = make_lesson_page(
        module,
        title="Điều lệ Đảng",
        objectives="<ul><li>Nêu được nhiệm vụ</li></ul>",
        body=[
            {"type": "heading", "value": "Nhiệm vụ & quyền"},
            {"type": "text", "value": "<h3>Nhiệm vụ</h3><p>Văn bản</p><h3>Nhiệm vụ</h3>"},
            {"type": "picture", "value": {"image": picture.pk, "alt": "", "caption": "Lớp học"}},
            {
                "type": "quote",
                "value": {"text": "<p>Lời dẫn</p>", "document": "208-QĐ/TW, ngày 08/11/2019", "place": "Điều 3"},
            },
            {"type": "recording", "value": {"file": film.pk, "captions": captions.pk, "title": "Phim"}},
            {
                "type": "table",
                "value": {
                    "data": [["Buổi", "Nội dung"], ["1", "<b>Điều lệ</b>"]],
                    "first_row_is_table_header": True,
                    "first_col_is_header": True,
                    "table_caption": "Lịch học",
                },
            },
            {"type": "callout", "value": {"kind": "key", "title": "", "text": "<p>Ghi nhớ</p>"}},
        ],
    )
    rendered = lesson_html(lesson.pk)
    assert (rendered.title, rendered.reading_minutes, rendered.version) == (
        "Điều lệ Đảng",
        1,
        str(lesson.live_revision_id),
    )
    assert rendered.toc == (
        TocEntry("nhiem-vu-quyen", "Nhiệm vụ & quyền", 2),
        TocEntry("nhiem-vu", "Nhiệm vụ", 3),
        TocEntry("nhiem-vu-2", "Nhiệm vụ", 3),
    )
    for piece in (
        '<h2 id="nhiem-vu-quyen">Nhiệm vụ &amp; quyền</h2>',
        '<h3 id="nhiem-vu-2">Nhiệm vụ</h3>',
        "<li>Nêu được nhiệm vụ</li>",
        'width="1200" height="675" alt="Hội trường" loading="lazy"',
        ".webp 480w, ",
        "<cite>208-QĐ/TW, ngày 08/11/2019, Điều 3</cite>",
        f'<source src="{film.url}">',
        f'<track kind="captions" src="{captions.url}" srclang="vi"',
        f'<a href="{film.url}?tai-ve" download>',
        "<p>Lời nói</p>",
        "<caption>Lịch học</caption>",
        '<th scope="col" >Buổi</th>',
        '<th scope="row" >1</th>',
        "&lt;b&gt;Điều lệ&lt;/b&gt;",
        '<div class="callout callout-key">',
        "<p>Ghi nhớ</p>",
    ):
        assert piece in rendered.html
    assert "style=" not in rendered.html


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("<p>Văn bản<script>alert(1)</script></p>", "<p>Văn bảnalert(1)</p>"),
        ('<p onclick="x()">a</p>', "<p>a</p>"),
        ('<a href="javascript:alert(1)">a</a>', "<a>a</a>"),
        ('<p style="color:red">a</p>', "<p>a</p>"),
        ('<a href="https://example.org/">a</a>', '<a href="https://example.org/">a</a>'),
        ("<b>đậm</b> <i>nghiêng</i>", "<b>đậm</b> <i>nghiêng</i>"),
        ("", ""),
    ],
)
def test_rich_text_is_cleaned_when_it_is_shown(written, shown):
    assert rich_text(written) == shown


def test_headings_without_letters_get_an_id():
    assert with_heading_ids("<h2>!</h2>") == ('<h2 id="muc">!</h2>', (TocEntry("muc", "!", 2),))


def test_a_warm_lesson_costs_one_query(module, django_assert_num_queries):
    lesson = make_lesson_page(module)
    first = lesson_html(lesson.pk)
    with django_assert_num_queries(1):
        assert lesson_html(lesson.pk) == first


def test_a_published_change_shows_at_once_and_a_draft_does_not(module):
    lesson = make_lesson_page(module, text="Bản một")
    assert "Bản một" in lesson_html(lesson.pk).html
    lesson.body = [{"type": "text", "value": "<p>Bản hai</p>"}]
    revision = lesson.save_revision()
    assert "Bản một" in lesson_html(lesson.pk).html
    revision.publish()
    assert "Bản hai" in lesson_html(lesson.pk).html
    assert "Bản một" not in lesson_html(lesson.pk).html


def test_an_unpublished_lesson_is_not_shown(module):
    lesson = make_lesson_page(module)
    lesson.unpublish()
    with pytest.raises(LessonPage.DoesNotExist):
        lesson_html(lesson.pk)
    with pytest.raises(LessonPage.DoesNotExist):
        lesson_html(0)


def test_a_picture_whose_file_is_gone_leaves_the_rest(module):
    image = make_image()
    image.file.storage.delete(image.file.name)
    lesson = make_lesson_page(
        module,
        body=[
            {"type": "picture", "value": {"image": image.pk, "alt": "", "caption": "Chú thích"}},
            {"type": "text", "value": "<p>Còn lại</p>"},
        ],
    )
    html = lesson_html(lesson.pk).html
    assert "<img" not in html
    assert "<p>Còn lại</p>" in html


def test_lessons_have_no_public_address(module, client, client_as):
    lesson = make_lesson_page(module)
    programme = module.get_parent().specific
    assert (lesson.url, module.url) == (None, None)
    base = programme.url
    addresses = [base + "ly-luan/", base + "ly-luan/bai-1/"]
    admin = make_user(is_superuser=True)
    assert [client.get(url).status_code for url in addresses] == [404, 404]
    assert [client_as(admin).get(url).status_code for url in addresses] == [404, 404]
    assert client.get(base).status_code == 200


@pytest.fixture
def editor(unit, client_as):
    from cms.services.permissions import sync_user

    user = make_user()
    grant(user, Role.EDITOR, unit)
    sync_user(user)
    return client_as(user)


def test_a_draft_is_previewed_in_the_look_of_the_reader(module, editor):
    lesson = make_lesson_page(module, title="Bài nháp", live=False)
    response = editor.get(reverse("wagtailadmin_pages:view_draft", args=[lesson.pk]))
    assert response.status_code == 200
    text = response.content.decode()
    assert "Nội dung bài học." in text
    assert 'class="reader"' in text
    assert "frame-ancestors 'self'" in response["Content-Security-Policy"]
    assert "'unsafe-inline'" not in response["Content-Security-Policy"]


def test_publishing_by_schedule(module):
    start = dt.datetime(2026, 11, 23, 8, tzinfo=dt.UTC)
    states = []
    with time_machine.travel(start, tick=False) as clock:
        lesson = make_lesson_page(module, live=False)
        lesson.go_live_at = start + dt.timedelta(hours=1)
        lesson.expire_at = start + dt.timedelta(hours=3)
        lesson.save_revision().publish()
        for _hour in range(3):
            call_command("publish_scheduled")
            lesson.refresh_from_db()
            states.append((lesson.live, lesson.expired))
            clock.shift(dt.timedelta(minutes=100))
    assert states == [(False, False), (True, False), (False, True)]


def test_every_version_is_kept(module, editor):
    lesson = make_lesson_page(module, text="Bản một")
    lesson.body = [{"type": "text", "value": "<p>Bản hai</p>"}]
    publish(lesson)
    first, second = lesson.revisions.order_by("pk")
    url = reverse("wagtailadmin_pages:revisions_compare", args=[lesson.pk, first.pk, second.pk])
    text = editor.get(url).content.decode()
    assert "Bản" in text
    assert editor.get(reverse("wagtailadmin_pages:history", args=[lesson.pk])).status_code == 200
