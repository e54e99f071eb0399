"""When the time for a test has passed for the whole class."""

from __future__ import annotations

import datetime as dt

import pytest

from lms.classes.models import ClassItem
from lms.common.clock import now
from lms.exams.models import Allowance, Attempt, Sitting
from lms.exams.queries.closing import is_over
from lms.exams.services.attempts import submit
from lms.exams.services.starting import start_for_enrolment
from tests.factories.classes import make_class, make_enrolment
from tests.factories.learning import make_study
from tests.factories.sittings import make_sitting

pytestmark = pytest.mark.django_db


def test_a_test_is_over_after_its_own_last_moment_or_the_class_s_last_day():
    training_class = make_class()
    enrolment = make_enrolment(training_class)
    item = training_class.edition.items.first()
    attempt = Attempt(enrolment_id=enrolment.pk, item_id=item.pk)
    assert is_over(attempt) is False
    dates = ClassItem.objects.create(training_class=training_class, item=item, due_at=now() - dt.timedelta(minutes=1))
    assert is_over(attempt) is True
    ClassItem.objects.filter(pk=dates.pk).update(due_at=now() + dt.timedelta(minutes=1))
    assert is_over(attempt) is False


def test_an_attempt_of_no_enrolment_is_never_over():
    assert is_over(Attempt(enrolment_id=0, item_id=0)) is False


def begin(enrolment, item):
    found = type(enrolment).objects.select_related("training_class__edition", "learner").get(pk=enrolment.pk)
    return start_for_enrolment(enrolment=found, item_id=item.pk, user=found.learner)


@pytest.mark.parametrize("in_a_sitting", [True, False])
def test_while_somebody_of_the_class_is_still_at_work_it_is_not_over(in_a_sitting):
    study = make_study(exam_fields={"questions": 2, "time_limit": 60})
    item = study.items("exam")[0]
    if in_a_sitting:
        make_sitting(study)
    first, late = begin(study.enrolment, item), begin(study.another(), item)
    submit(attempt=first)
    past = now() - dt.timedelta(minutes=1)
    if in_a_sitting:
        Sitting.objects.update(closes_at=past)
    else:
        ClassItem.objects.update_or_create(
            training_class=study.training_class, item=item, defaults={"due_at": past, "opens_at": None}
        )
    done = Attempt.objects.select_related("sitting").get(pk=first.pk)
    assert is_over(done) is False
    submit(attempt=late)
    assert is_over(done) is True


def test_while_somebody_may_still_begin_in_a_time_of_their_own_it_is_not_over():
    study = make_study()
    item = study.items("exam")[0]
    past = now() - dt.timedelta(minutes=1)
    ClassItem.objects.create(training_class=study.training_class, item=item, due_at=past)
    later = study.another()
    terms = Allowance.objects.create(
        enrolment_id=later.pk,
        item_id=item.pk,
        user=later.learner,
        closes_at=now() + dt.timedelta(hours=2),
        reason="Đi công tác",
        granted_by=study.learner,
    )
    attempt = Attempt(enrolment_id=study.enrolment.pk, item_id=item.pk)
    assert is_over(attempt) is False
    Allowance.objects.filter(pk=terms.pk).update(closes_at=past)
    assert is_over(attempt) is True
