"""From the first lesson to the certificate, through the services."""

import datetime as dt

import pytest
import time_machine

from lms.certificates.models import Certificate
from lms.certificates.queries import verify
from lms.completion.services import NotYet, record_progress
from lms.exams.services.attempts import submit
from lms.exams.services.responses import IncomingResponse, save
from lms.exams.services.starting import start_for_enrolment
from tests.factories.classes import tally_of
from tests.factories.learning import make_study
from tests.factories.quizzes import right_answer, wrong_answer

pytestmark = pytest.mark.django_db


def sit(study, *, right: int):
    """Sit the test with ``right`` right answers of five."""
    item = study.items("exam")[0]
    attempt = start_for_enrolment(enrolment=study.fresh(), item_id=item.pk, user=study.learner)
    answers = [(right_answer if slot <= right else wrong_answer)(attempt, slot) for slot in range(1, 6)]
    save(
        attempt_id=attempt.pk,
        user_id=study.learner.pk,
        responses=[IncomingResponse(slot=slot, answer=answer, seq=1) for slot, answer in enumerate(answers, start=1)],
    )
    return submit(attempt=attempt)


def test_reading_and_passing_completes_and_issues_the_certificate():
    study = make_study(full_name="Nguyễn Thị Sen")
    first, second = study.items("lesson")
    for lesson in (first, second):
        outcome = record_progress(enrolment=study.fresh(), item_id=lesson.pk, position=1, seconds=60, completed=True)
    test = study.items("exam")[0]
    assert (outcome.item_state, outcome.enrolment_status, outcome.percent, outcome.next_item_id) == (
        "done",
        "in_progress",
        66,
        test.pk,
    )
    sit(study, right=4)
    enrolment = study.fresh()
    assert (enrolment.status, enrolment.percent, str(enrolment.score), enrolment.band, enrolment.next_item_id) == (
        "completed",
        100,
        "8.00",
        "very_good",
        None,
    )
    assert tally_of(study.training_class) == {"completed": 1, "very_good": 1, "theory_done": 1}
    certificate = Certificate.objects.get(enrolment=enrolment)
    assert (certificate.holder_name, certificate.number, str(certificate.score)) == ("Nguyễn Thị Sen", 1, "8.00")
    assert verify(certificate.code.lower().replace("-", "")).certificate == certificate


def test_a_failed_test_is_repeated_and_the_best_attempt_counts():
    study = make_study(exam_fields={"max_attempts": 2}, lesson_fields={"required": False})
    sit(study, right=1)
    assert (study.fresh().status, str(study.fresh().score)) == ("in_progress", "2.00")
    sit(study, right=3)
    assert (study.fresh().status, str(study.fresh().score), study.fresh().band) == ("completed", "6.00", "average")


def test_no_attempt_left_below_the_pass_mark_is_failed():
    study = make_study(exam_fields={"max_attempts": 1}, lesson_fields={"required": False})
    sit(study, right=1)
    assert (study.fresh().status, study.fresh().percent) == ("failed", 0)


def test_not_yet_keeps_what_was_read():
    study = make_study(lesson_fields={"min_seconds": 300})
    lesson = study.items("lesson")[0]
    start = dt.datetime(2026, 11, 23, 1, 0, tzinfo=dt.UTC)
    with time_machine.travel(start, tick=False):
        with pytest.raises(NotYet) as refused:
            record_progress(enrolment=study.fresh(), item_id=lesson.pk, position=0.5, seconds=9999, completed=True)
        assert refused.value.fields.keys() == {"position", "seconds"}
    with time_machine.travel(start + dt.timedelta(seconds=100), tick=False), pytest.raises(NotYet) as refused:
        record_progress(enrolment=study.fresh(), item_id=lesson.pk, position=1, seconds=9999, completed=True)
    assert refused.value.fields.keys() == {"seconds"}
    with time_machine.travel(start + dt.timedelta(seconds=180), tick=False):
        outcome = record_progress(enrolment=study.fresh(), item_id=lesson.pk, position=0.2, seconds=310, completed=True)
    assert (outcome.item_state, outcome.position, outcome.furthest, outcome.seconds) == ("done", 0.2, 1.0, 300)
