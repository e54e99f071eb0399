"""Files reach those who may read them, and nobody else."""

import pytest
from django.conf import settings
from django.core.cache import cache
from django.urls import NoReverseMatch, reverse
from hypothesis import given
from hypothesis import settings as limits
from hypothesis import strategies as st

from cms.models import NewsPage
from cms.services.permissions import collection_of, sync_user
from cms.services.site import ensure_site
from lms.people.enums import Role
from media.access import may_read, register_policy
from media.delivery import parse_range
from tests.factories.media import make_document, make_image
from tests.factories.people import grant, make_unit, make_user
from tests.factories.programmes import make_lesson_page, make_module_page, make_programme_page, publish

pytestmark = pytest.mark.django_db


def body(response):
    """The whole content; reading a file to its end closes it, as the server does."""
    return b"".join(response.streaming_content) if response.streaming else response.content


def status(client, url):
    response = client.get(url)
    body(response)
    return response.status_code


def recording_block(document):
    return {"type": "recording", "value": {"file": document.pk, "captions": None, "title": "Bài giảng"}}


def make_news(*blocks, live=True):
    index = ensure_site(name="Sen").news
    page = NewsPage(title="Tin", slug="tin", date="2026-11-23", summary="Tin", body=list(blocks), live=False)
    index.add_child(instance=page)
    return publish(page) if live else page


def test_a_rendition_is_served_at_its_signed_address_only(client_as):
    client = client_as(make_user())
    rendition = make_image().get_rendition("width-320|format-webp")
    response = client.get(rendition.url)
    content = body(response)
    assert (response.status_code, response["Content-Type"], content[:4], content[8:12]) == (
        200,
        "image/webp",
        b"RIFF",
        b"WEBP",
    )
    assert response["Cache-Control"] == "private, max-age=31536000, immutable"
    assert response["X-Content-Type-Options"] == "nosniff"
    token, filename = rendition.url.split("/")[-2:]
    wrong = [
        reverse("rendition", args=[token[:-1] + ("A" if token[-1] != "A" else "B"), filename]),
        reverse("rendition", args=[token, "khac.webp"]),
        reverse("rendition", args=["x", filename]),
        settings.MEDIA_URL + rendition.file.name,
        settings.MEDIA_URL + rendition.image.file.name,
    ]
    assert [status(client, url) for url in wrong] == [404] * 5


def test_an_original_picture_has_no_signed_address(client):
    image = make_image()
    image.get_rendition("width-320")
    name = image.file.name.rpartition("/")[2]
    with pytest.raises(NoReverseMatch):
        reverse("rendition", args=["../original_images", name])
    assert status(client, f"/tep/anh/x/..%2foriginal_images%2f{name}") == 404


def test_renditions_made_together_have_addresses_at_once(client_as):
    client = client_as(make_user())
    made = make_image().get_renditions("width-100", "width-200")
    assert [status(client, rendition.url) for rendition in made.values()] == [200, 200]


def picture_block(image):
    return {"type": "picture", "value": {"image": image.pk, "alt": "", "caption": ""}}


def test_strangers_see_the_pictures_of_public_pages_alone(client, client_as):
    shown, hidden, of_lesson = make_image(), make_image(), make_image()
    news = make_news(picture_block(shown))
    make_lesson_page(make_module_page(make_programme_page(make_unit(), modules=())), body=[picture_block(of_lesson)])
    urls = [image.get_rendition("width-320").url for image in (shown, hidden, of_lesson)]
    assert [status(client, url) for url in urls] == [200, 404, 404]
    assert [status(client_as(make_user()), url) for url in urls] == [200, 200, 200]
    news.unpublish()
    cache.clear()  # strangers are asked about once a minute
    assert status(client, urls[0]) == 404


def test_a_picture_asks_few_questions_of_the_database(client, django_assert_num_queries):
    news = make_news(picture_block(image := make_image()))
    assert news.live
    url = image.get_rendition("width-320").url
    assert status(client, url) == 200
    with django_assert_num_queries(1):  # is it a question's?
        assert status(client, url) == 200


