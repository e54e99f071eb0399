"""The unit tree and its roll-ups over the API: exact shapes, own subtree only, errors that name their fields."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from lms.completion.services import record_progress
from tests.factories.cast import ROLES, make_cast
from tests.factories.classes import make_class, make_enrolment
from tests.factories.people import make_unit, make_user

pytestmark = pytest.mark.django_db


def as_user(user):
    client = APIClient()
    if user is not None:
        client.force_authenticate(user)
    return client


@pytest.fixture
def cast():
    made = make_cast()
    reader = made.study.another("Bùi Thị Đọc")
    record_progress(enrolment=reader, item_id=made.study.items("lesson")[0].pk, position=1, seconds=60, completed=True)
    make_class(made.centre, made.study.edition, state="cancelled")
    return made


def unit(of, kind, children):
    return {"id": of.pk, "name": of.name, "kind": kind, "code": of.code, "current": True, "children": children}


NOBODY = {
    "classes": 0,
    "enrolled": 0,
    "in_progress": 0,
    "completed": 0,
    "failed": 0,
    "withdrawn": 0,
    "completion_percent": None,
    "bands": {"average": 0, "good": 0, "very_good": 0, "excellent": 0},
    "plan": None,
    "percent_of_plan": None,
}
CLASS_A = {**NOBODY, "classes": 1, "enrolled": 2, "in_progress": 1, "completion_percent": 0.0}
CLASS_B = {**NOBODY, "classes": 1, "enrolled": 1, "completion_percent": 0.0}
BOTH = {**NOBODY, "classes": 2, "enrolled": 3, "in_progress": 1, "completion_percent": 0.0}


def test_who_sees_a_unit(cast):
    nobody = dict.fromkeys(ROLES, 404) | {"anonymous": 401}
    for tail in ("children/", "completion/"):
        found = {
            name: {
                role: as_user(cast.person(role)).get(f"/api/v1/units/{where.pk}/{tail}").status_code for role in ROLES
            }
            for name, where in (("centre", cast.centre), ("other", cast.other_province), ("root", cast.root))
        }
        assert found == {
            "centre": nobody | {"centre_manager": 200, "national_manager": 200},
            "other": nobody | {"other_manager": 200, "national_manager": 200},
            "root": nobody | {"national_manager": 200},
        }
    assert as_user(cast.national_manager).get(f"/api/v1/units/{10**9}/completion/").status_code == 404


def test_the_tree_that_one_may_see(cast):
    assert as_user(cast.other_manager).get("/api/v1/units/").json() == {
        "count": 2,
        "next": None,
        "previous": None,
        "results": [unit(cast.other_province, "province", 1), unit(cast.other_centre, "centre", 0)],
    }
    assert as_user(cast.learner).get("/api/v1/units/").json()["results"] == []
    found = as_user(cast.national_manager).get("/api/v1/units/", {"q": "trung tam b"}).json()
    assert found["results"] == [unit(cast.other_centre, "centre", 0)]


def test_the_units_below_one(cast):
    below = as_user(cast.national_manager).get(f"/api/v1/units/{cast.root.pk}/children/").json()
    assert below == {
        "count": 2,
        "next": None,
        "previous": None,
        "results": [unit(cast.province, "province", 1), unit(cast.other_province, "province", 1)],
    }


def test_completion_by_unit(cast):
    year = cast.training_class.year
    answer = as_user(cast.national_manager).get(f"/api/v1/units/{cast.root.pk}/completion/", {"year": year})
    assert answer.json() == {
        "unit": unit(cast.root, "central", 2),
        "year": year,
        "tree": "now",
        "rows": [
            {"unit": {"id": cast.province.pk, "name": "Tỉnh A"}, **CLASS_A},
            {"unit": {"id": cast.other_province.pk, "name": "Tỉnh B"}, **CLASS_B},
        ],
        "total": BOTH,
    }


def test_completion_by_programme_year_and_kind(cast):
    client = as_user(cast.national_manager)

    def read(**query):
        body = client.get(f"/api/v1/units/{cast.root.pk}/completion/", query).json()
        return body["year"], body["rows"], body["total"]

    programme = cast.study.edition.programme
    about = {"programme": {"id": programme.pk, "title": programme.title}}
    assert read(group_by="programme") == (None, [about | BOTH], BOTH)
    assert read(group_by="year") == (None, [{"year": cast.training_class.year, **BOTH}], BOTH)
    done = {"enrolled": 3, "in_progress": 3, "completion_percent": 0.0}
    assert read(group_by="kind") == (
        None,
        [{"kind": "theory", **NOBODY, **done}, {"kind": "professional", **NOBODY}],
        BOTH,
    )
    assert read(programme=programme.pk, module_kind="theory", group_by="year")[2] == BOTH
    assert read(module_kind="professional", group_by="year") == (None, [], NOBODY)
    assert read(year=1999) == (
        1999,
        [{"unit": {"id": one.pk, "name": one.name}, **NOBODY} for one in (cast.province, cast.other_province)],
        NOBODY,
    )


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"year": "next"}, "year"),
        ({"year": "-1"}, "year"),
        ({"year": "9" * 40}, "year"),
        ({"programme": "x"}, "programme"),
        ({"module_kind": "sports"}, "module_kind"),
        ({"group_by": "colour"}, "group_by"),
    ],
)
def test_a_bad_parameter_names_its_field(cast, query, field):
    answer = as_user(cast.centre_manager).get(f"/api/v1/units/{cast.centre.pk}/completion/", query)
    assert (answer.status_code, answer.json()["code"], list(answer.json()["fields"])) == (400, "invalid", [field])


@pytest.mark.parametrize("tail", ["children/", "completion/", "completion/?group_by=programme"])
def test_the_cost_is_the_same_for_one_child_and_for_three(cast, tail):
    client = as_user(cast.person("national_manager"))
    address = f"/api/v1/units/{cast.province.pk}/{tail}"

    def cost():
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        return len(captured)

    cost()  # reads the memberships
    one = cost()
    for number in range(2):
        make_enrolment(make_class(make_unit(cast.province, f"Trung tâm {number}"), cast.study.edition), make_user())
    assert (cost(), one <= 6) == (one, True)
