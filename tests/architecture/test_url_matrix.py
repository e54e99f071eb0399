"""Every address × every role. A new address fails until :mod:`tests.architecture.url_matrix` classifies it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from lms.exams.services.guests import sign_up
from lms.people.middleware import CLOSED_TO_GUESTS
from lms.portals.learner.navigation import GUEST_VIEWS
from tests.architecture.url_matrix import ADMINISTRATION_OPEN, MATRIX, UNNAMED
from tests.architecture.urls import ONLY, addresses
from tests.architecture.world import values_for
from tests.factories.cast import ROLES, make_cast
from tests.factories.sittings import make_sitting

OURS = [address for address in addresses() if not address.in_administration]
ADMINISTRATION = [
    address
    for address in addresses()
    if address.in_administration and not address.arguments and address.route not in ADMINISTRATION_OPEN
]


def test_every_address_is_classified_and_none_is_left_over() -> None:
    assert {address.name for address in OURS if address.name} == set(MATRIX)
    assert {address.route for address in OURS if address.name is None} == UNNAMED


@pytest.mark.django_db
def test_who_may_get(client_as: Callable[..., Client]) -> None:
    cast = make_cast()
    known = values_for(cast)
    arguments = {address.name: address.arguments for address in OURS}
    clients = {role: client_as(cast.person(role)) for role in ROLES}
    for client in clients.values():
        client.raise_request_exception = False  # a page that breaks is one wrong answer among all
    answers = {}
    looked_at = {name: rule for name, rule in MATRIX.items() if not ONLY or name in ONLY}
    for name, rule in looked_at.items():
        path = rule.path
        if not path:
            values = {argument: known[rule.arguments.get(argument, argument)] for argument in arguments[name]}
            path = reverse(name, kwargs=values)
        answers[name] = tuple(client.get(path).status_code for client in clients.values())
    assert answers == {name: rule.statuses for name, rule in looked_at.items()}


@pytest.mark.django_db
def test_the_administration_is_closed_to_strangers_and_learners(client_as: Callable[..., Client]) -> None:
    cast = make_cast()
    for role in ("anonymous", "learner"):
        client = client_as(cast.person(role))
        for address in ADMINISTRATION:
            response = client.get("/" + address.route.replace("^", "").replace("$", ""))
            assert response.status_code in {302, 403, 404, 405}, (role, address)
            if response.status_code == 302:
                assert response.headers["Location"].startswith(("/dang-nhap/", "/quan-tri/login/")), (role, address)


@pytest.mark.django_db
def test_a_guest_of_a_sitting_finds_nothing_but_its_test(client_as: Callable[..., Client]) -> None:
    cast = make_cast()
    known = values_for(cast)
    sitting = make_sitting(cast.study, code="SEN234", sign_up="open", leaderboard=True)
    guest, _made = sign_up(sitting=sitting, full_name="Lò Văn Khách", organisation="", device="")
    sign_up(sitting=sitting, full_name="Vàng Thị Khách", organisation="", device="")  # and one who came later
    arguments = {address.name: address.arguments for address in OURS}
    client, stranger = client_as(guest.user), client_as(None)
    for one in (client, stranger):
        one.raise_request_exception = False
    got: dict[str, int] = {}
    wanted: dict[str, int] = {}
    for name, rule in MATRIX.items():
        path = rule.path
        if not path:
            values = {argument: known[rule.arguments.get(argument, argument)] for argument in arguments[name]}
            path = reverse(name, kwargs=values)
        if (
            name in GUEST_VIEWS
            or name in {"login", "logout"}
            or (ONLY and name not in ONLY | {"start", "learner:home"})
        ):
            continue  # below
        open_to_all = stranger.get(path)
        asks = open_to_all.status_code == 401 or open_to_all.headers.get("Location", "").startswith("/dang-nhap/")
        closed = asks or name.startswith("api:") or name in CLOSED_TO_GUESTS
        got[name] = client.get(path).status_code
        wanted[name] = 404 if closed else open_to_all.status_code
        if closed:
            got[f"POST {name}"] = client.post(path, {}).status_code
            wanted[f"POST {name}"] = 404
    wanted |= {"start": 302, "learner:home": 302, "POST start": 302, "POST learner:home": 302}
    assert got == wanted
    own = f"/hoc/khach/{guest.pk}/"
    assert client.get("/hoc/").headers["Location"] == client.get("/bat-dau/").headers["Location"] == own
    others = {name: client.get(reverse(name, kwargs={"guest_id": known["guest_id"]})) for name in ["learner:guest"]}
    others |= {
        name: client.get(reverse(name, kwargs={"attempt_id": known["attempt_id"]}))
        for name in GUEST_VIEWS
        if name.startswith("api:attempt") or name in {"attempts:attempt", "attempts:result", "attempts:receipt"}
        if name not in {"api:attempt-device", "api:attempt-heartbeat", "api:attempt-page", "api:attempt-responses"}
        if name != "api:attempt-submit"
    }
    assert {name: answer.status_code for name, answer in others.items()} == dict.fromkeys(others, 404)
    named = [address.route for address in ADMINISTRATION if "^" not in address.route]
    inside = {route: client.get(f"/{route}").status_code for route in named}
    assert inside == dict.fromkeys(inside, 404) | {"quan-tri/login/": 302}  # for everybody: to the one sign-in