def test_a_document_of_no_page_is_nobodys(client, client_as):
    document = make_document()
    assert status(client, document.url) == 404
    assert status(client_as(make_user()), document.url) == 404


def test_a_document_on_a_public_page_is_everybodys(client):
    document = make_document()
    news = make_news(recording_block(document))
    assert status(client, document.url) == 200
    news.unpublish()
    assert status(client, document.url) == 404


def test_a_document_of_a_lesson_is_not_public(client, client_as):
    unit = make_unit()
    document = make_document()
    module = make_module_page(make_programme_page(unit, modules=()))
    make_lesson_page(module, body=[recording_block(document)])
    assert status(client, document.url) == 404
    assert status(client_as(make_user()), document.url) == 404


def test_writers_read_the_files_of_their_unit(client_as):
    north, south = make_unit(), make_unit()
    people = []
    for unit in (north, south):
        user = make_user()
        grant(user, Role.AUTHOR, unit)
        sync_user(user)
        people.append(user)
    document = make_document(collection=collection_of(north))
    assert [status(client_as(user), document.url) for user in people] == [200, 404]


def test_without_a_policy_the_answer_is_no(monkeypatch):
    monkeypatch.setattr("media.access._policies", [])
    assert may_read(make_user(), make_document()) is False
    register_policy(lambda user, file: file.title == "Mở")
    assert [may_read(None, make_document(title)) for title in ("Mở", "Đóng")] == [True, False]


@pytest.mark.parametrize(
    ("header", "status", "part", "content_range"),
    [
        ("bytes=0-3", 206, b"0123", "bytes 0-3/10"),
        ("bytes=4-", 206, b"456789", "bytes 4-9/10"),
        ("bytes=-3", 206, b"789", "bytes 7-9/10"),
        ("bytes=8-99", 206, b"89", "bytes 8-9/10"),
        ("bytes=10-", 416, b"", "bytes */10"),
        ("bytes=5-2", 416, b"", "bytes */10"),
        ("bytes=-99", 206, b"0123456789", "bytes 0-9/10"),
        ("bytes=-0", 416, b"", "bytes */10"),
        ("bytes=2-" + "9" * 5000, 206, b"23456789", "bytes 2-9/10"),
        ("bytes=" + "9" * 5000 + "-", 416, b"", "bytes */10"),
        ("bytes=" + "0" * 5000 + "3-4", 206, b"34", "bytes 3-4/10"),
        ("bytes=-" + "9" * 5000, 206, b"0123456789", "bytes 0-9/10"),
        ("bytes=٣-", 200, b"0123456789", None),
        ("bytes=0-1,3-4", 200, b"0123456789", None),
        ("lines=0-3", 200, b"0123456789", None),
    ],
)
def test_a_recording_can_be_wound_forward(client, header, status, part, content_range):
    document = make_document(name="bai-giang.mp4", content=b"0123456789")
    make_news(recording_block(document))
    response = client.get(document.url, headers={"Range": header})
    assert (response.status_code, body(response), response.get("Content-Range")) == (status, part, content_range)
    assert response["Accept-Ranges"] == "bytes"


@limits(deadline=None)
@given(header=st.one_of(st.text(), st.from_regex(r"\Abytes=\d*-\d*\Z")), size=st.integers(0, 10**12))
def test_every_range_lies_within_the_file_or_is_none(header, size):
    found = parse_range(header, size)
    assert found is None or found == () or 0 <= found[0] <= found[1] < size


@pytest.mark.parametrize(
    ("name", "query", "disposition"),
    [
        ("a.pdf", "", "inline"),
        ("a.pdf", "?tai-ve", "attachment"),
        ("a.docx", "", "attachment"),
        ("a.txt", "", "attachment"),
        ("a.mp3", "", "inline"),
    ],
)
def test_only_harmless_kinds_are_shown_in_the_browser(client, name, query, disposition):
    document = make_document(name=name)
    make_news(recording_block(document))
    response = client.get(document.url + query)
    assert response["Content-Disposition"].split(";")[0] == disposition
    assert response["Content-Security-Policy"] == (
        "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox"
    )
    body(response)
