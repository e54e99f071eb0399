"""What is one's own alone: tokens, sessions, notices, certificates. Nobody reads or ends what is somebody else's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from lms.certificates.models import Certificate
from lms.common.clock import now
from lms.completion.services import record_progress
from lms.notifications.models import Notification
from lms.people.models import ApiToken, User, UserSession
from lms.people.services.sessions import number_of
from tests.architecture.asking import asks
from tests.architecture.test_foreign_lists import text_of
from tests.architecture.test_write_matrix import undone
from tests.factories.learning import make_study
from tests.factories.people import make_token, make_unit

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
#: What belongs to one person -> the column that names the person.
KEPT: dict[type[Model], str] = {ApiToken: "user", UserSession: "user", Notification: "recipient"}
#: Pages and answers that list what is one's own.
LISTS = ("profile-tokens", "api:api-tokens", "profile-sessions", "notifications")
#: What ends all that is one's own of a kind.
ENDS_ALL = (
    ("post", "profile-tokens-revoke"),
    ("delete", "api:api-tokens"),
    ("post", "notifications-read-all"),
)
#: What ends one row of one's own: the kind of row, and how the address names it.
ENDS_ONE: dict[tuple[str, str], tuple[type[Model], str]] = {
    ("post", "profile-token-revoke"): (ApiToken, "pk"),
    ("delete", "api:api-own-token"): (ApiToken, "pk"),
    ("post", "notification-read"): (Notification, "pk"),
    ("post", "profile-session-end"): (UserSession, "number"),
}


@dataclass
class Owner:
    """Somebody with one thing of each kind, all of which hold one word."""

    user: User
    client: Client
    word: str
    certificate: Certificate

    def rows(self) -> dict[str, list[dict[str, Any]]]:
        """Return all that is the person's own, as it stands."""
        found = {model: model._default_manager.filter(**{column: self.user}) for model, column in KEPT.items()}
        return {model.__name__: list(rows.order_by("pk").values()) for model, rows in found.items()}

    def one(self, model: type[Model]) -> Any:
        """Return a row of the person's, not the session that asks: signing out here has a button of its own."""
        rows = model._default_manager.filter(**{KEPT[model]: self.user})
        return next(row for row in rows if row.pk != self.client.session.session_key)


@pytest.fixture
def owners(client_as: Callable[..., Client]) -> tuple[Owner, Owner]:
    """Two people of different units."""
    first, second = (_owner(client_as, number) for number in (1, 2))
    return first, second


def _owner(client_as: Callable[..., Client], number: int) -> Owner:
    word = f"Kinmat{number}"
    study = make_study(exam=False, unit=make_unit(name=f"Trung tâm {number}"), full_name=f"Người {word}")
    for lesson in study.items("lesson"):
        record_progress(enrolment=study.fresh(), item_id=lesson.pk, position=1, seconds=1, completed=True)
    user = User.objects.get(pk=study.learner.pk)
    make_token(user, name=word)
    Notification.objects.create(recipient=user, kind="message", text=f"Chào {word}")
    UserSession.objects.create(
        session_key=f"{word}-elsewhere", user=user, created_at=now(), seen_at=now(), address=word, agent=word
    )
    return Owner(user, client_as(user), word, Certificate.objects.get(enrolment=study.enrolment))


def test_lists_show_what_is_ones_own(owners: tuple[Owner, Owner]) -> None:
    asks(*LISTS)
    one, other = owners
    shown = {}
    for name in LISTS:
        text = text_of(one.client.get(reverse(name)))
        shown[name] = (one.word in text, other.word in text)
    assert shown == dict.fromkeys(LISTS, (True, False))


def test_what_ends_all_ends_ones_own(owners: tuple[Owner, Owner]) -> None:
    asks(*(name for _method, name in ENDS_ALL))
    one, other = owners
    for method, name in ENDS_ALL:
        mine, theirs = one.rows(), other.rows()
        with undone():
            getattr(one.client, method)(reverse(name))
            assert other.rows() == theirs, name
            assert one.rows() != mine, name


def test_somebody_elses_row_is_not_there_to_be_ended(owners: tuple[Owner, Owner]) -> None:
    asks(*(name for _method, name in ENDS_ONE))
    one, other = owners
    for (method, name), (model, argument) in ENDS_ONE.items():
        paths = []
        for owner in (other, one):
            row = owner.one(model)
            number = number_of(row) if isinstance(row, UserSession) else row.pk
            paths.append(reverse(name, kwargs={argument: number}))
        before = one.rows(), other.rows()
        with undone():
            foreign = getattr(one.client, method)(paths[0])
            # Of a session that is over or somebody else's it is said that nobody is signed in there.
            assert foreign.status_code == (302 if model is UserSession else 404), name
            assert (one.rows(), other.rows()) == before, name
            getattr(one.client, method)(paths[1])
            assert (one.rows() != before[0], other.rows() == before[1]) == (True, True), name


def test_the_paper_of_a_certificate_is_for_its_holder(owners: tuple[Owner, Owner]) -> None:
    asks("certificates:pdf")
    one, other = owners
    paths = [reverse("certificates:pdf", args=[owner.certificate.code]) for owner in owners]
    answers = {owner.word: [owner.client.get(path).status_code for path in paths] for owner in owners}
    assert answers == {one.word: [200, 404], other.word: [404, 200]}
