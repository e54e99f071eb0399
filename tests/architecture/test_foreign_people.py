"""People of other units and requests about them: nobody picks, finds, copies or answers what is another office's."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from lxml import html as lxml_html

from lms.classes.enums import ClassState
from lms.classes.models import Enrolment, EnrolmentRequest
from lms.exams.enums import SignUp
from lms.exams.models import SittingGuest
from lms.people.models import ActivationCode, SensitiveProfile, User
from tests.architecture.asking import asks
from tests.architecture.test_foreign_lists import text_of
from tests.architecture.test_write_matrix import World
from tests.architecture.urls import ONLY
from tests.factories.classes import make_class, make_enrolment
from tests.factories.people import make_user
from tests.factories.programmes import make_edition
from tests.factories.sittings import make_sitting

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
NEW, STAFF, ADD, ADD_NEW = (
    "office:class-new",
    "office:class-staff",
    "office:class-learner-add",
    "office:class-learner-new",
)
SLIPS, PICK, BOX = "office:class-slips", "office:class-pick-person", "api:enrolment-requests"
LETTER, JOIN = "office:erasure-new", "learner:join-code"
#: Acts on a request -> who may: the office that is asked and the person, or the office that asked.
ANSWERS = ("api:enrolment-request-accept", "api:enrolment-request-decline", "api:enrolment-request-back")
BORN = dt.date(1980, 5, 17)


@pytest.fixture
def world(client_as: Callable[..., Client]) -> World:
    """The world of the matrix with a stranger: known by name, birth date and phone, of another unit."""
    world = World(client_as)
    stranger = make_user("Đỗ Thị Linh Kinmat", unit=world.cast.other_centre, phone="+84912345678")
    SensitiveProfile.objects.create(user=stranger, birth_date=BORN)
    near = make_user("Đỗ Thị Gần Kinmat", unit=world.cast.centre)
    world.known |= {"class_id": world.cast.training_class.pk, "stranger": stranger.pk, "near": near.pk}
    return world


def of_class(world: World, name: str) -> str:
    return reverse(name, kwargs={"pk": world.known["class_id"]})


def tables(world: World, path: str, body: dict[str, Any]) -> set[str]:
    """Return what the office of the class writes by a form."""
    return world.send("registrar", "post", path, body)[1]


def test_forms_of_a_class_take_people_whom_the_office_sees(world: World) -> None:
    asks(NEW, STAFF, ADD)
    cast = world.cast
    facts = {
        "unit": cast.centre.pk,
        "edition": cast.study.edition.pk,
        "name": "Lớp mới",
        "starts_on": cast.training_class.starts_on.isoformat(),
        "ends_on": cast.training_class.ends_on.isoformat(),
        "capacity": 20,
    }
    cases = {
        (NEW, "lecturers"): (reverse(NEW), facts),
        (NEW, "homeroom"): (reverse(NEW), facts),
        (STAFF, "lecturers"): (of_class(world, STAFF), {}),
        (STAFF, "homeroom"): (of_class(world, STAFF), {}),
        (ADD, "learner"): (of_class(world, ADD), {}),
    }
    foreign = make_edition(unit=cast.other_centre)
    cases[NEW, "edition"] = (reverse(NEW), facts)
    rows = {case: [world.known["near"], world.known["stranger"]] for case in cases}
    rows[NEW, "edition"] = [cast.study.edition.pk, foreign.pk]
    taken = {
        case: [bool(tables(world, path, body | {case[1]: row})) for row in rows[case]]
        for case, (path, body) in cases.items()
        if not ONLY or case[0] in ONLY
    }
    assert taken == {key: [True, False] for key in taken}


def test_a_search_for_people_finds_those_whom_the_office_sees(world: World) -> None:
    asks(PICK)
    found = {}
    for field in ("homeroom", "lecturers", "learner"):
        path = reverse(PICK, kwargs={"field": field})
        text = text_of(world.clients["registrar"].get(path, {f"{field}_q": "Kinmat"}))
        found[field] = ("Đỗ Thị Gần" in text, "Đỗ Thị Linh" in text)
    assert found == dict.fromkeys(found, (True, False))


def test_a_class_is_copied_by_the_office_that_runs_it(world: World) -> None:
    asks(NEW)
    made = {
        name: make_class(unit, world.cast.study.edition, place=f"Hội trường {name}")
        for name, unit in (("nhà", world.cast.centre), ("lạ", world.cast.other_centre))
    }
    path = reverse(NEW)
    copied = {name: f"Hội trường {name}" in text_of(world.clients["registrar"].get(path, {"tu": one.pk}))
              for name, one in made.items()}  # fmt: skip
    assert copied == {"nhà": True, "lạ": False}


@pytest.mark.parametrize(
    ("told", "asked"),
    [
        ({"birth_date": BORN.isoformat()}, False),
        ({"phone": "0912345678"}, False),
        ({"birth_date": BORN.isoformat(), "phone": "0912345678"}, True),
    ],
)
def test_somebody_elsewhere_is_found_by_what_only_who_knows_the_person_can_tell(
    world: World, told: dict[str, str], asked: bool
) -> None:
    """Neither the birth date nor the phone alone finds a person of another unit; both ask, and enrol nobody."""
    asks(ADD_NEW)
    stranger = world.known["stranger"]
    body = {f"new-{name}": value for name, value in ({"full_name": "Đỗ Thị Linh Kinmat"} | told).items()}
    people = User.objects.count()
    assert world.clients["registrar"].post(of_class(world, ADD_NEW), body).status_code == 302
    assert (
        Enrolment.objects.filter(learner=stranger).exists(),
        EnrolmentRequest.objects.filter(learner=stranger).exists(),
        User.objects.count() - people,
    ) == (False, asked, 0 if asked else 1)


def test_whom_the_office_only_sees_is_asked_for_and_gets_no_slip(world: World) -> None:
    """A learner of another class of the centre whose home is elsewhere: seen by name, enrolled by consent alone."""
    asks(ADD, SLIPS)
    stranger = User.objects.get(pk=world.known["stranger"])
    make_enrolment(make_class(world.cast.centre), stranger)
    client = world.clients["registrar"]
    client.post(of_class(world, ADD), {"learner": stranger.pk})
    assert (
        Enrolment.objects.filter(learner=stranger, training_class=world.cast.training_class).exists(),
        EnrolmentRequest.objects.filter(learner=stranger).count(),
    ) == (False, 1)
    own = make_user("Nhà Mới", unit=world.cast.centre)
    for learner in (stranger, own):
        make_enrolment(world.cast.training_class, learner)
    client.post(of_class(world, SLIPS), {"who": "all"})
    codes = ActivationCode.objects.filter(user__in=[stranger, own]).values_list("user_id", flat=True)
    assert list(codes) == [own.pk]


def test_boxes_of_requests_hold_what_is_the_offices_or_ones_own(world: World) -> None:
    asks(BOX)
    sent, asked = world.known["sent_request_id"], world.known["asked_request_id"]
    both, none = {"own": set(), "sent": {sent}, "asked": {asked}}, {"own": set(), "sent": set(), "asked": set()}
    about = EnrolmentRequest.objects.get(pk=asked).learner
    world.clients["asked"] = Client()
    world.clients["asked"].force_login(about)
    told = {}
    for person in ("registrar", "registrar*", "exam_officer", "learner", "asked"):
        boxes = {box: world.clients[person].get(reverse(BOX), {"box": box}).json()["results"] for box in both}
        told[person] = {box: {row["id"] for row in rows} for box, rows in boxes.items()}
    assert told == {
        "registrar": both,
        "registrar*": {"own": set(), "sent": {asked}, "asked": {sent}},
        "exam_officer": none,
        "learner": none,
        "asked": none | {"own": {asked}},
    }


def test_a_request_of_others_is_not_there(world: World) -> None:
    """Whoever has nothing to do with a request gets the answer of one that does not exist."""
    asks(*ANSWERS)
    nowhere = EnrolmentRequest.objects.order_by("pk").last().pk + 1
    answers = {}
    for name in ANSWERS:
        if ONLY and name not in ONLY:
            continue
        for person in ("learner", "exam_officer", "lecturer*", "exam_officer*"):
            for request in (world.known["sent_request_id"], world.known["asked_request_id"], nowhere):
                response, written = world.send(person, "post", reverse(name, kwargs={"request_id": request}), {})
                answers[name, person, request] = (response.status_code, written)
    assert answers == dict.fromkeys(answers, (404, set()))


def test_an_invitation_to_a_class_that_is_only_planned_leads_home(world: World) -> None:
    asks("learner:invitation")
    row = EnrolmentRequest.objects.get(pk=world.known["asked_request_id"])
    client = Client()
    client.force_login(row.learner)
    type(row.training_class).objects.filter(pk=row.training_class_id).update(state=ClassState.PLANNED)
    there = client.post(reverse("learner:invitation", args=[row.pk]), {"act": "accept"}).headers["Location"]
    assert Enrolment.objects.filter(learner=row.learner, training_class=row.training_class).exists()
    assert there == reverse("learner:home")


def test_a_letter_about_somebody_elsewhere_is_answered_like_one_about_nobody(world: World) -> None:
    asks(LETTER)
    people = User.objects.in_bulk([world.known["near"], world.known["stranger"]])
    names = {"near": people[world.known["near"]].username, "stranger": people[world.known["stranger"]].username}
    told = {}
    for who, name in (names | {"nobody": "khong.co.ai"}).items():
        response, written = world.send("centre_manager", "post", reverse(LETTER), {"person": name, "reason": "Thư"})
        told[who] = (response.status_code, bool(written), text_of(response).replace(name, ""))
    assert told["near"][:2] == (302, True)
    assert told["stranger"][:2] == (422, False)
    assert _errors(told["stranger"][2]) == _errors(told["nobody"][2]) != []


def _errors(page: str) -> list[str]:
    return lxml_html.document_fromstring(page).xpath("//*[contains(@class, 'error')]//text()")


def test_a_place_at_a_sitting_is_for_its_guest_and_tells_a_stranger_nothing(world: World) -> None:
    asks(JOIN)
    sitting = make_sitting(world.cast.study, code="SEN789", sign_up=SignUp.ENROLLED)
    guest = make_user("Khách", is_guest=True)
    place = SittingGuest.objects.create(sitting=sitting, user=guest)
    world.clients["guest"] = Client()
    world.clients["guest"].force_login(guest)
    led = {}
    for person in ("guest", "exam_officer", "anonymous"):
        response = world.clients[person].get(reverse(JOIN, args=[sitting.code]))
        led[person] = (response.status_code, response.headers.get("Location", ""))
    assert led == {
        "guest": (302, reverse("learner:guest", args=[place.pk])),
        "exam_officer": (200, ""),
        "anonymous": (422, ""),
    }
