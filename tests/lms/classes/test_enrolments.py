import datetime as dt
from decimal import Decimal

import pytest

from lms.audit.models import AuditEntry
from lms.classes.enums import ClassState, EnrolmentStatus
from lms.classes.errors import (
    AlreadyEnrolledError,
    ClassFullError,
    ClassStateError,
    EarnedStatusError,
    NotEnrollableError,
)
from lms.classes.models import Enrolment
from lms.classes.services import tallies
from lms.classes.services.enrolments import Standing, enrol, enrol_many, set_standing, withdraw
from lms.common.clock import now
from tests.factories.classes import make_class, make_enrolment, tally_of
from tests.factories.people import grant, make_user

pytestmark = pytest.mark.django_db


def entries(training_class):
    return list(
        AuditEntry.objects.filter(stream=f"class:{training_class.pk}").order_by("number").values_list("action", "data")
    )


def test_enrol_counts_and_records():
    training_class, actor = make_class(), make_user()
    grant(actor, "registrar", training_class.unit)
    learner = make_user(unit=training_class.unit)
    enrolment = enrol(training_class=training_class, learner=learner, actor=actor)
    assert (enrolment.status, enrolment.enrolled_by) == ("enrolled", actor)
    assert tally_of(training_class) == {"enrolled": 1}
    assert entries(training_class) == [("classes.learner_enrolled", {"learner": learner.pk})]


def test_the_same_person_is_refused_twice():
    enrolment = make_enrolment()
    with pytest.raises(AlreadyEnrolledError) as refused:
        enrol(training_class=enrolment.training_class, learner=enrolment.learner, actor=None)
    assert refused.value.code == "already_enrolled"
    assert tally_of(enrolment.training_class) == {"enrolled": 1}


@pytest.mark.parametrize("state", [ClassState.CLOSED, ClassState.RECOGNISED, ClassState.CANCELLED])
def test_an_ended_class_takes_nobody(state):
    training_class = make_class(state=state)
    with pytest.raises(ClassStateError):
        enrol(training_class=training_class, learner=make_user(), actor=None)
    with pytest.raises(ClassStateError):
        enrol_many(training_class=training_class, learner_ids=[make_user().pk], actor=None)
    assert not Enrolment.objects.exists()


def test_a_closed_account_is_refused():
    training_class, gone = make_class(), make_user(is_active=False)
    with pytest.raises(NotEnrollableError):
        enrol(training_class=training_class, learner=gone, actor=None)
    with pytest.raises(NotEnrollableError):
        enrol_many(training_class=training_class, learner_ids=[make_user().pk, gone.pk], actor=None)
    with pytest.raises(NotEnrollableError):
        enrol_many(training_class=training_class, learner_ids=[987654], actor=None)
    assert not Enrolment.objects.exists()


def test_capacity_holds_and_many_are_all_or_none():
    training_class = make_class(capacity=2)
    make_enrolment(training_class)
    people = [make_user().pk for _ in range(2)]
    with pytest.raises(ClassFullError):
        enrol_many(training_class=training_class, learner_ids=people, actor=None)
    assert Enrolment.objects.count() == 1
    assert enrol_many(training_class=training_class, learner_ids=people[:1], actor=None) == 1
    with pytest.raises(ClassFullError):
        enrol(training_class=training_class, learner=make_user(), actor=None)
    assert tally_of(training_class) == {"enrolled": 2}


def test_a_withdrawn_learner_frees_the_place_and_may_come_back():
    training_class = make_class(capacity=1)
    enrolment = make_enrolment(training_class)
    withdraw(enrolment=enrolment, actor=None, reason="Chuyển công tác")
    withdraw(enrolment=enrolment, actor=None, reason="again")
    assert tally_of(training_class) == {"withdrawn": 1}
    again = enrol(training_class=training_class, learner=enrolment.learner, actor=None)
    assert (again.pk, again.status) == (enrolment.pk, "enrolled")
    assert tally_of(training_class) == {"enrolled": 1}
    assert entries(training_class) == [
        (
            "classes.learner_withdrawn",
            {"learner": enrolment.learner_id, "reason": "Chuyển công tác", "was": "enrolled"},
        ),
        ("classes.learner_reinstated", {"learner": enrolment.learner_id}),
    ]


def test_whoever_had_begun_comes_back_in_progress():
    enrolment = make_enrolment(started_at=now(), status=EnrolmentStatus.IN_PROGRESS)
    withdraw(enrolment=enrolment, actor=None, reason="")
    assert enrol(training_class=enrolment.training_class, learner=enrolment.learner, actor=None).status == "in_progress"


def test_enrol_many_passes_over_who_is_there_and_who_was_withdrawn():
    training_class = make_class()
    there, withdrawn = make_enrolment(training_class), make_enrolment(training_class, status="withdrawn")
    new = make_user()
    ids = [there.learner_id, new.pk, withdrawn.learner_id, new.pk]
    assert enrol_many(training_class=training_class, learner_ids=ids, actor=None) == 1
    before = list(Enrolment.objects.order_by("pk").values())
    assert enrol_many(training_class=training_class, learner_ids=ids, actor=None) == 0
    assert list(Enrolment.objects.order_by("pk").values()) == before
    assert len(entries(training_class)) == 1


