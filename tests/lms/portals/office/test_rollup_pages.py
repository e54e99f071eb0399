"""The manager's overview: who sees what, and numbers that lead to exactly their rows."""

from __future__ import annotations

import csv
import html
import io
import re

import pytest
from django.test import Client
from django.urls import reverse
from python_calamine import load_workbook

from lms.classes.models import Enrolment, TrainingClass
from lms.classes.services.enrolments import withdraw
from lms.common.clock import today
from lms.completion.services import record_progress
from lms.reports.people import LearnerFilters, enrolments
from lms.reports.queries import Filters
from lms.reports.services.settling import settle
from tests.factories.cast import ROLES, make_cast
from tests.factories.classes import make_class, make_enrolment
from tests.factories.people import grant, make_unit, make_user

pytestmark = pytest.mark.django_db


def client(user):
    made = Client()
    if user is not None:
        made.force_login(user)
    return made


def unit_page(unit, **query):
    return reverse("office:unit", args=[unit.pk], query=query)


@pytest.fixture
def cast():
    """The cast, and in the learner's class somebody who has begun and somebody who has left."""
    made = make_cast()
    reader = made.study.another("Bùi Thị Đọc")
    record_progress(enrolment=reader, item_id=made.study.items("lesson")[0].pk, position=1, seconds=60, completed=True)
    withdraw(enrolment=made.study.another("Cao Văn Rút"), actor=made.centre_manager, reason="Chuyển công tác")
    make_class(made.centre, made.study.edition, state="planned")
    make_class(made.province, made.study.edition)
    return made


def test_who_may_open_which_page(cast):
    def statuses(path):
        return {role: client(cast.person(role)).get(path).status_code for role in ROLES}

    nobody = dict.fromkeys(ROLES, 404) | {"anonymous": 302}
    above = {"centre_manager": 200, "national_manager": 200}
    for path in (
        unit_page(cast.centre),
        reverse("office:unit-export", args=[cast.centre.pk, "csv"]),
        reverse("office:learners", query={"unit": cast.centre.pk}),
        reverse("office:learners-export", args=["csv"], query={"unit": cast.centre.pk}),
    ):
        assert statuses(path) == nobody | above, path
    assert statuses(unit_page(cast.other_centre)) == nobody | {"other_manager": 200, "national_manager": 200}
    assert statuses(unit_page(cast.province)) == nobody | {"national_manager": 200}
    # One's own enrolment leads to one's own pages.
    assert statuses(reverse("office:learner", args=[cast.enrolment.pk])) == nobody | above | {
        "learner": 302,
        "lecturer": 200,
    }


def test_the_first_page_is_ones_own_unit(cast):
    found = client(cast.centre_manager).get(reverse("office:home"))
    assert (found.status_code, found.url) == (302, reverse("office:unit", args=[cast.centre.pk]))
    assert client(cast.learner).get(reverse("office:home")).status_code == 404
    grant(cast.centre_manager, "auditor", cast.other_centre)
    found = client(cast.person("centre_manager")).get(reverse("office:home"))
    assert [unit.pk for unit in found.context["units"]] == [cast.centre.pk, cast.other_centre.pk]


LINK = re.compile(r'<td class="n"[^>]*><a href="([^"]+)">([\d.]+)</a>')


def links(page):
    return [(html.unescape(href), int(text.replace(".", ""))) for href, text in LINK.findall(page.content.decode())]


def rows_behind(asked, href):
    page = asked.get(href)
    assert page.status_code == 200, href
    return page.context["page" if "hoc-vien" in href else "list"]


@pytest.mark.parametrize("group", ["unit", "programme", "kind", "year"])
def test_every_number_leads_to_exactly_its_rows(cast, group):
    asked = client(cast.national_manager)
    for unit in (cast.root, cast.province):
        page = asked.get(unit_page(unit, group_by=group, year="all"))
        found = links(page)
        assert found
        for href, number in found:
            behind = rows_behind(asked, href)
            paginator = behind.paginator if "hoc-vien" in href else behind.page.paginator
            assert (href, paginator.count) == (href, number)


def test_tiles_lead_to_their_rows_too(cast):
    asked = client(cast.centre_manager)
    Enrolment.objects.filter(pk=cast.enrolment.pk).update(last_activity_at=None)
    TrainingClass.objects.filter(pk=cast.training_class.pk).update(starts_on="2026-01-01")
    page = asked.get(unit_page(cast.centre, year="all"))
    assert (page.context["sums"].classes, page.context["sums"].enrolled, page.context["behind_count"]) == (1, 3, 1)
    tiles = re.findall(r'<a class="tile[^"]*" href="([^"]+)"', page.content.decode())
    counts = []
    for href in map(html.unescape, tiles):
        behind = rows_behind(asked, href)
        counts.append((behind.paginator if "hoc-vien" in href else behind.page.paginator).count)
    assert counts == [1, 3, 0, 1]


def test_down_from_the_country_to_one_learner(cast):
    asked = client(cast.national_manager)
    place = unit_page(cast.root)
    for name in ("Tỉnh A", "Trung tâm A"):
        page = asked.get(place).content.decode()
        place = html.unescape(re.search(rf'<th scope="row"><a href="([^"]+)">{name}</a>', page)[1])
    page = asked.get(place)
    assert [unit.name for unit in page.context["ancestors"]] == ["Trung ương", "Tỉnh A"]
    first_row = page.content.decode().split("<tbody>")[1]
    listed = asked.get(html.unescape(re.search(r'href="([^"]*hoc-vien[^"]*)"', first_row)[1]))
    assert [row.learner.get_full_name() for row in listed.context["page"]] == [
        "Bùi Thị Đọc",
        "Trần Thị Học",
        "Cao Văn Rút",
    ]
    page = asked.get(reverse("office:learner", args=[cast.enrolment.pk]))
    assert (page.status_code, page.context["enrolment"]) == (200, cast.enrolment)
    assert [len(module.lines) for module in page.context["modules"]] == [4]


