"""What the list of a bank shows is what its export holds, whatever the filter; on pages and in the API."""

from __future__ import annotations

import html
import re
from types import SimpleNamespace

import pytest
from django.urls import reverse

from quizzes.models import Item
from quizzes.services.bank import approval
from quizzes.services.bank.topics import add_topic
from tests.factories.banks import make_question, make_world

pytestmark = pytest.mark.django_db

ADDRESSES = [
    "",
    "q=hoa giai",
    "q=hòa giải",
    "level=apply",
    "state=in_review",
    "kind=multiple_response",
    "tag=ÔN TẬP",
    "topic=TOP",
    "topic=0",
    "used=yes",
    "used=no&sort=-code",
    "can=duyet",
    "q=hoa&level=apply&sort=code&page=1",
]


@pytest.fixture
def world():
    """Questions that differ in one thing each, one of them in the bank above."""
    world = make_world()
    top = add_topic(bank=world.bank, name="Dân vận")
    below = add_topic(bank=world.bank, name="Hoà giải", parent=top)
    make_question(world.bank, "Hoà giải ở cơ sở là gì?", author=world.author, level="apply", topic=below, code="A1")
    make_question(world.bank, "Hoa của đất nước", author=world.author, level="apply", code="A2")
    make_question(world.bank, "Khác", author=world.officer, topic=top, tags=["Ôn tập"], code="A3")
    waiting = make_question(world.bank, "Chờ duyệt", author=world.author, code="A4")
    approval.submit_item(item=waiting, actor=world.author)
    return SimpleNamespace(
        **{name: getattr(world, name) for name in ("bank", "officer", "author", "stranger")}, top=top.pk
    )


def listed(client, bank, address):
    """Return the codes that the list shows, its words of export and where they lead."""
    text = client.get(f"{reverse('exams:bank', args=[bank.pk])}?{address}").content.decode()
    codes = re.findall(r'class="bank-code">(\w+)<', text)
    link = re.search(
        rf'href="({re.escape(reverse("exams:export", args=[bank.pk]))}[^"]*)">.{{0,200}}?(Xuất \d[^<]*)</a>', text
    )
    return codes, *((html.unescape(link[1]), link[2]) if link else ("", ""))


def exported(client, address):
    answer = client.get(address)
    return sorted(re.findall(r"::(\w+)::", answer.content.decode())) if answer.status_code == 200 else []


@pytest.mark.parametrize("address", ADDRESSES)
def test_the_export_holds_exactly_what_the_list_shows(client_as, world, address):
    client = client_as(world.officer)
    address = address.replace("TOP", str(world.top))
    codes, link, words = listed(client, world.bank, address)

    assert words == (f"Xuất {len(codes)} câu đang hiển thị" if codes else "")
    query = link.partition("?")[2]
    file = reverse("exams:export-file", args=[world.bank.pk, "gift"])
    assert exported(client, f"{file}?{query if codes else address}") == sorted(codes)
    api = reverse("api:bank-export", args=[world.bank.pk])
    assert exported(client, f"{api}?type=gift&{address}") == sorted(codes)
    if codes:
        page = client.get(f"{link}{'&' if query else '?'}dang=gift")
        assert (page.context["count"], page.context["total"]) == (len(codes), len(codes))
        assert dict(page.context["carried"]) == {
            name: value for name, value in (part.split("=") for part in address.split("&") if part) if name != "page"
        }
        onward = re.search(r'href="([^"]*/gift/[^"]*)"', page.content.decode())
        assert exported(client, html.unescape(onward[1])) == sorted(codes)


def test_the_addresses_find_what_they_should(client_as, world):
    client = client_as(world.officer)
    found = {
        address: sorted(listed(client, world.bank, address.replace("TOP", str(world.top)))[0]) for address in ADDRESSES
    }
    every = ["A1", "A2", "A3", "A4"]
    assert found == {
        "": every,
        "q=hoa giai": ["A1"],
        "q=hòa giải": ["A1"],
        "level=apply": ["A1", "A2"],
        "state=in_review": ["A4"],
        "kind=multiple_response": [],
        "tag=ÔN TẬP": ["A3"],
        "topic=TOP": ["A1", "A3"],
        "topic=0": ["A2", "A4"],
        "used=yes": [],
        "used=no&sort=-code": every,
        "can=duyet": ["A4"],
        "q=hoa&level=apply&sort=code&page=1": ["A1", "A2"],
    }


def test_who_sees_other_keys_not_exports_only_what_is_theirs(client_as, world):
    client = client_as(world.author)
    codes, link, words = listed(client, world.bank, "")
    assert (sorted(codes), words) == (["A1", "A2", "A3", "A4"], "Xuất 3 câu đồng chí được xem đáp án")
    assert exported(client, link.replace("/xuat/", "/xuat/gift/")) == ["A1", "A2", "A4"]
    api = reverse("api:bank-export", args=[world.bank.pk])
    assert exported(client, f"{api}?type=gift") == ["A1", "A2", "A4"]
    assert client_as(world.stranger).get(f"{api}?type=gift").status_code == 404
    assert Item.objects.count() == 4