def test_a_completed_learner_is_not_withdrawn():
    enrolment = make_enrolment(status=EnrolmentStatus.COMPLETED)
    with pytest.raises(EarnedStatusError):
        withdraw(enrolment=enrolment, actor=None, reason="")
    assert tally_of(enrolment.training_class) == {"completed": 1}


def test_standing_moves_the_tally_and_is_written_once(django_assert_num_queries):
    enrolment, at = make_enrolment(), now()
    standing = Standing(EnrolmentStatus.IN_PROGRESS, 40, started_at=at, active_at=at)
    assert set_standing(enrolment=enrolment, standing=standing) is True
    assert tally_of(enrolment.training_class) == {"in_progress": 1}
    with django_assert_num_queries(0):
        assert set_standing(enrolment=enrolment, standing=standing) is False
    stored = Enrolment.objects.get(pk=enrolment.pk)
    assert (stored.status, stored.percent, stored.started_at, stored.last_activity_at) == ("in_progress", 40, at, at)


def test_a_change_of_percent_alone_leaves_the_tally(django_assert_num_queries):
    enrolment = make_enrolment(status="in_progress", started_at=now())
    with django_assert_num_queries(1):
        assert set_standing(enrolment=enrolment, standing=Standing(EnrolmentStatus.IN_PROGRESS, 41)) is False
    assert Enrolment.objects.get(pk=enrolment.pk).percent == 41
    assert tally_of(enrolment.training_class) == {"in_progress": 1}


def completed(enrolment, score="7.5", band="good"):
    at = dt.datetime(2026, 3, 1, 8, tzinfo=dt.UTC)
    return set_standing(
        enrolment=enrolment,
        standing=Standing(
            EnrolmentStatus.COMPLETED, 100, score=Decimal(score), band=band, completed_at=at, rules="abc"
        ),
    )


def test_an_earned_completion_is_never_taken_away():
    enrolment = make_enrolment()
    assert completed(enrolment) is True
    assert tally_of(enrolment.training_class) == {"completed": 1, "good": 1}
    worse = Standing(EnrolmentStatus.FAILED, 60, score=Decimal(4), band="", rules="new")
    assert set_standing(enrolment=enrolment, standing=worse) is False
    stored = Enrolment.objects.get(pk=enrolment.pk)
    assert (stored.status, stored.percent, stored.score, stored.band, stored.completed_by_rules) == (
        "completed",
        100,
        Decimal("7.50"),
        "good",
        "abc",
    )
    assert stored.completed_at == dt.datetime(2026, 3, 1, 8, tzinfo=dt.UTC)
    assert tally_of(enrolment.training_class) == {"completed": 1, "good": 1}


def test_a_better_mark_raises_the_band_of_a_completed_learner():
    enrolment = make_enrolment()
    completed(enrolment)
    better = Standing(EnrolmentStatus.COMPLETED, 100, score=Decimal(9), band="excellent", rules="new")
    assert set_standing(enrolment=enrolment, standing=better) is True
    assert tally_of(enrolment.training_class) == {"completed": 1, "excellent": 1}
    assert Enrolment.objects.get(pk=enrolment.pk).completed_by_rules == "abc"


def test_a_withdrawn_enrolment_keeps_its_status():
    enrolment = make_enrolment(status="withdrawn")
    assert completed(enrolment) is False
    assert tally_of(enrolment.training_class) == {"withdrawn": 1}


def test_a_stale_copy_cannot_move_the_tally_twice():
    enrolment = make_enrolment()
    stale = Enrolment.objects.get(pk=enrolment.pk)
    assert completed(enrolment) is True
    assert set_standing(enrolment=stale, standing=Standing(EnrolmentStatus.IN_PROGRESS, 10)) is False
    assert stale.status == "completed"
    assert tally_of(enrolment.training_class) == {"completed": 1, "good": 1}


def test_recount_finds_and_repair_mends_a_difference():
    enrolment = make_enrolment()
    slot = tallies.slot_of(enrolment)
    class_id = enrolment.training_class_id
    assert tallies.recount() == []
    tallies.shift(class_id=class_id, slot=slot, changes={"completed": 2, "enrolled": -1})
    other_slot = slot + 1
    tallies.shift(class_id=class_id, slot=other_slot, changes={"good": 1})
    wrong = sorted(
        [
            tallies.TallyMismatch(class_id, slot, "completed", 2, 0),
            tallies.TallyMismatch(class_id, slot, "enrolled", 0, 1),
            tallies.TallyMismatch(class_id, other_slot, "good", 1, 0),
        ]
    )
    assert sorted(tallies.recount([class_id])) == wrong
    assert sorted(tallies.repair()) == wrong
    assert tallies.recount() == []
    assert tally_of(enrolment.training_class) == {"enrolled": 1}
