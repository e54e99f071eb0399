"""The guides in the product: which one the "?" opens, how markdown becomes a page, who reads."""

from __future__ import annotations

import os
import re
from urllib.parse import quote

import pytest
from django.test import Client
from django.urls import reverse

from lms.common.html import CleanHtml
from lms.guides import reading
from lms.guides.catalogue import ENTRIES, entry_for
from lms.people.enums import Role
from tests.factories.people import grant, make_unit, make_user

HELP = re.compile(r'<a class="top-action" href="(/huong-dan/[^"]*)"')
ANCHOR = re.compile(r'href="#([^"]+)"')


def person(*roles: Role):
    unit = make_unit(name="Trung tâm chính trị")
    user = make_user("Trần Thị Hướng", unit=unit)
    for role in roles:
        grant(user, role, unit)
    return user


@pytest.mark.django_db
def test_the_help_of_a_page_is_the_guide_of_its_area_and_of_ones_role() -> None:
    people = {
        "learner": person(),
        "lecturer": person(Role.LECTURER),
        "registrar": person(Role.REGISTRAR),
        "manager": person(Role.CENTRE_MANAGER),
        "auditor": person(Role.AUDITOR),
        "administrator": person(Role.ADMINISTRATOR),
    }
    pages = ["/hoc/", "/giang-day/lop/1/", "/dieu-hanh/", "/dieu-hanh/lop/1/", "/dieu-hanh/nhat-ky/"]
    pages += ["/khao-thi/ma-tran/", "/khao-thi/coi-thi/1/", "/khao-thi/cham/", "/tin-tuc/"]
    found = {
        name: [entry.slug if (entry := entry_for(page, user)) else "" for page in pages]
        for name, user in people.items()
    }
    office = ["quan-ly", "giao-vu", "quan-ly"]
    assert found == {
        "learner": ["hoc-vien", "", "", "", "", "", "", "", ""],
        "lecturer": ["hoc-vien", "giang-vien", "", "", "", "khao-thi", "coi-thi", "cham-tu-luan", ""],
        "registrar": ["hoc-vien", "", "", "giao-vu", "", "", "coi-thi", "", ""],
        "manager": ["hoc-vien", "", *office, "khao-thi", "coi-thi", "cham-tu-luan", ""],
        "auditor": ["hoc-vien", "", "", "", "quan-tri", "", "", "", ""],
        "administrator": ["hoc-vien", "", "quan-ly", "giao-vu", "quan-tri", "khao-thi", "coi-thi", "cham-tu-luan", ""],
    }


@pytest.mark.django_db
def test_every_page_leads_to_its_guide(client_as) -> None:
    client = client_as(person(Role.LECTURER))
    led = {path: HELP.findall(client.get(path).content.decode()) for path in ("/giang-day/", "/hoc/", "/huong-dan/")}
    assert led == {
        "/giang-day/": ["/huong-dan/giang-vien/"],
        "/hoc/": ["/huong-dan/hoc-vien/"],
        "/huong-dan/": ["/huong-dan/"],
    }
    assert HELP.findall(Client().get("/dang-nhap/").content.decode()) == []


@pytest.mark.django_db
@pytest.mark.parametrize("slug", [entry.slug for entry in ENTRIES])
def test_a_guide_is_a_page_with_contents_that_lead_somewhere(client_as, slug) -> None:
    page = client_as(person()).get(reverse("guide", args=[slug])).content.decode()
    anchors = ANCHOR.findall(page.split("guide-contents", 1)[1])
    assert anchors
    assert [anchor for anchor in anchors if f'id="{anchor}"' not in page] == []
    assert page.count('class="prose"') == page.count('<div class="prose" hx-disable>') >= len(anchors)
    assert "(hinh/" not in page
    assert ".md" not in page.split("<main", 1)[1]


@pytest.mark.django_db
def test_the_list_has_the_own_guides_first_and_costs_the_same_for_all(client_as, django_assert_num_queries) -> None:
    client = client_as(person(Role.LECTURER))
    client.get(reverse("guides"))
    page = client.get(reverse("guides")).content.decode()
    own, others = page.split('id="other-guides"')
    shown = re.compile(r'href="/huong-dan/([\w-]+)/" class="list-main"')
    assert shown.findall(own) == ["hoc-vien", "giang-vien", "khao-thi", "coi-thi", "cham-tu-luan", "tac-gia"]
    assert shown.findall(others) == ["giao-vu", "quan-ly", "quan-tri"]


@pytest.mark.django_db
def test_what_is_no_guide_is_not_found(client_as) -> None:
    client = client_as(person())
    assert client.get("/huong-dan/khong-co/").status_code == 404
    assert client.get("/huong-dan/index/").status_code == 404
    assert Client().get("/huong-dan/hoc-vien/").status_code == 302


def test_markdown_becomes_sections_with_the_addresses_of_the_product(tmp_path, monkeypatch) -> None:
    (tmp_path / "mau.md").write_text(
        "# Mẫu *chữ*\n\nLời mở.\n\n## Đăng nhập, lần đầu\n\n- [ ] Một việc\n- Xem [coi thi](coi-thi.md#mất-mạng), "
        "[tất cả](index.md)\n\n<b onclick=x>không chạy</b>\n\n### Nhỏ\n\n| a | b |\n|---|---|\n| 1 | 2 |\n"
    )
    monkeypatch.setattr(reading, "folder", lambda: tmp_path)
    guide = reading.read_guide("mau")
    assert (guide.title, str(guide.lead)) == ("Mẫu chữ", "<p>Lời mở.</p>")
    (section,) = guide.sections
    assert (section.anchor, section.title) == ("đăng-nhập-lần-đầu", "Đăng nhập, lần đầu")
    assert isinstance(section.body, CleanHtml)
    assert section.body.split("\n") == [
        "<ul>",
        "<li>☐ Một việc</li>",
        f'<li>Xem <a href="/huong-dan/coi-thi/#{quote("mất-mạng")}">coi thi</a>, <a href="/huong-dan/">tất cả</a></li>',
        "</ul>",
        "<p>&lt;b onclick=x&gt;không chạy&lt;/b&gt;</p>",
        "<h3>Nhỏ</h3>",
        "<table>",
        "<thead>",
        "<tr>",
        "<th>a</th>",
        "<th>b</th>",
        "</tr>",
        "</thead>",
        "<tbody>",
        "<tr>",
        "<td>1</td>",
        "<td>2</td>",
        "</tr>",
        "</tbody>",
        "</table>",
    ]


def test_a_guide_is_parsed_once_and_again_when_its_file_changes(tmp_path, monkeypatch) -> None:
    path = tmp_path / "mau.md"
    path.write_text("# Một\n")
    monkeypatch.setattr(reading, "folder", lambda: tmp_path)
    first = reading.read_guide("mau")
    assert reading.read_guide("mau") is first
    path.write_text("# Hai\n")
    os.utime(path, ns=(1, path.stat().st_mtime_ns + 1_000_000))
    assert reading.read_guide("mau").title == "Hai"
