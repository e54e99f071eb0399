"""A lecturer's message to learners: once, to the right people, on the record."""

import uuid

import pytest

from lms.audit.models import AuditEntry
from lms.classes.queries import sent_messages
from lms.classes.services.messages import SentMessage, message_learners
from lms.common.errors import DomainError
from lms.notifications.models import Notification
from tests.factories.classes import make_class, make_enrolment
from tests.factories.people import make_user

pytestmark = pytest.mark.django_db

TOKEN = uuid.UUID("6f1f7c2e-5a3b-4f9d-9c62-0f2f3b7d8a11")


@pytest.fixture
def world():
    lecturer = make_user("Lê Văn Giảng")
    training_class = make_class(lecturers=[lecturer], name="Lớp 7")
    return lecturer, training_class, [make_enrolment(training_class) for _ in range(3)]


def send(world, enrolments, *, text="Mời đồng chí học tiếp.", token=TOKEN):
    lecturer, training_class, _all = world
    return message_learners(
        training_class=training_class,
        enrolment_ids=[one.pk for one in enrolments],
        text=text,
        token=token,
        actor=lecturer,
        url="/hoc/",
    )


def test_it_reaches_those_chosen_and_is_recorded(world):
    lecturer, training_class, (one, two, _three) = world
    assert send(world, [one, two]) == SentMessage(2, repeated=False)
    assert [
        (notice.recipient_id, notice.kind, notice.params, notice.text, notice.url, notice.sender)
        for notice in Notification.objects.order_by("recipient_id")
    ] == [
        (
            enrolment.learner_id,
            "message",
            {"sender": "Lê Văn Giảng", "class": "Lớp 7"},
            "Mời đồng chí học tiếp.",
            "/hoc/",
            lecturer,
        )
        for enrolment in (one, two)
    ]
    entry = AuditEntry.objects.get()
    assert (entry.stream, entry.action, entry.actor, entry.data) == (
        f"class:{training_class.pk}",
        "classes.message_sent",
        lecturer,
        {"text": "Mời đồng chí học tiếp.", "enrolments": [one.pk, two.pk], "sent": 2},
    )
    assert [(line.sender, line.text, line.sent) for line in sent_messages(training_class.pk)] == [
        ("Lê Văn Giảng", "Mời đồng chí học tiếp.", 2)
    ]


def test_a_second_click_sends_nothing(world):
    send(world, world[2])
    assert send(world, world[2]) == SentMessage(3, repeated=True)
    assert (Notification.objects.count(), AuditEntry.objects.count()) == (3, 1)


@pytest.mark.parametrize(
    ("text", "chosen", "code"),
    [
        ("  ", slice(0, 1), "empty_message"),
        ("x" * 2001, slice(0, 1), "long_message"),
        ("Chào", slice(0, 0), "no_recipients"),
    ],
)
def test_what_is_refused_leaves_nothing(world, text, chosen, code):
    with pytest.raises(DomainError) as refused:
        send(world, world[2][chosen], text=text)
    assert (refused.value.code, Notification.objects.count(), AuditEntry.objects.count()) == (code, 0, 0)


@pytest.mark.parametrize("stranger", ["other class", "withdrawn"])
def test_only_learners_of_the_class(world, stranger):
    foreign = make_enrolment() if stranger == "other class" else make_enrolment(world[1], status="withdrawn")
    with pytest.raises(DomainError) as refused:
        send(world, [world[2][0], foreign])
    assert (refused.value.code, Notification.objects.count()) == ("foreign_enrolment", 0)
