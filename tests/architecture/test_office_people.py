"""Units and their figures, person by person: nobody counts, picks or is led to what is another office's."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from lms.classes.enums import PlanState
from lms.classes.models import AnnualPlan, EnrolmentRequest
from lms.classes.services.requests import ask
from lms.common.clock import today
from lms.people.enums import Role
from lms.people.models import Unit, UnitSuccession, User
from tests.architecture.asking import asks
from tests.architecture.test_foreign_lists import text_of
from tests.architecture.test_write_matrix import undone
from tests.architecture.write_people import make_people
from tests.factories.cast import Cast, make_cast
from tests.factories.classes import make_class, make_enrolment
from tests.factories.people import grant, make_unit, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
PICK, SERVES, DISSOLVE = "office:unit-pick", "office:unit-serves", "office:unit-dissolve"


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def clients(cast: Cast, client_as: Callable[..., Client]) -> dict[str, Client]:
    people = make_people(cast)
    return {name: client_as(User.objects.get(pk=user.pk)) for name, user in people.items() if user is not None}


def test_the_boxes_of_requests_are_the_offices_own(cast: Cast, clients: dict[str, Client]) -> None:
    asks("office:requests")
    learners = {name: make_user(f"Nguyễn Thị {name}", unit=unit) for name, unit in
                (("Đi", cast.centre), ("Đến", cast.other_centre))}  # fmt: skip
    ask(training_class=cast.other_class, learner_ids=[learners["Đi"].pk], actor=cast.other_lecturer)
    ask(training_class=cast.training_class, learner_ids=[learners["Đến"].pk], actor=cast.centre_manager)
    asked, sent = (EnrolmentRequest.objects.get(learner=learners[name]) for name in ("Đi", "Đến"))
    shown = {}
    for person in ("registrar", "registrar*"):
        for tab in ("nhan", "gui"):
            page = clients[person].get(reverse("office:requests"), {"xem": tab})
            shown[person, tab] = list(page.context["page"].object_list)
    assert shown == {
        ("registrar", "nhan"): [asked],
        ("registrar", "gui"): [sent],
        ("registrar*", "nhan"): [sent],
        ("registrar*", "gui"): [asked],
    }


def test_plans_that_wait_are_counted_where_one_oversees(cast: Cast, clients: dict[str, Client]) -> None:
    asks("office:plans")
    for unit in (cast.centre, cast.other_centre, cast.other_province):
        AnnualPlan.objects.create(unit=unit, year=today().year, state=PlanState.SUBMITTED)
    waiting = {
        person: clients[person].get(reverse("office:plans")).context["waiting"]
        for person in ("provincial_manager", "provincial_manager*", "national_manager")
    }
    assert waiting == {"provincial_manager": 1, "provincial_manager*": 2, "national_manager": 3}


def test_places_and_heirs_are_picked_among_the_units_that_one_sees(cast: Cast, clients: dict[str, Client]) -> None:
    """The administrator of a centre picks nothing of its province or of another one; the manager above does."""
    asks(PICK, SERVES, DISSOLVE)
    places = {
        "communes": make_unit(cast.province, name="Xã Kinmat", kind="commune"),
        "principal": make_unit(cast.province, name="Trung tâm Kinmat"),
    }
    far = make_unit(cast.other_province, name="Nơi xa Kinmat", kind="commune")
    forms = {
        "communes": (reverse(SERVES, args=[cast.centre.pk]), {}),
        "principal": (
            reverse(DISSOLVE, args=[cast.centre.pk]),
            {"on": today().isoformat(), "decision": "1-QĐ", "act": "preview"},
        ),
    }
    found, taken = {}, {}
    for person in ("administrator", "provincial_manager"):
        for field, place in places.items():
            search = reverse(PICK, kwargs={"unit_id": cast.centre.pk, "field": field})
            text = text_of(clients[person].get(search, {f"{field}_q": "Kinmat"}))
            found[person, field] = (place.name in text, far.name in text)
            path, body = forms[field]
            taken[person, field] = []
            for unit in (place, far):
                with undone():
                    taken[person, field].append(clients[person].post(path, body | {field: unit.pk}).status_code != 422)
    right = {
        (person, field): person == "provincial_manager"
        for person in ("administrator", "provincial_manager")
        for field in places
    }
    assert found == {case: (one, False) for case, one in right.items()}
    assert taken == {case: [one, False] for case, one in right.items()}


def test_the_page_of_a_unit_leads_to_successors_that_one_sees(cast: Cast, clients: dict[str, Client]) -> None:
    asks("office:unit-profile")
    for unit in (cast.other_centre, cast.province):
        UnitSuccession.objects.create(predecessor=cast.centre, successor=unit)
    path = reverse("office:unit-profile", args=[cast.centre.pk])
    led = {}
    for person in ("centre_manager", "provincial_manager", "national_manager"):
        text = text_of(clients[person].get(path))
        ways = {unit.name: f'href="{reverse("office:unit-profile", args=[unit.pk])}"' in text
                for unit in (cast.other_centre, cast.province)}  # fmt: skip
        assert cast.other_centre.name in text
        led[person] = ways
    assert led == {
        "centre_manager": {"Trung tâm B": False, "Tỉnh A": False},
        "provincial_manager": {"Trung tâm B": False, "Tỉnh A": True},
        "national_manager": {"Trung tâm B": True, "Tỉnh A": True},
    }


def test_learners_behind_a_figure_are_those_that_one_oversees(cast: Cast, client_as: Callable[..., Client]) -> None:
    """A dissolved unit left its classes to the centre; what others left to a unit below it is not the centre's."""
    asks("office:learners", "office:learners-export", "office:unit")
    left = make_unit(cast.other_province, name="Đã giải thể")
    below = make_unit(left, name="Còn lại bên dưới")
    third = make_unit(cast.other_province, name="Nơi thứ ba")
    names = {}
    for unit, heir, name in ((left, cast.centre, "Thừa Kế"), (third, below, "Người Ngoài")):
        Unit.objects.filter(pk=unit.pk).update(valid_to=today(), heir=heir)
        names[name] = make_enrolment(make_class(unit), make_user(name, unit=unit)).learner.get_full_name()
    manager = make_user("Quản Lý", unit=cast.centre)
    grant(manager, Role.CENTRE_MANAGER, cast.centre)
    client = client_as(manager)
    query = {"unit": left.pk, "tree": "now"}
    pages = {
        "page": client.get(reverse("office:learners"), query),
        "file": client.get(reverse("office:learners-export", args=["csv"]), query),
    }
    shown = {place: [name for name in names.values() if name in text_of(page)] for place, page in pages.items()}
    assert shown == {key: [] for key in pages}
    query = {"unit": left.pk, "tree": "then"}
    assert "Thừa Kế" in text_of(client.get(reverse("office:learners"), query))
