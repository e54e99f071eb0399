import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from lms.people.models import SensitiveProfile
from tests.factories.classes import make_class, make_enrolment
from tests.factories.people import grant, make_unit, make_user
from tests.factories.programmes import make_edition

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    class World:
        country = make_unit(name="Trung ương", kind="central")
        centre = make_unit(country, "Trung tâm Tân Lập")
        manager = make_user("Lê Thị Quản")
        lecturer = make_user("Đỗ Giảng")
        stranger = make_user("Trần Lạ")
        learner = make_user("Nguyễn Văn An", position="Bí thư Chi đoàn")

    grant(World.manager, "centre_manager", World.centre)
    grant(World.stranger, "centre_manager", make_unit(World.country, "Nơi khác"))
    World.edition = make_edition(unit=World.country)
    World.training_class = make_class(
        World.centre,
        World.edition,
        name="Lớp 1",
        starts_on=dt.date(2026, 12, 1),
        opening_decision="45-QĐ",
        place="Hội trường",
        lecturers=[World.lecturer],
    )
    SensitiveProfile.objects.create(user=World.learner, citizen_id="025090001234", ethnicity="Tày-dân-tộc")
    World.enrolment = make_enrolment(World.training_class, World.learner, percent=40, status="in_progress")
    return World


def get(user, path):
    client = APIClient()
    if user:
        client.force_authenticate(user)
    return client.get(f"/api/v1/classes/{path}")


def test_the_facts_of_a_class(world):
    answer = get(world.manager, f"{world.training_class.pk}/")
    assert answer.json() == {
        "id": world.training_class.pk,
        "name": "Lớp 1",
        "state": "open",
        "programme": world.edition.title,
        "edition": 1,
        "unit": {"id": world.centre.pk, "name": "Trung tâm Tân Lập"},
        "year": 2026,
        "starts_on": "2026-12-01",
        "ends_on": "2026-12-11",
        "place": "Hội trường",
        "capacity": 100,
        "opening_decision": "45-QĐ",
        "recognition_decision": "",
        "staff": [{"name": "Đỗ Giảng", "role": "lecturer"}],
        "learners": {"enrolled": 0, "in_progress": 1, "completed": 0, "failed": 0, "withdrawn": 0},
    }


def test_its_learners_without_anything_sensitive(world):
    answer = get(world.lecturer, f"{world.training_class.pk}/learners/")
    assert answer.json() == {
        "count": 1,
        "next": None,
        "previous": None,
        "results": [
            {
                "enrolment": world.enrolment.pk,
                "name": "Nguyễn Văn An",
                "position": "Bí thư Chi đoàn",
                "organisation": "",
                "status": "in_progress",
                "percent": 40,
                "last_activity": None,
            }
        ],
    }


@pytest.mark.parametrize("path", ["{}/", "{}/learners/"])
def test_others_find_nothing(world, path):
    address = path.format(world.training_class.pk)
    answers = {who: get(getattr(world, who, None), address) for who in ("stranger", "learner", "anonymous")}
    assert {who: answer.status_code for who, answer in answers.items()} == {
        "stranger": 404,
        "learner": 404,
        "anonymous": 401,
    }
    assert answers["stranger"].json() == get(world.stranger, path.format(999_999)).json()


@pytest.mark.parametrize("path", ["{}/", "{}/learners/"])
def test_one_and_three_rows_cost_the_same(world, path, django_assert_num_queries):
    address = path.format(world.training_class.pk)
    for kept in ("_sen_memberships", "_sen_inherited"):
        world.manager.__dict__.pop(kept, None)
    with CaptureQueriesContext(connection) as one:
        get(world.manager, address)
    for _number in range(2):
        make_enrolment(world.training_class)
    for kept in ("_sen_memberships", "_sen_inherited"):
        world.manager.__dict__.pop(kept, None)
    with django_assert_num_queries(len(one)):
        get(world.manager, address)


def test_pages_of_learners(world):
    for _number in range(2):
        make_enrolment(world.training_class)
    page = get(world.manager, f"{world.training_class.pk}/learners/?page_size=2&page=2").json()
    assert (page["count"], len(page["results"]), page["next"]) == (3, 1, None)
