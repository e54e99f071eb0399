"""What strangers see."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import Page, Site

from cms.models import HomePage, NewsPage
from cms.services.site import ensure_site
from tests.factories.media import make_image
from tests.factories.people import make_unit
from tests.factories.programmes import make_lesson_page, make_programme_page, publish

pytestmark = pytest.mark.django_db


@pytest.fixture
def site():
    return ensure_site(name="Trung tâm chính trị", hero_title="Học tập suốt đời")


@pytest.fixture
def unit():
    return make_unit()


def make_news(site, title, *, date="2026-11-23", live=True, **fields):
    fields = {"summary": f"Tóm tắt của {title}", "body": [{"type": "text", "value": "<p>Nội dung tin</p>"}], **fields}
    number = Page.objects.count()
    page = NewsPage(title=title, slug=f"tin-{number}", date=date, live=False, **fields)
    site.news.add_child(instance=page)
    return publish(page) if live else page


def text_of(client, url):
    response = client.get(url)
    assert response.status_code == 200
    return response.content.decode()


def test_the_site_is_made_once():
    first = ensure_site(name="Sen")
    again = ensure_site(name="Tên khác")
    assert (again.home.pk, again.programmes.pk, again.news.pk) == (first.home.pk, first.programmes.pk, first.news.pk)
    assert list(Page.objects.order_by("path").values_list("slug", flat=True)) == [
        "root",
        "trang-chu",
        "chuong-trinh",
        "tin-tuc",
    ]
    site = Site.objects.get()
    assert (site.hostname, site.port, site.is_default_site, site.root_page_id, site.site_name) == (
        "localhost",
        80,
        True,
        first.home.pk,
        "Sen",
    )


def test_a_page_that_a_person_wrote_is_not_replaced():
    welcome = Page.objects.get(depth=2)
    child = HomePage(title="Có sẵn", slug="co-san")
    welcome.get_parent().add_child(instance=child)
    Site.objects.update(root_page=child.pk)
    assert ensure_site(name="Sen").home.pk == child.pk
    assert HomePage.objects.count() == 1


def test_the_front_page(site, unit, client):
    make_programme_page(unit, title="Bồi dưỡng đảng viên mới", summary="Mười bài", cover=make_image())
    make_programme_page(unit, title="Bản nháp", live=False, modules=())
    make_news(site, "Khai giảng lớp mới", image=make_image())
    make_news(site, "Tin chưa đăng", live=False)
    text = text_of(client, "/")
    for piece in (
        "Học tập suốt đời",
        "Bồi dưỡng đảng viên mới",
        "Khai giảng lớp mới",
        'action="/xac-minh/"',
        "/tep/anh/",
    ):
        assert piece in text
    for piece in ("Bản nháp", "Tin chưa đăng", "style="):
        assert piece not in text


def test_an_empty_front_page(site, client):
    text = text_of(client, "/")
    assert 'class="empty"' in text
    assert 'class="covers"' not in text


def test_the_front_page_costs_the_same_for_one_and_three(site, unit, client):
    def cost():
        client.get("/")
        with CaptureQueriesContext(connection) as captured:
            client.get("/")
        return len(captured)

    make_programme_page(unit, cover=make_image())
    make_news(site, "Tin 1", image=make_image())
    one = cost()
    for number in (2, 3):
        make_programme_page(unit, title=f"Chương trình {number}", cover=make_image())
        make_news(site, f"Tin {number}", image=make_image())
    assert cost() == one
    assert one <= 16


def test_a_programme_shows_its_lessons_by_name_only(site, unit, client):
    programme = make_programme_page(
        unit, summary="Tóm tắt", audience="Quần chúng ưu tú", modules=(("theory", "Lý luận", ("Điều lệ Đảng",)),)
    )
    module = programme.get_children().get()
    make_lesson_page(module, title="Bài chưa đăng", live=False)
    text = text_of(client, programme.url)
    for piece in ("Tóm tắt", "Quần chúng ưu tú", "Lý luận", "Điều lệ Đảng"):
        assert piece in text
    for piece in ("Nội dung bài học", "Bài chưa đăng"):
        assert piece not in text


def test_programmes_by_category(site, unit, client):
    make_programme_page(unit, title="Nhận thức", category="awareness")
    make_programme_page(unit, title="Mặt trận", category="front")
    everything, one, unknown = (
        text_of(client, f"{site.programmes.url}{query}") for query in ("", "?loai=front", "?loai=x")
    )
    assert ["Nhận thức</a>" in text for text in (everything, one, unknown)] == [True, False, True]
    assert ["Mặt trận</a>" in text for text in (everything, one, unknown)] == [True, True, True]


def test_news_come_in_pages(site, client):
    for number in range(12):
        make_news(site, f"Bản tin số {number:02}", date=f"2026-11-{number + 1:02}")
    first, second = text_of(client, site.news.url), text_of(client, f"{site.news.url}?page=2")
    assert ("Bản tin số 11" in first, "Bản tin số 01" in first) == (True, False)
    assert ("Bản tin số 11" in second, "Bản tin số 01" in second) == (False, True)


def test_a_news_item(site, client):
    page = make_news(site, "Khai giảng")
    text = text_of(client, page.url)
    assert "<p>Nội dung tin</p>" in text
    assert "Tóm tắt của Khai giảng" in text


def test_what_is_not_there_is_not_found(site, client):
    assert client.get("/khong-co/").status_code == 404
    assert client.get("/quan-tri-khong-co/").status_code == 404


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("Hòa", ["Hòa bình", "Hoa hồng"]),
        ("hoa", ["Hoa hồng", "Hòa bình"]),
        ("hoà bình", ["Hòa bình"]),
        ("HOA BINH", ["Hòa bình"]),
        ("đảng viên", ["Đảng viên mới"]),
        ("dang vien", ["Đảng viên mới"]),
        ("không có", []),
        ("", []),
        ("  ", []),
        ('"*()', []),
    ],
)
def test_search_with_and_without_accents(site, client, query, found):
    for title in ("Hoa hồng", "Hòa bình", "Đảng viên mới"):
        make_news(site, title, summary="x", body=[])
    results = client.get("/tim-kiem/", {"q": query}).context["page_of_results"].object_list
    assert [page.title for page in results] == found


def test_search_finds_the_text_of_news_and_no_lessons(site, unit, client):
    make_programme_page(unit, title="Chương trình mở")
    make_news(site, "Tin", body=[{"type": "text", "value": "<p>Kế hoạch tổng kết</p>"}])
    assert [page.title for page in client.get("/tim-kiem/?q=tong+ket").context["page_of_results"]] == ["Tin"]
    assert list(client.get("/tim-kiem/?q=noi+dung+bai+hoc").context["page_of_results"]) == []


def test_drafts_are_not_found(site, client):
    page = make_news(site, "Bí mật")
    page.unpublish()
    assert list(client.get("/tim-kiem/?q=bi+mat").context["page_of_results"]) == []
