"""The auditor's page."""

import pytest

from lms.audit.services import record
from lms.people.models import User
from tests.factories.people import grant, make_unit, make_user

pytestmark = pytest.mark.django_db
URL = "/dieu-hanh/nhat-ky/"


@pytest.fixture
def auditor():
    person = make_user("Kiểm Toán Viên")
    grant(person, "auditor", make_unit(kind="central"))
    return User.objects.get(pk=person.pk)


def shown(response):
    return [str(row.words) for row in response.context["rows"]]


def test_filters(auditor, client_as):
    actor = make_user("Đặng Thị Hồng")
    record(actor=actor, action="people.contact_changed", target="user:5", data={"fields": ["email"]})
    record(actor=None, action="classes.class_opened", target="class:4", stream="class:4")
    record(actor=None, action="test.odd", data={"list": list(range(20))})
    client = client_as(auditor)
    assert shown(client.get(URL)) == ["test.odd", "Mở lớp", "Đổi thông tin liên hệ"]
    for query, words in (
        ("q=dang thi", ["Đổi thông tin liên hệ"]),
        ("area=classes", ["Mở lớp"]),
        ("target=user:5", ["Đổi thông tin liên hệ"]),
        ("since=2999-01-01", []),
        ("until=2000-01-01", []),
    ):
        assert shown(client.get(f"{URL}?{query}")) == words
    for query in ("area=nothing&since=x", "since=0001-01-01", "until=9999-12-31"):
        assert client.get(f"{URL}?{query}").status_code == 422


def test_pages_and_queries(auditor, client_as, django_assert_num_queries):
    client = client_as(auditor)
    client.get(URL)
    for count in (1, 3, 51):
        for _row in range(count):
            record(actor=make_user(), action="people.edited")
        with django_assert_num_queries(8):
            response = client.get(URL)
    older = response.context["older"]
    assert len(response.context["rows"]) == 50
    assert len(client.get(f"{URL}?before={older}").context["rows"]) == 5


def test_a_superuser_starts_at_the_top_of_the_tree(client_as):
    top = make_unit(kind="central")
    make_unit(top)
    boss = make_user(is_superuser=True)
    assert client_as(boss).get("/dieu-hanh/")["Location"] == f"/dieu-hanh/don-vi/{top.pk}/"
    page = client_as(boss).get("/dieu-hanh/hoc-vien/")
    assert (page.status_code, page.context["unit"]) == (200, top)
