"""Pages of annual plans: typing, pasting, submitting, deciding; nothing typed is lost."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from lms.classes.models import AnnualPlan, PlanLine
from lms.common.clock import today
from tests.factories.cast import make_cast
from tests.factories.people import make_unit
from tests.factories.programmes import make_edition, make_programme_page

pytestmark = pytest.mark.django_db


def client(user):
    made = Client()
    made.force_login(user)
    return made


@pytest.fixture
def world():
    cast = make_cast()
    other = make_edition(make_programme_page(cast.root, title="Đảng viên mới"))
    return cast, cast.study.edition.programme_id, other.programme_id


def page(unit, name="plan"):
    return reverse(f"office:{name}", args=[unit.pk, today().year])


def lines():
    return {line.programme_id: (line.classes, line.learners) for line in PlanLine.objects.all()}


def typed(found):
    return {row.programme_id: row.shown for row in found.context["rows"]}


def test_a_row_is_saved_alone_and_the_others_keep_what_was_typed(world):
    cast, one, two = world
    office = client(cast.centre_manager)
    data = {f"classes-{one}": "3", f"learners-{one}": "1.200", f"classes-{two}": "2", f"learners-{two}": "viele"}
    found = office.post(page(cast.centre), data | {"act": f"save:{one}"})
    assert (found.status_code, lines()) == (200, {one: (3, 1200)})
    assert typed(found) == {one: ("3", "1.200"), two: ("2", "viele")}
    found = office.post(page(cast.centre), data | {"act": "save"})
    assert (found.status_code, typed(found)[two], lines()) == (422, ("2", "viele"), {one: (3, 1200)})
    found = office.post(page(cast.centre), data | {f"learners-{two}": "", "act": "save"})
    assert (found.status_code, lines()) == (302, {one: (3, 1200), two: (2, 0)})


def test_a_pasted_table_is_taken_over_whole_or_comes_back(world):
    cast, _one, two = world
    office = client(cast.centre_manager)
    text = "Chương trình\tSố lớp\tSố học viên\n1\tĐảng viên mới\t4\t1.200\nKhông có\t1\t2\nĐảng viên mới\t4\n"
    found = office.post(page(cast.centre), {"act": "paste", "paste": text})
    assert (found.status_code, len(found.context["problems"]), lines()) == (422, 2, {})
    assert text.strip() in found.content.decode().replace("&#x27;", "'")
    office.post(page(cast.centre), {"act": "paste", "paste": "".join(text.splitlines(keepends=True)[:2])})
    assert lines() == {two: (4, 1200)}


def test_the_way_of_a_plan(world):
    cast, one, _two = world
    office, above, stranger = client(cast.centre_manager), client(cast.national_manager), client(cast.other_manager)
    office.post(page(cast.centre), {f"classes-{one}": "3", f"learners-{one}": "90", "act": "save"})
    act = page(cast.centre, "plan-act")
    assert stranger.post(act, {"act": "submit"}).status_code == 404
    assert office.post(act, {"act": "submit"}).status_code == 302
    assert office.post(act, {"act": "approve"}).status_code == 404  # not one's own
    assert stranger.post(act, {"act": "approve"}).status_code == 404
    assert above.post(act, {"act": "return", "note": ""}).status_code == 422
    assert above.post(act, {"act": "return", "note": "Thêm một lớp"}).status_code == 302
    plan = AnnualPlan.objects.get()
    assert (plan.state, plan.note) == ("returned", "Thêm một lớp")
    assert "Thêm một lớp" in office.get(page(cast.centre)).content.decode()
    office.post(act, {"act": "submit"})
    above.post(act, {"act": "approve"})
    plan.refresh_from_db()
    assert plan.state == "approved"
    overview = office.get(reverse("office:unit", args=[cast.centre.pk])).content.decode()
    assert "1/3" in overview
    body = office.get(reverse("api:unit-completion", args=[cast.centre.pk]), {"group_by": "programme"}).json()
    assert body["rows"][0]["plan"] == body["total"]["plan"] == {"classes": 3, "learners": 90}
    assert body["total"]["percent_of_plan"] == {"classes": 33.3, "learners": 1.1}
    csv = office.get(reverse("office:unit-export", args=[cast.centre.pk, "csv"])).getvalue().decode("utf-8-sig")
    assert csv.splitlines()[0].count("%") == 3


def test_the_list_shows_whose_plan_is_where_at_one_cost(world, django_assert_max_num_queries):
    cast, one, _two = world
    office = client(cast.national_manager)
    office.post(page(cast.centre), {f"classes-{one}": "3", "act": "save"})
    listed = reverse("office:plans")
    with django_assert_max_num_queries(20) as before:
        assert len(office.get(listed, {"state": "draft"}).context["rows"]) == 1
    cost = len(before)
    for _number in range(2):
        unit = make_unit(cast.province)
        office.post(page(unit), {f"classes-{one}": "3", "act": "save"})
    with django_assert_max_num_queries(cost):
        assert len(office.get(listed, {"state": "draft"}).context["rows"]) == 3
    assert cast.centre not in [unit for unit, _plan in office.get(listed, {"state": "none"}).context["rows"]]


def test_the_monthly_form_adds_up_by_group_of_programmes(world):
    cast, one, two = world
    type(cast.study.edition.programme).objects.filter(pk=one).update(category="awareness")
    office, above = client(cast.centre_manager), client(cast.national_manager)
    data = {f"classes-{one}": "2", f"learners-{one}": "4", f"classes-{two}": "1", "act": "save"}
    office.post(page(cast.centre), data)
    office.post(page(cast.centre, "plan-act"), {"act": "submit"})
    above.post(page(cast.centre, "plan-act"), {"act": "approve"})
    found = office.get(reverse("office:unit-form", args=[cast.centre.pk]))
    lines = {line.key: (line.sums.classes, line.plan.classes, line.classes_percent) for line in found.context["lines"]}
    assert {key: tuple(map(str, figures)) for key, figures in lines.items() if any(figures[:2])} == {
        "awareness": ("1", "2", "50.0"), "other": ("0", "1", "0.0"), "total": ("1", "3", "33.3"),
    }  # fmt: skip
    export = reverse("office:unit-form-export", args=[cast.centre.pk, "csv"])
    assert len(office.get(export).getvalue().decode("utf-8-sig").splitlines()) == 8
