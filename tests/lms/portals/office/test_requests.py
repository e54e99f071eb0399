"""Requests for learners of other units on the pages of both units and of the learner, and over the API."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from lms.classes.models import Enrolment, EnrolmentRequest
from lms.classes.services import requests
from lms.people.models import SensitiveProfile, User
from tests.factories.cast import make_cast
from tests.factories.classes import tally_of
from tests.factories.people import make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_passwords")]
PAGE = "/dieu-hanh/de-nghi/"
API = "/api/v1/enrolment-requests/"


@pytest.fixture
def cast():
    return make_cast()


@pytest.fixture
def stranger(cast):
    user = make_user("Đỗ Thị Linh", username="do.thi.linh", unit=cast.other_centre, phone="+84912345678")
    SensitiveProfile.objects.create(user=user, birth_date=dt.date(1990, 2, 15), citizen_id="025090001234")
    return user


@pytest.fixture
def asked(cast, stranger):
    requests.ask(training_class=cast.training_class, learner_ids=[stranger.pk], actor=cast.person("centre_manager"))
    return EnrolmentRequest.objects.get()


def test_who_sees_the_request_where(cast, asked, client_as):
    seen = {}
    for role in ("learner", "lecturer", "other_lecturer", "centre_manager", "other_manager", "national_manager"):
        client = client_as(cast.person(role))
        pages = [client.get(PAGE), client.get(f"{PAGE}?xem=gui")]
        seen[role] = [len(page.context["page"].object_list) if page.status_code == 200 else 404 for page in pages]
    assert seen == {
        "learner": [404, 404],
        "lecturer": [404, 404],
        "other_lecturer": [404, 404],
        "centre_manager": [0, 1],
        "other_manager": [1, 0],
        "national_manager": [1, 1],
    }


def test_the_home_unit_accepts_on_its_page(cast, stranger, asked, client_as):
    url = f"{PAGE}{asked.pk}/tra-loi/"
    for role in ("learner", "lecturer", "other_lecturer", "centre_manager"):
        assert client_as(cast.person(role)).post(url, {"act": "accept"}).status_code == 404
    assert client_as(stranger).post(url, {"act": "accept"}).status_code == 404  # the person's own page is another
    assert not Enrolment.objects.filter(learner=stranger).exists()
    client = client_as(cast.person("other_manager"))
    assert "Đỗ Thị Linh" in client.get(PAGE).content.decode()
    assert client.post(url, {"act": "accept"})["Location"] == PAGE
    client.get(PAGE)
    assert Enrolment.objects.get(learner=stranger).training_class == cast.training_class
    again = client.post(url, {"act": "accept"}, follow=True)
    (message,) = again.context["messages"]
    assert "đã được chấp nhận trước đó, bởi bạn lúc" in str(message)
    assert Enrolment.objects.filter(learner=stranger).count() == 1


def test_the_home_unit_declines_with_a_reason(cast, stranger, asked, client_as):
    client_as(cast.person("other_manager")).post(
        f"{PAGE}{asked.pk}/tra-loi/", {"act": "decline", "reason": "Đang học lớp khác"}
    )
    asked.refresh_from_db()
    assert (asked.state, asked.reason) == ("declined", "Đang học lớp khác")
    sent = client_as(cast.person("centre_manager")).get(f"{PAGE}?xem=gui").content.decode()
    assert "Đang học lớp khác" in sent


def test_the_class_shows_a_name_and_no_more_and_takes_the_request_back(cast, stranger, asked, client_as):
    client = client_as(cast.person("centre_manager"))
    url = f"/dieu-hanh/lop/{cast.training_class.pk}/hoc-vien/"
    page = client.get(url).content.decode()
    assert "Đỗ Thị Linh" in page
    assert cast.other_centre.name in page
    for secret in ("do.thi.linh", "025090001234", "0912", "1990"):
        assert secret not in page
    assert tally_of(cast.training_class) == {"enrolled": 1}
    assert [row.pk for row, _waiting in client.get(url).context["rows"]] == [cast.enrolment.pk]
    assert client_as(cast.person("lecturer")).get(url).context["asked"].count() == 0
    for role in ("other_manager", "lecturer"):
        assert client_as(cast.person(role)).post(f"{PAGE}{asked.pk}/rut/").status_code == 404
    assert client.post(f"{PAGE}{asked.pk}/rut/")["Location"] == url
    asked.refresh_from_db()
    assert asked.state == "withdrawn"
    assert "Đỗ Thị Linh" not in client.get(url).content.decode()


@pytest.mark.parametrize("sent", [{}, {"act": "x"}, {"answer": "accept"}])  # the last by a page from before
def test_an_answer_that_is_none_decides_nothing(cast, stranger, asked, client_as, sent):
    assert client_as(stranger).post(f"/hoc/loi-moi/{asked.pk}/", sent).status_code == 404
    assert client_as(cast.person("other_manager")).post(f"{PAGE}{asked.pk}/tra-loi/", sent).status_code == 404
    asked.refresh_from_db()
    assert (asked.state, Enrolment.objects.filter(learner=stranger).exists()) == ("open", False)


@pytest.mark.parametrize(("answer", "state", "count"), [("accept", "accepted", 1), ("decline", "declined", 0)])
def test_the_person_answers_on_the_own_page(cast, stranger, asked, client_as, answer, state, count):
    url = f"/hoc/loi-moi/{asked.pk}/"
    for role in ("learner", "centre_manager", "other_manager"):
        assert client_as(cast.person(role)).post(url, {"act": "accept"}).status_code == 404
    client = client_as(stranger)
    assert cast.training_class.name in client.get("/hoc/").content.decode()
    assert client.post(url, {"act": answer}).status_code == 302
    asked.refresh_from_db()
    assert (asked.state, Enrolment.objects.filter(learner=stranger).count()) == (state, count)
    assert client.post(url, {"act": "accept"})["Location"] == "/hoc/"  # says that it was answered
    assert (EnrolmentRequest.objects.get().state, Enrolment.objects.filter(learner=stranger).count()) == (state, count)
    assert [one.pk for one in client.get("/hoc/").context["invitations"]] == []


def test_a_picked_person_of_another_unit_is_asked_for(cast, stranger, client_as):
    from tests.factories.classes import make_class, make_enrolment

    make_enrolment(make_class(cast.centre, cast.study.edition), stranger)  # known from another class of the centre
    client = client_as(cast.person("centre_manager"))
    base = f"/dieu-hanh/lop/{cast.training_class.pk}/hoc-vien/"
    assert client.post(f"{base}them/", {"learner": stranger.pk})["Location"] == base
    assert EnrolmentRequest.objects.get().learner == stranger
    assert not Enrolment.objects.filter(training_class=cast.training_class, learner=stranger).exists()
    unknown = make_user(unit=cast.other_centre)
    assert client.post(f"{base}them/", {"learner": unknown.pk}).status_code == 422
    assert EnrolmentRequest.objects.count() == 1


def test_the_pages_cost_the_same_for_one_and_three(cast, stranger, asked, client_as):
    clients = {
        PAGE: client_as(cast.person("other_manager")),
        f"{PAGE}?xem=gui": client_as(cast.person("centre_manager")),
        f"/dieu-hanh/lop/{cast.training_class.pk}/hoc-vien/": client_as(cast.person("centre_manager")),
    }
    counts = []
    for more in (0, 2):
        people = [make_user(unit=cast.other_centre).pk for _number in range(more)]
        requests.ask(training_class=cast.training_class, learner_ids=people, actor=cast.person("centre_manager"))
        for url, client in clients.items():
            client.get(url)
            with CaptureQueriesContext(connection) as queries:
                client.get(url)
            counts.append(len(queries))
    assert counts[:3] == counts[3:]


def api(user):
    client = APIClient()
    client.force_authenticate(User.objects.get(pk=user.pk))
    return client


def row_of(cast, stranger, asked, state="open", reason=""):
    asked.refresh_from_db()
    return {
        "id": asked.pk,
        "class": {"id": cast.training_class.pk, "name": cast.training_class.name},
        "unit": {"id": cast.centre.pk, "name": cast.centre.name},
        "learner": {"id": stranger.pk, "name": "Đỗ Thị Linh"},
        "home": {"id": cast.other_centre.pk, "name": cast.other_centre.name},
        "state": state,
        "asked_at": f"{asked.asked_at:%Y-%m-%dT%H:%M:%S.%fZ}",
        "expires_at": f"{asked.expires_at:%Y-%m-%dT%H:%M:%S.%fZ}",
        "reason": reason,
    }


def test_over_the_api(cast, stranger, asked):
    row = row_of(cast, stranger, asked)
    boxes = {
        "own": [stranger], "asked": [cast.other_manager, cast.national_manager],
        "sent": [cast.centre_manager, cast.national_manager],
    }  # fmt: skip
    people = [stranger, cast.other_manager, cast.centre_manager, cast.national_manager, cast.learner, cast.lecturer]
    for box, readers in boxes.items():
        for person in people:
            found = api(person).get(API, {"box": box}).json()["results"]
            assert found == ([row] if person in readers else []), (box, person)
    for act in ("accept", "decline", "take-back"):
        for person in (cast.learner, cast.lecturer, cast.other_lecturer):
            answer = api(person).post(f"{API}{asked.pk}/{act}/")
            absent = api(person).post(f"{API}987654/{act}/")
            assert (answer.status_code, answer.json()) == (absent.status_code, absent.json())
            assert answer.status_code == 404
    refused = api(cast.centre_manager).post(f"{API}{asked.pk}/accept/")
    assert (refused.status_code, refused.json()["code"]) == (409, "not_allowed")
    assert api(stranger).post(f"{API}{asked.pk}/decline/", {"reason": "x" * 251}, format="json").status_code == 400
    declined = api(stranger).post(f"{API}{asked.pk}/decline/", {"reason": "Tôi bận"}, format="json")
    assert (declined.status_code, declined.json()) == (200, row_of(cast, stranger, asked, "declined", "Tôi bận"))
    assert api(stranger).post(f"{API}{asked.pk}/accept/").json()["code"] == "not_open"
    assert not Enrolment.objects.filter(learner=stranger).exists()
    requests.ask(training_class=cast.training_class, learner_ids=[stranger.pk], actor=cast.person("centre_manager"))
    second = EnrolmentRequest.objects.open().get()
    accepted = api(cast.other_manager).post(f"{API}{second.pk}/accept/")
    assert (accepted.status_code, accepted.json()) == (200, row_of(cast, stranger, second, "accepted"))
    assert Enrolment.objects.get(learner=stranger).enrolled_by == cast.centre_manager
