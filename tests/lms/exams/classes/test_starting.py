"""What those above hear of when a learner starts an exam of the class."""

from __future__ import annotations

import pytest

from lms.exams.models import Attempt
from lms.exams.services.attempts import submit
from lms.exams.services.starting import start_for_enrolment
from lms.exams.signals import attempt_started
from tests.factories.learning import make_study

pytestmark = pytest.mark.django_db


@pytest.fixture
def started():
    seen = []

    def note(sender, attempt, **kwargs):
        seen.append((attempt.enrolment_id, attempt.item_id, attempt.number))

    attempt_started.connect(note)
    yield seen
    attempt_started.disconnect(note)


def test_every_new_attempt_is_told_once_and_an_open_one_that_goes_on_is_not(started):
    study = make_study(exam_fields={"max_attempts": 2})
    item = study.items("exam")[0]

    def start():
        return start_for_enrolment(enrolment=study.fresh(), item_id=item.pk, user=study.learner)

    first = start()
    assert start() == first
    submit(attempt=first)
    start()
    assert started == [(study.enrolment.pk, item.pk, number) for number in (1, 2)]


def test_a_listener_that_fails_leaves_no_attempt():
    study = make_study()

    def fail(sender, **kwargs):
        raise RuntimeError("the listener failed")

    attempt_started.connect(fail)
    try:
        with pytest.raises(RuntimeError):
            start_for_enrolment(enrolment=study.fresh(), item_id=study.items("exam")[0].pk, user=study.learner)
    finally:
        attempt_started.disconnect(fail)
    assert Attempt.objects.count() == 0
