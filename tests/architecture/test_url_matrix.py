"""Every address × every role. A new address fails until :mod:`tests.architecture.url_matrix` classifies it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from lms.notifications.models import Notification
from lms.progress.services.exams import start_for_enrolment
from tests.architecture.url_matrix import ADMINISTRATION_OPEN, MATRIX, UNNAMED
from tests.architecture.urls import Address, addresses
from tests.factories.cast import ROLES, Cast, make_cast

OURS = [address for address in addresses() if not address.in_administration]
ADMINISTRATION = [
    address
    for address in addresses()
    if address.in_administration and not address.arguments and address.route not in ADMINISTRATION_OPEN
]


def test_every_address_is_classified_and_none_is_left_over() -> None:
    assert {address.name for address in OURS if address.name} == set(MATRIX)
    assert {address.route for address in OURS if address.name is None} == UNNAMED


def arguments_for(cast: Cast) -> dict[str, Callable[[], object]]:
    """What stands for each argument of an address: the learner's own rows."""
    exam_item = cast.study.items("exam")[0]
    lesson = cast.study.items("lesson")[0]
    return {
        "enrolment_id": lambda: cast.enrolment.pk,
        "item_id": lambda: lesson.pk,
        "exam_item_id": lambda: exam_item.pk,
        "class_id": lambda: cast.training_class.pk,
        "attempt_id": lambda: (
            start_for_enrolment(enrolment=cast.enrolment, item_id=exam_item.pk, user=cast.learner).pk
        ),
        "notification": lambda: Notification.objects.create(recipient=cast.learner, kind="message", text="Xin chào").pk,
        "unit_id": lambda: cast.centre.pk,
        "code": lambda: "KHONGCO2345",
        "uidb64": lambda: "MQ",
        "token": lambda: "set-password",
        "restriction_id": lambda: 1,
        "page_view_restriction_id": lambda: 1,
        "page_id": lambda: 1,
    }


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(MATRIX))
def test_who_may_get(name: str, client_as: Callable[..., Client]) -> None:
    cast = make_cast()
    rule = MATRIX[name]
    wanted = next(address for address in OURS if address.name == name)
    known = arguments_for(cast)
    values = {
        argument: known[rule.arguments.get(argument, argument)]() for argument in sorted(wanted.arguments)
    }
    path = rule.path or reverse(name, kwargs=values)
    answers = {role: client_as(cast.person(role)).get(path).status_code for role in ROLES}
    assert answers == dict(zip(ROLES, rule.statuses, strict=True))


@pytest.mark.django_db
@pytest.mark.parametrize("address", ADMINISTRATION, ids=lambda address: address.route)
def test_the_administration_is_closed_to_strangers_and_learners(
    address: Address, client_as: Callable[..., Client]
) -> None:
    cast = make_cast()
    for role in ("anonymous", "learner"):
        response = client_as(cast.person(role)).get("/" + address.route.replace("^", "").replace("$", ""))
        assert response.status_code in {302, 403, 404, 405}, role
        if response.status_code == 302:
            assert response.headers["Location"].startswith(("/dang-nhap/", "/quan-tri/login/")), role
