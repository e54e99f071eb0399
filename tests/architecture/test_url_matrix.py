"""Every address × every role. A new address fails until :mod:`tests.architecture.url_matrix` classifies it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from tests.architecture.url_matrix import ADMINISTRATION_OPEN, MATRIX, UNNAMED
from tests.architecture.urls import ONLY, addresses
from tests.architecture.world import values_for
from tests.factories.cast import ROLES, make_cast

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
