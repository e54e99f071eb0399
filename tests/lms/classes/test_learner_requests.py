"""Asking for people of other units: who is asked, who answers, what a request is not."""

import datetime as dt

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lms.audit.models import AuditEntry
from lms.classes.errors import ClassFullError, ConsentNeededError, RequestError
from lms.classes.models import Enrolment, EnrolmentRequest, RosterImport, TrainingClass
from lms.classes.services import requests, roster
from lms.classes.services.enrolments import enrol, enrol_many, withdraw
from lms.common.clock import now
from lms.notifications.models import Notification
from lms.people.enums import Role
from lms.people.models import User
from lms.people.services import erasure
from tests.factories.classes import make_class, make_enrolment, tally_of
from tests.factories.people import grant, make_unit, make_user
from tests.lms.classes.rosters import BORN, fresh, manager, preview

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_passwords")]


@pytest.mark.parametrize(
    "identifier", [("025090001234", "", ""), ("", "0912 345 678", ""), ("", "", "Linh@example.vn")]
)
def test_a_row_that_shows_the_office_knows_the_person_asks(cast, stranger, identifier):
    row = ["đỗ thị linh", BORN, *identifier, ""]
    read, rows = preview(cast, row)
    assert (read.problems, rows) == ([], [("consent", cast.other_centre.name)])
    before = tally_of(cast.training_class)
    assert roster.carry_out(roster_import=read, actor=manager(cast)) == roster.RosterResult(0, 0, 0, 1)
    asked = EnrolmentRequest.objects.get()
    assert (asked.learner, asked.unit, asked.asked_by, asked.state) == (
        stranger, cast.other_centre, cast.centre_manager, "open",
    )  # fmt: skip
    assert not Enrolment.objects.filter(learner=stranger).exists()
    assert tally_of(cast.training_class) == before
    assert not User.objects.visible_to(manager(cast)).filter(pk=stranger.pk).exists()
    told = Notification.objects.order_by("pk").values_list("recipient", "kind", "url")
    assert list(told) == [
        (stranger.pk, "enrolment_invited", "/hoc/"),
        (cast.other_manager.pk, "enrolment_asked", "/dieu-hanh/de-nghi/"),
    ]
    again, rows = preview(cast, row)
    assert rows == [("asked", cast.other_centre.name)]
    assert roster.carry_out(roster_import=again, actor=manager(cast)) == roster.RosterResult(0, 0, 1, 0)
    assert EnrolmentRequest.objects.count() == 1
    assert RosterImport.objects.get(pk=read.pk).asked_count == 1


def test_somebody_without_a_birth_date_elsewhere_is_nobody(cast):
    user = make_user("Đỗ Thị Linh", unit=cast.other_centre, phone="+84912345678")
    _read, rows = preview(cast, ["Đỗ Thị Linh", BORN, "", "0912345678", "", ""])
    assert rows == [("new", "")]
    assert user.pk not in {row.learner_id for row in EnrolmentRequest.objects.all()}


def test_who_enrols_without_asking(cast, stranger):
    """The person, the home unit's office and those above it; nobody else."""
    registrar = make_user(unit=cast.other_centre)
    grant(registrar, Role.REGISTRAR, cast.other_centre)
    outcome = {}
    for name, actor in (
        ("person", stranger), ("registrar", registrar), ("province", cast.other_manager),
        ("nation", cast.national_manager), ("other centre", cast.centre_manager), ("lecturer", cast.other_lecturer),
        ("product", None),
    ):  # fmt: skip
        training_class = make_class(cast.centre, cast.study.edition)
        actor = actor and fresh(actor)
        try:
            enrol(training_class=training_class, learner=stranger, actor=actor)
        except ConsentNeededError as error:
            outcome[name] = error.fields
            with pytest.raises(ConsentNeededError):
                enrol_many(training_class=training_class, learner_ids=[cast.learner.pk, stranger.pk], actor=actor)
            assert not training_class.enrolments.exists()
        else:
            outcome[name] = "enrolled"
    refused = {"learners": [str(stranger.pk)]}
    assert outcome == {
        "person": "enrolled", "registrar": "enrolled", "province": "enrolled", "nation": "enrolled",
        "other centre": refused, "lecturer": refused, "product": "enrolled",
    }  # fmt: skip


def test_a_withdrawn_learner_may_be_taken_back(cast, stranger):
    enrolment = make_enrolment(cast.training_class, stranger)
    withdraw(enrolment=enrolment, actor=manager(cast), reason="Bận")
    assert enrol(training_class=cast.training_class, learner=stranger, actor=manager(cast)).status == "enrolled"


@pytest.fixture
def asked(cast, stranger):
    requests.ask(training_class=cast.training_class, learner_ids=[stranger.pk], actor=manager(cast))
    return EnrolmentRequest.objects.get()