def test_ancestors_stop_where_ones_own_tree_begins(cast):
    assert client(cast.centre_manager).get(unit_page(cast.centre)).context["ancestors"] == []


def test_filters_of_the_list(cast):
    def names(**filters):
        found = enrolments(user=cast.national_manager, unit=cast.root, filters=LearnerFilters(**filters))
        return [row.learner.get_full_name() for row in found]

    everybody = names()
    assert sorted(everybody) == ["Bùi Thị Đọc", "Cao Văn Rút", "Trần Thị Học", "Đỗ Thị Lạ"]
    assert names(text="do thi la") == ["Đỗ Thị Lạ"]
    assert names(status="in_progress") == ["Bùi Thị Đọc"]
    assert names(band="good") == []
    assert names(base=Filters(year=1999)) == []
    assert sorted(names(base=Filters(programme_id=cast.study.edition.programme_id))) == sorted(everybody)
    assert names(part="theory_done") == []
    assert sorted(names(part="theory_left")) == ["Bùi Thị Đọc", "Trần Thị Học", "Đỗ Thị Lạ"]
    assert names(part="professional_all") == []
    own = LearnerFilters(own=True)
    assert list(enrolments(user=cast.national_manager, unit=cast.root, filters=own)) == []


def test_nobody_lists_whom_they_may_not_see(cast):
    found = enrolments(user=cast.centre_manager, unit=cast.root, filters=LearnerFilters())
    assert {row.training_class for row in found} == {cast.training_class}


def test_the_export_is_the_table_on_the_screen(cast):
    asked = client(cast.national_manager)
    answer = asked.get(reverse("office:unit-export", args=[cast.root.pk, "csv"], query={"year": "all"}))
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=_delimiter(answer)))
    assert [[row[0], row[1], row[2]] for row in rows[1:]] == [
        ["Tỉnh A", "2", "3"],
        ["Tỉnh B", "1", "1"],
        ["Tổng cộng", "3", "4"],
    ]
    book = asked.get(reverse("office:unit-export", args=[cast.root.pk, "xlsx"], query={"year": "all"}))
    sheet = load_workbook(io.BytesIO(book.content)).get_sheet_by_index(0).to_python()
    assert [row[:3] for row in sheet if row[0] in ("Tỉnh A", "Tỉnh B", "Tổng cộng")] == [
        ["Tỉnh A", 2.0, 3.0],
        ["Tỉnh B", 1.0, 1.0],
        ["Tổng cộng", 3.0, 4.0],
    ]
    assert asked.get(reverse("office:unit-export", args=[cast.root.pk, "exe"])).status_code == 404


def _delimiter(answer):
    return csv.Sniffer().sniff(answer.content.decode("utf-8-sig"), delimiters=",;\t").delimiter


def test_the_list_of_learners_is_exported_without_sensitive_fields(cast):
    cast.learner.email = "bi-mat@example.vn"
    cast.learner.save()
    asked = client(cast.centre_manager)
    query = {"unit": cast.centre.pk, "status": "in_progress", "year": "all"}
    text = asked.get(reverse("office:learners-export", args=["csv"], query=query)).content.decode("utf-8-sig")
    assert ("Bùi Thị Đọc" in text, "Trần Thị Học" in text, "bi-mat" in text) == (True, False, False)
    book = asked.get(reverse("office:learners-export", args=["xlsx"], query=query))
    cells = [row[0] for row in load_workbook(io.BytesIO(book.content)).get_sheet_by_index(0).to_python()]
    assert cells.count("Bùi Thị Đọc") == 1


def test_nonsense_in_the_address_falls_back(cast):
    page = client(cast.centre_manager).get(
        unit_page(cast.centre, year="x", programme="9" * 30, kind="?", group_by="colour")
    )
    query = page.context["query"]
    assert (page.status_code, query.filters, query.group_by) == (200, Filters(year=today().year), "programme")
    address = reverse("office:learners", query={"unit": "x", "status": "?", "page": "z"})
    listed = client(cast.centre_manager).get(address)
    assert (listed.status_code, listed.context["page"].number) == (200, 1)


def test_the_overview_costs_the_same_for_one_child_and_for_three(cast, django_assert_max_num_queries):
    asked = client(cast.national_manager)
    page = unit_page(cast.province)
    asked.get(page)
    with django_assert_max_num_queries(40) as before:
        asked.get(page)
    for number in range(2):
        centre = make_unit(cast.province, f"Trung tâm {number}")
        make_enrolment(make_class(centre, cast.study.edition), make_user())
    with django_assert_max_num_queries(len(before)):
        assert len(asked.get(page).context["rows"]) == 4
    assert len(before) <= 20


def test_the_list_costs_the_same_for_one_row_and_for_three(cast, django_assert_max_num_queries):
    asked = client(cast.other_manager)
    page = reverse("office:learners", query={"unit": cast.other_province.pk})
    asked.get(page)
    with django_assert_max_num_queries(20) as before:
        asked.get(page)
    for _number in range(2):
        make_enrolment(cast.other_class, make_user(unit=cast.other_centre))
    with django_assert_max_num_queries(len(before)):
        assert len(asked.get(page).context["page"].object_list) == 3


def test_settled_sums_show_the_same_page(cast):
    asked = client(cast.national_manager)
    page = unit_page(cast.root, year="all")
    before = asked.get(page).context["rows"]
    assert settle() > 0
    assert asked.get(page).context["rows"] == before
