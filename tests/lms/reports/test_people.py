"""Who is behind: the day decides, in words a manager can say."""

from __future__ import annotations

import datetime as dt

import pytest

from lms.classes.enums import ClassState
from lms.classes.models import Enrolment
from lms.common.clock import now, today
from lms.reports.people import QUIET_DAYS, LearnerFilters, behind, enrolments
from tests.factories.classes import make_class, make_enrolment
from tests.factories.people import grant, make_unit, make_user

pytestmark = pytest.mark.django_db


def days_ago(days):
    return today() - dt.timedelta(days=days)


def moment(days):
    return now() - dt.timedelta(days=days)


@pytest.mark.parametrize(
    ("started", "ended", "fields", "expected"),
    [
        (QUIET_DAYS, -9, {}, True),  # never studied since the class began
        (QUIET_DAYS - 1, -9, {}, False),  # the class has only begun
        (9, -9, {"status": "in_progress", "last_activity_at": moment(QUIET_DAYS)}, True),
        (9, -9, {"status": "in_progress", "last_activity_at": moment(QUIET_DAYS - 1)}, False),
        (9, 1, {"status": "in_progress", "last_activity_at": moment(0)}, True),  # the class is over
        (9, 0, {"status": "in_progress", "last_activity_at": moment(0)}, False),  # its last day is today
        (9, 1, {"status": "completed"}, False),
        (9, 1, {"status": "failed"}, False),
        (9, 1, {"status": "withdrawn"}, False),
    ],
)
def test_behind(started, ended, fields, expected):
    training_class = make_class(starts_on=days_ago(started), ends_on=days_ago(ended))
    make_enrolment(training_class, **fields)
    assert Enrolment.objects.filter(behind()).exists() is expected


def test_a_planned_class_has_nobody_behind_and_a_closed_one_only_when_it_is_over():
    for state in (ClassState.PLANNED, ClassState.CANCELLED, ClassState.CLOSED):
        make_enrolment(make_class(starts_on=days_ago(9), ends_on=days_ago(-9), state=state))
    assert not Enrolment.objects.filter(behind()).exists()


def test_lists_leave_out_planned_and_cancelled_classes():
    unit = make_unit()
    manager = make_user()
    grant(manager, "centre_manager", unit)
    kept = [
        make_enrolment(make_class(unit, state=state, starts_on=days_ago(9), ends_on=days_ago(1)))
        for state in ClassState.values
        if state not in (ClassState.PLANNED, ClassState.CANCELLED)
    ]
    for state in (ClassState.PLANNED, ClassState.CANCELLED):
        make_enrolment(make_class(unit, state=state, starts_on=days_ago(9), ends_on=days_ago(1)))
    for filters in (LearnerFilters(), LearnerFilters(behind=True)):
        assert set(enrolments(user=manager, unit=unit, filters=filters)) == set(kept)
