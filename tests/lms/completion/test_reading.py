"""Keeping progress: idempotent, monotone, honest about time, within budget."""

import datetime as dt

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lms.classes.enums import ClassState, EnrolmentStatus
from lms.classes.models import ClassItem, Enrolment, TrainingClass
from lms.common.clock import now
from lms.common.errors import DomainError
from lms.completion.services import open_item, record_progress
from lms.exams.services.starting import start_for_enrolment
from lms.progress.models import ItemProgress
from lms.progress.queries import ItemNotFound
from lms.progress.services.store import set_item_done
from tests.factories.learning import make_study

pytestmark = pytest.mark.django_db
START = dt.datetime(2026, 11, 23, 1, 0, tzinfo=dt.UTC)


def row(study, item):
    return ItemProgress.objects.values_list("state", "position", "furthest", "seconds").get(
        enrolment=study.enrolment, item=item
    )


def read(study, item, **report):
    return record_progress(
        enrolment=study.fresh(), item_id=item.pk, **{"position": 0.5, "seconds": 10, "completed": False, **report}
    )


def test_a_repeat_and_an_old_report_change_nothing_but_the_place():
    study = make_study()
    item = study.items("lesson")[0]
    read(study, item, position=0.8, seconds=90)
    read(study, item, position=0.8, seconds=90)
    assert row(study, item) == ("doing", 0.8, 0.8, 90)
    read(study, item, position=0.1, seconds=20)
    assert row(study, item) == ("doing", 0.1, 0.8, 90)


def test_done_is_never_taken_back():
    study = make_study()
    item = study.items("lesson")[0]
    assert read(study, item, position=1, completed=True).item_state == "done"
    done_at = ItemProgress.objects.get(item=item).done_at
    assert read(study, item, position=0.1, seconds=0).item_state == "done"
    assert ItemProgress.objects.get(item=item).done_at == done_at


def test_invented_time_does_not_count(settings):
    settings.SEN_READING_TOLERANCE = 30
    study = make_study()
    item = study.items("lesson")[0]
    with time_machine.travel(START, tick=False):
        open_item(enrolment=study.fresh(), item_id=item.pk)
    with time_machine.travel(START + dt.timedelta(seconds=45), tick=False):
        assert read(study, item, seconds=5000).seconds == 75
    with time_machine.travel(START + dt.timedelta(seconds=100), tick=False):
        assert read(study, item, seconds=100).seconds == 100


def test_opening_starts_the_enrolment_and_stays_silent_after_the_class():
    study = make_study()
    item = study.items("lesson")[0]
    outcome = open_item(enrolment=study.fresh(), item_id=item.pk)
    assert (outcome.item_state, outcome.enrolment_status, study.fresh().started_at is not None) == (
        "doing",
        "in_progress",
        True,
    )
    TrainingClass.objects.update(state=ClassState.CLOSED)
    second = study.items("lesson")[1]
    assert open_item(enrolment=study.fresh(), item_id=second.pk).item_state == "todo"
    assert not ItemProgress.objects.filter(item=second).exists()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda study: Enrolment.objects.update(status=EnrolmentStatus.WITHDRAWN), "withdrawn"),
        (lambda study: TrainingClass.objects.update(state=ClassState.CLOSED), "class_closed"),
        (lambda study: TrainingClass.objects.update(state=ClassState.RECOGNISED), "class_closed"),
        (lambda study: TrainingClass.objects.update(state=ClassState.CANCELLED), "class_cancelled"),
        (lambda study: TrainingClass.objects.update(state=ClassState.PLANNED), "class_not_open"),
    ],
)
def test_nothing_is_kept_where_nothing_counts(change, code):
    study = make_study()
    change(study)
    with pytest.raises(DomainError) as refused:
        read(study, study.items("lesson")[0])
    with pytest.raises(DomainError) as not_started:
        start_for_enrolment(enrolment=study.fresh(), item_id=study.items("exam")[0].pk, user=study.learner)
    assert (refused.value.code, not_started.value.code, ItemProgress.objects.count()) == (code, code, 0)


def test_only_lessons_are_read_and_only_exams_are_sat():
    study = make_study()
    with pytest.raises(DomainError) as refused:
        read(study, study.items("exam")[0])
    with pytest.raises(DomainError) as not_started:
        start_for_enrolment(enrolment=study.fresh(), item_id=study.items("lesson")[0].pk, user=study.learner)
    assert (refused.value.code, not_started.value.code) == ("wrong_kind", "wrong_kind")


def test_an_item_of_another_edition_does_not_exist():
    study, other = make_study(), make_study()
    with pytest.raises(ItemNotFound):
        read(study, other.items("lesson")[0])
    with pytest.raises(ItemNotFound):
        start_for_enrolment(enrolment=study.fresh(), item_id=study.items("exam")[0].pk, user=other.learner)


@pytest.mark.parametrize(
    ("dates", "code"),
    [
        ({"opens_at": dt.timedelta(hours=1)}, "not_open_yet"),
        ({"due_at": dt.timedelta(hours=-1)}, "past_due"),
    ],
)
def test_a_test_has_its_hours(dates, code):
    study = make_study()
    item = study.items("exam")[0]
    ClassItem.objects.create(
        training_class=study.training_class, item=item, **{name: now() + delta for name, delta in dates.items()}
    )
    with pytest.raises(DomainError) as refused:
        start_for_enrolment(enrolment=study.fresh(), item_id=item.pk, user=study.learner)
    assert refused.value.code == code


def test_without_hours_of_its_own_a_test_follows_the_days_of_the_class():
    study = make_study()
    item = study.items("exam")[0]
    last = study.training_class.ends_on
    with time_machine.travel(dt.datetime.combine(last, dt.time(23, 0), START.tzinfo) - dt.timedelta(hours=7)):
        attempt = start_for_enrolment(enrolment=study.fresh(), item_id=item.pk, user=study.learner)
    assert attempt.number == 1
    assert ItemProgress.objects.get(item=item).state == "doing"
    with time_machine.travel(START + dt.timedelta(days=60)), pytest.raises(DomainError) as refused:
        start_for_enrolment(enrolment=study.fresh(), item_id=item.pk, user=study.learner)
    assert refused.value.code == "past_due"


def test_set_item_done_says_whether_it_was_new():
    study = make_study()
    item = study.items("exam")[0]
    answers = [set_item_done(enrolment_id=study.enrolment.pk, item_id=item.pk, at=now()) for _repeat in range(2)]
    assert answers == [True, False]


def statements(captured):
    """What was asked of the database; transaction marks are no round trip of their own on SQLite."""
    marks = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT")
    return [query["sql"] for query in captured if not query["sql"].startswith(marks)]


def test_the_row_of_the_enrolment_is_locked_before_its_facts_are_read():
    study = make_study()
    item = study.items("lesson")[0]
    with CaptureQueriesContext(connection) as captured:
        read(study, item, position=1, completed=True)
    asked = statements(captured)
    upsert = next(n for n, sql in enumerate(asked) if sql.lstrip().startswith("INSERT INTO"))
    lock = next(n for n, sql in enumerate(asked) if n > upsert and '"classes_enrolment"' in sql)
    facts = next(n for n, sql in enumerate(asked) if "UNION ALL" in sql)
    assert upsert < lock < facts
    assert connection.vendor == "sqlite" or "FOR NO KEY UPDATE" in asked[lock]
