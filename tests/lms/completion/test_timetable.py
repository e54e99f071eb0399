"""Standings follow the timetable: more, fewer and other sessions."""

from __future__ import annotations

import datetime as dt

import pytest

from lms.attendance.models import AttendanceRecord
from lms.attendance.services import mark_attendance
from lms.certificates.models import Certificate
from lms.classes.enums import ClassState
from lms.classes.errors import ClassInvalidError
from lms.classes.models import ClassSession, TrainingClass
from lms.classes.services import timetable
from lms.classes.services.tallies import recount
from lms.common.clock import now
from lms.progress.models import ItemProgress
from tests.factories.classes import tally_of
from tests.factories.learning import make_study

pytestmark = pytest.mark.django_db


@pytest.fixture
def study():
    """A class that asks for attendance alone: two sessions of four periods, and a learner who was in the first."""
    study = make_study(exam=False, sessions=2, lesson_fields={"required": False})
    mark_attendance(session=study.sessions[0], marks={study.enrolment.pk: "present"}, actor=None)
    return study


def plan(periods, item=None):
    start = now()
    return timetable.PlannedSession(
        start, start + dt.timedelta(hours=3), item_id=item and item.pk, title="Buổi học", periods=periods
    )


def attended(study):
    return AttendanceRecord.objects.get(enrolment=study.enrolment).periods


def done(study):
    return list(ItemProgress.objects.filter(enrolment=study.enrolment, state="done").values_list("item_id", flat=True))


def test_a_session_that_is_taken_off_completes_whoever_was_in_the_rest(study):
    assert study.fresh().status == "in_progress"
    timetable.remove_session(session=study.sessions[1], actor=None)
    assert (study.fresh().status, study.fresh().percent) == ("completed", 100)
    assert tally_of(study.training_class) == {"completed": 1, "theory_done": 1}
    assert (Certificate.objects.filter(enrolment=study.enrolment).count(), recount()) == (1, [])


def test_further_sessions_ask_for_more_and_what_is_completed_stays(study):
    second = study.another()
    timetable.edit_session(session=study.sessions[1], plan=plan(1, study.items("session")[1]), actor=None)
    assert study.fresh().status == "completed"
    shorter = ClassSession.objects.get(pk=study.sessions[1].pk)
    mark_attendance(session=shorter, marks={second.pk: "present"}, actor=None)
    timetable.add_session(training_class=study.training_class, plan=plan(8), actor=None)
    second.refresh_from_db()
    assert (study.fresh().status, second.status) == ("completed", "in_progress")


def test_other_periods_of_a_session_are_credited_to_those_who_were_there(study):
    first = study.sessions[0]
    timetable.edit_session(session=first, plan=plan(2, study.items("session")[0]), actor=None)
    assert (attended(study), study.fresh().status) == (2, "in_progress")
    timetable.edit_session(session=first, plan=plan(20, study.items("session")[0]), actor=None)
    assert (attended(study), study.fresh().status) == (20, "completed")


def test_a_session_given_to_another_item_is_attendance_of_that_item(study):
    one, two = study.items("session")
    assert done(study) == [one.pk]
    timetable.edit_session(session=study.sessions[0], plan=plan(4, two), actor=None)
    assert done(study) == [two.pk]


def test_a_session_in_which_attendance_was_taken_stays(study):
    with pytest.raises(ClassInvalidError) as refused:
        timetable.remove_session(session=study.sessions[0], actor=None)
    assert (refused.value.code, ClassSession.objects.count(), attended(study)) == ("session_used", 2, 4)


def test_the_records_of_a_recognised_class_stay_as_they_were_decided_on(study):
    TrainingClass.objects.update(state=ClassState.RECOGNISED)
    session = ClassSession.objects.select_related("training_class").get(pk=study.sessions[0].pk)
    timetable.edit_session(session=session, plan=plan(20, study.items("session")[0]), actor=None)
    assert (attended(study), study.fresh().status) == (4, "in_progress")