@pytest.mark.parametrize("who", ["stranger", "other_manager", "national_manager"])
def test_the_person_or_the_unit_accepts(cast, stranger, asked, who):
    actor = stranger if who == "stranger" else fresh(getattr(cast, who))
    before = tally_of(cast.training_class).get("enrolled", 0)
    made = requests.accept(request=asked, actor=actor)
    assert (made.learner, made.status, made.enrolled_by) == (stranger, "enrolled", cast.centre_manager)
    assert tally_of(cast.training_class)["enrolled"] == before + 1
    asked.refresh_from_db()
    assert (asked.state, asked.decided_by) == ("accepted", actor)
    stream = AuditEntry.objects.filter(stream=f"class:{cast.training_class.pk}").order_by("number")
    assert list(stream.values_list("action", "actor")) == [
        ("classes.learners_asked", cast.centre_manager.pk),
        ("classes.learner_enrolled", actor.pk),
        ("classes.request_accepted", actor.pk),
    ]
    answer = Notification.objects.get(kind="enrolment_accepted")
    assert (answer.recipient, answer.params["name"]) == (cast.centre_manager, "Đỗ Thị Linh")


def test_nobody_else_answers_or_takes_back(cast, stranger, asked):
    for actor in (cast.centre_manager, cast.learner, cast.lecturer, cast.other_learner, cast.other_lecturer):
        for act in (requests.accept, requests.decline):
            with pytest.raises(RequestError) as refused:
                act(request=asked, actor=fresh(actor))
            assert refused.value.code == "not_allowed"
    for actor in (stranger, cast.other_manager, cast.lecturer):
        with pytest.raises(RequestError) as refused:
            requests.take_back(request=asked, actor=fresh(actor))
        assert refused.value.code == "not_allowed"
    asked.refresh_from_db()
    assert (asked.state, asked.decided_at) == ("open", None)
    assert not Enrolment.objects.filter(learner=stranger).exists()


def test_an_answer_is_given_once(cast, stranger, asked):
    """Two at once: the second finds that it has been answered, whatever its page showed."""
    stale = EnrolmentRequest.objects.get(pk=asked.pk)
    requests.decline(request=asked, actor=stranger, reason="Tôi bận")
    for act in (requests.accept, requests.decline):
        with pytest.raises(RequestError) as refused:
            act(request=stale, actor=fresh(cast.other_manager))
        assert refused.value.code == "not_open"
    with pytest.raises(RequestError) as refused:
        requests.take_back(request=stale, actor=manager(cast))
    assert refused.value.code == "not_open"
    assert not Enrolment.objects.filter(learner=stranger).exists()
    told = Notification.objects.get(kind="enrolment_declined")
    assert (told.recipient, told.text) == (cast.centre_manager, "Tôi bận")
    assert requests.ask(training_class=cast.training_class, learner_ids=[stranger.pk], actor=manager(cast)) == 1
    assert sorted(EnrolmentRequest.objects.values_list("state", flat=True)) == ["declined", "open"]


def test_a_full_class_says_so_and_the_request_stays(cast, stranger, asked):
    TrainingClass.objects.filter(pk=cast.training_class.pk).update(capacity=1)
    with pytest.raises(ClassFullError):
        requests.accept(request=asked, actor=stranger)
    asked.refresh_from_db()
    assert (asked.state, asked.decided_at) == ("open", None)
    assert not Enrolment.objects.filter(learner=stranger).exists()


def test_after_thirty_days_it_has_expired_and_may_be_made_again(cast, stranger, asked):
    with time_machine.travel(now() + dt.timedelta(days=30, minutes=1), tick=False):
        with pytest.raises(RequestError) as refused:
            requests.accept(request=asked, actor=stranger)
        assert refused.value.code == "not_open"
        assert asked.shown_state == "expired"
        assert requests.ask(training_class=cast.training_class, learner_ids=[stranger.pk], actor=manager(cast)) == 1
    assert sorted(EnrolmentRequest.objects.values_list("state", flat=True)) == ["expired", "open"]


def test_whoever_came_in_by_a_code_meanwhile_is_accepted_without_a_second_enrolment(cast, stranger, asked):
    enrol(training_class=cast.training_class, learner=stranger, actor=stranger)
    assert requests.accept(request=asked, actor=fresh(cast.other_manager)).learner == stranger
    assert Enrolment.objects.filter(learner=stranger).count() == 1


