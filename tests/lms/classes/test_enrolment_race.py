import threading

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from lms.classes.enums import EnrolmentStatus
from lms.classes.errors import AlreadyEnrolledError, ClassFullError, RequestError
from lms.classes.models import Enrolment, EnrolmentRequest
from lms.classes.services import requests, tallies
from lms.classes.services.enrolments import Standing, enrol, set_standing
from lms.common.clock import now
from tests.factories.classes import make_class, make_enrolment, tally_of
from tests.factories.people import grant, make_user

pytestmark = pytest.mark.django_db(transaction=True)


on_postgresql = pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite lets one writer in at a time")


def together(*acts):
    """Run every act in a thread of its own, begun at the same moment; return their results or errors."""
    barrier = threading.Barrier(len(acts))
    results = [None] * len(acts)

    def run(number, act):
        try:
            barrier.wait()
            results[number] = act()
        except Exception as error:  # noqa: BLE001 (what a thread raised is the result)
            results[number] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


@on_postgresql
def test_the_class_is_locked_before_anything_is_written():
    training_class, learner = make_class(), make_user()
    with CaptureQueriesContext(connection) as queries:
        enrol(training_class=training_class, learner=learner, actor=None)
    statements = [query["sql"] for query in queries]
    lock = next(i for i, sql in enumerate(statements) if "classes_trainingclass" in sql and "FOR UPDATE" in sql)
    write = next(i for i, sql in enumerate(statements) if sql.startswith(("INSERT", "UPDATE")))
    assert lock < write


@on_postgresql
def test_the_last_place_is_given_once():
    training_class = make_class(capacity=3)
    people = [make_user() for _ in range(8)]
    results = together(
        *[lambda one=one: enrol(training_class=training_class, learner=one, actor=None) for one in people]
    )
    assert sorted(type(result).__name__ for result in results) == ["ClassFullError"] * 5 + ["Enrolment"] * 3
    assert all(isinstance(result, Enrolment | ClassFullError) for result in results)
    assert Enrolment.objects.count() == 3
    assert tallies.recount() == []


@on_postgresql
def test_the_same_person_enters_once():
    training_class, learner = make_class(), make_user()
    results = together(*[lambda: enrol(training_class=training_class, learner=learner, actor=None)] * 4)
    assert sum(isinstance(result, AlreadyEnrolledError) for result in results) == 3
    assert tally_of(training_class) == {"enrolled": 1}


@on_postgresql
def test_folds_at_once_move_the_tally_once():
    enrolment = make_enrolment()
    copies = [Enrolment.objects.get(pk=enrolment.pk) for _ in range(4)]
    standings = [
        Standing(EnrolmentStatus.IN_PROGRESS, 50, started_at=now()),
        Standing(EnrolmentStatus.COMPLETED, 100, band="good", completed_at=now(), rules="r"),
    ] * 2
    results = together(
        *[
            lambda copy=copy, standing=standing: set_standing(enrolment=copy, standing=standing)
            for copy, standing in zip(copies, standings, strict=True)
        ]
    )
    assert not [result for result in results if isinstance(result, Exception)]
    assert tally_of(enrolment.training_class) == {"completed": 1, "good": 1}
    assert tallies.recount() == []


@on_postgresql
def test_a_request_is_answered_once():
    training_class, learner = make_class(), make_user()
    office = make_user()
    grant(office, "registrar", training_class.unit)
    requests.ask(training_class=training_class, learner_ids=[learner.pk], actor=office)
    asked = EnrolmentRequest.objects.get()
    copies = [EnrolmentRequest.objects.get(pk=asked.pk) for _ in range(5)]
    results = together(
        *[lambda one=one: requests.accept(request=one, actor=learner) for one in copies[:3]],
        lambda: requests.decline(request=copies[3], actor=learner),
        lambda: requests.take_back(request=copies[4], actor=office),
    )
    refused = [result for result in results if isinstance(result, RequestError)]
    assert [error.code for error in refused] == ["not_open"] * 4
    asked.refresh_from_db()
    enrolled = Enrolment.objects.filter(learner=learner).count()
    assert (asked.state, enrolled) in {("accepted", 1), ("declined", 0), ("withdrawn", 0)}
    assert tallies.recount() == []


@on_postgresql
def test_somebody_is_asked_for_once():
    training_class, learner = make_class(), make_user()
    office = make_user()
    grant(office, "registrar", training_class.unit)
    results = together(
        *[lambda: requests.ask(training_class=training_class, learner_ids=[learner.pk], actor=office)] * 4
    )
    assert sorted(results) == [0, 0, 0, 1]
    assert EnrolmentRequest.objects.count() == 1