def test_somebody_without_a_home_is_asked_for_at_the_administrators(cast):
    homeless, boss = make_user("Lê Vô Gia"), make_user(is_superuser=True)
    requests.ask(training_class=cast.training_class, learner_ids=[homeless.pk], actor=manager(cast))
    assert set(Notification.objects.filter(kind="enrolment_asked").values_list("recipient", flat=True)) == {boss.pk}
    requests.accept(request=EnrolmentRequest.objects.get(), actor=boss)
    assert Enrolment.objects.filter(learner=homeless).exists()


def test_an_erased_person_leaves_no_request(cast, stranger, asked):
    erasure.carry_out(
        request=erasure.ask(user=stranger, actor=stranger), actor=fresh(cast.other_manager), reason="Đơn hợp lệ"
    )
    assert not EnrolmentRequest.objects.exists()


def test_many_are_asked_for_in_few_statements(cast):
    unit = make_unit(cast.other_province)

    def cost(count):
        people = [make_user(unit=unit).pk for _number in range(count)]
        with CaptureQueriesContext(connection) as queries:
            requests.ask(training_class=cast.training_class, learner_ids=people, actor=manager(cast))
        return len(queries)

    cost(1)  # the first entry of the record costs more
    assert cost(2) == cost(40)


def told():
    return [
        (
            notice.recipient.get_full_name(),
            notice.kind,
            notice.params.get("name") or notice.params.get("count"),
            notice.url,
        )
        for notice in Notification.objects.filter(kind__startswith="enrolment_made").order_by("pk")
    ]


def test_who_is_enrolled_from_above_is_told_and_so_is_the_unit(cast, stranger):
    """The centre of the other province has no office of its own here: the province answers for it."""
    registrar = make_user("Bùi Thị Giáo", unit=cast.other_centre)
    grant(registrar, Role.REGISTRAR, cast.other_centre)
    for actor in (stranger, None, fresh(registrar)):
        enrol(training_class=make_class(cast.centre, cast.study.edition), learner=stranger, actor=actor)
    assert told() == []  # one's own act is no news
    away, own = make_class(cast.centre, cast.study.edition), make_class(cast.other_centre, cast.study.edition)
    enrol(training_class=away, learner=stranger, actor=fresh(cast.national_manager))
    enrol(training_class=own, learner=stranger, actor=fresh(cast.other_manager))
    assert told() == [
        ("Bùi Thị Giáo", "enrolment_made_one", "Đỗ Thị Linh", ""),
        ("Đỗ Thị Linh", "enrolment_made", None, "/hoc/"),
        ("Bùi Thị Giáo", "enrolment_made_one", "Đỗ Thị Linh", f"/dieu-hanh/lop/{own.pk}/hoc-vien/"),
        ("Đỗ Thị Linh", "enrolment_made", None, "/hoc/"),
    ]
    assert Notification.objects.filter(kind="enrolment_made_one").order_by("pk").first().params == {
        "class": away.name, "unit": cast.centre.label, "actor": "Vũ Thị Nước", "name": "Đỗ Thị Linh",
    }  # fmt: skip


def test_many_enrolled_from_above_are_told_at_the_same_cost(cast):
    def cost(count):
        people = [make_user(f"Học Viên {number}", unit=cast.centre).pk for number in range(count)]
        training_class = make_class(cast.centre, cast.study.edition, capacity=100)
        with CaptureQueriesContext(connection) as queries:
            enrol_many(training_class=training_class, learner_ids=people, actor=fresh(cast.national_manager))
        return len(queries)

    cost(2)
    assert cost(2) == cost(40)
    office = Notification.objects.filter(recipient=cast.centre_manager).order_by("-pk").first()
    assert (office.kind, office.params["count"]) == ("enrolment_made_many", 40)
    assert Notification.objects.filter(kind="enrolment_made").count() == 44


def test_a_withdrawn_learner_taken_back_from_above_is_told(cast, stranger):
    enrolment = make_enrolment(cast.training_class, stranger)
    withdraw(enrolment=enrolment, actor=manager(cast), reason="Bận")
    enrol(training_class=cast.training_class, learner=stranger, actor=fresh(cast.national_manager))
    assert [(who, kind) for who, kind, *_rest in told()] == [
        ("Hoàng Văn Tỉnh", "enrolment_made_one"), ("Đỗ Thị Linh", "enrolment_made"),
    ]  # fmt: skip


@pytest.mark.parametrize(("answer", "kind"), [("accept", "enrolment_made"), ("decline", "enrolment_declined_for_you")])
def test_the_person_hears_what_the_unit_answered(cast, stranger, asked, answer, kind):
    getattr(requests, answer)(request=asked, actor=fresh(cast.other_manager))
    assert list(Notification.objects.filter(recipient=stranger).order_by("pk").values_list("kind", flat=True)) == [
        "enrolment_invited", kind,
    ]  # fmt: skip
    assert not Notification.objects.filter(recipient=cast.other_manager, kind__startswith="enrolment_made").exists()
