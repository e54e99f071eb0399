"""Incidents begin, are told once, and end; overdue attempts are handed in whoever lives."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
import time_machine
from django.db import DatabaseError

from lms.common import clock, health
from lms.common.clock import now
from lms.common.health import OK, Finding, SystemPart, degraded
from lms.common.steady_clock import SteadyClock
from lms.exams.enums import AttemptState
from lms.exams.models import Attempt
from lms.exams.services.attempts import expire_due
from lms.exams.services.responses import IncomingResponse, save
from lms.notifications.models import Notification
from lms.operations import watch
from lms.operations.models import Incident, Turn
from lms.operations.queries import node
from lms.operations.services import watching
from lms.operations.services.watching import (
    NothingToConfirmError,
    confirm_clock,
    hand_in_if_nobody_does,
    look,
    take_turn,
)
from lms.people.models import User
from tests.factories.people import make_user
from tests.factories.quizzes import make_attempt
from tests.lms.common.test_steady_clock import HOURS, Machine

pytestmark = pytest.mark.django_db
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def administrator() -> User:
    return make_user(is_superuser=True)


@pytest.fixture
def findings(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Finding]]:
    """What the parts say, to be changed by the test."""
    said = {"database": OK, "cache": OK, "worker": OK}
    monkeypatch.setattr(
        health,
        "_parts",
        {name: SystemPart(name, lambda name=name: said[name], local=name == "cache") for name in said},
    )
    monkeypatch.setattr(health, "check_database", lambda: said["database"])
    return said


def make_due(deadline: dt.datetime) -> Attempt:
    """A started attempt with this deadline."""
    attempt = make_attempt()
    Attempt.objects.filter(pk=attempt.pk).update(deadline=deadline)
    attempt.deadline = deadline
    return attempt


def _told(person: User) -> list[str]:
    return list(Notification.objects.filter(recipient=person).order_by("pk").values_list("kind", "params__title"))


def test_administrators_are_told_once_when_it_begins_and_once_when_it_is_over(
    administrator: User, findings: dict[str, Finding]
) -> None:
    make_user()
    with time_machine.travel("2026-12-01T08:00:00+07:00", tick=False) as time:
        assert look() == []
        findings["worker"] = degraded("silent", minutes=4)
        for _minute in range(3):
            time.shift(60)
            look()
        findings["worker"] = OK
        for _minute in range(5):
            time.shift(60)
            look()
        incident = Incident.objects.get()
        assert (incident.part, incident.node, incident.code, incident.facts) == ("worker", "", "silent", {"minutes": 4})
        assert (incident.seen_at - incident.began_at, incident.ended_at - incident.seen_at) == (2 * MINUTE, 3 * MINUTE)
    expected = [("incident_began", "Xử lý nền đứng yên"), ("incident_over", "Xử lý nền đứng yên")]
    assert (_told(administrator), Notification.objects.count()) == (expected, 2)
    assert Notification.objects.first().url == "/dieu-hanh/he-thong/"


def test_what_comes_and_goes_is_told_once(administrator: User, findings: dict[str, Finding]) -> None:
    with time_machine.travel("2026-12-01T08:00:00+07:00", tick=False) as time:
        for minute in range(8):
            findings["cache"] = OK if minute % 2 else degraded("away")
            look()
            time.shift(60)
    assert _told(administrator) == [("incident_began", f"Bộ nhớ đệm không trả lời ({node()})")]
    assert Incident.objects.open().count() == 1


def test_one_of_several_nodes_looks_at_what_all_share(
    administrator: User, findings: dict[str, Finding], monkeypatch: pytest.MonkeyPatch
) -> None:
    findings |= {"worker": degraded("never"), "cache": degraded("away")}
    look()
    monkeypatch.setattr(watching, "node", lambda: "second")
    look()
    assert sorted(Incident.objects.values_list("part", "node")) == sorted(
        [("cache", node()), ("cache", "second"), ("worker", "")]
    )
    assert len(_told(administrator)) == 3


def test_a_turn_is_taken_once_a_minute_and_never_kept_from_the_future() -> None:
    with time_machine.travel("2026-12-01T08:00:00+07:00", tick=False) as time:
        assert [take_turn("x"), take_turn("x"), take_turn("y")] == [True, False, True]
        time.shift(60)
        assert [take_turn("x"), take_turn("x")] == [True, False]
        Turn.objects.update(at=now() + dt.timedelta(hours=3))
        assert take_turn("x")


def test_an_error_while_noting_does_not_keep_attempts_open(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(more: object) -> None:
        raise DatabaseError("the database only reads")

    monkeypatch.setattr(watch, "close_old_connections", lambda: None)
    monkeypatch.setattr(watch, "look", broken)
    monkeypatch.setattr(watch, "SETTLING", 0.0)
    attempt = make_due(now() - dt.timedelta(minutes=10))
    watching_one = watch.Watch()
    watching_one.once()
    watching_one.once()
    attempt.refresh_from_db()
    assert attempt.state == AttemptState.SUBMITTED
    assert [record.getMessage() for record in caplog.records] == ["watching: looking failed"]


def test_nothing_is_noted_before_the_worker_had_a_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "close_old_connections", lambda: None)
    looks: list[dict[str, Finding]] = []
    monkeypatch.setattr(watch, "look", looks.append)
    watching_one = watch.Watch()
    watching_one.once()
    assert looks == []
    watching_one._started -= watch.SETTLING
    watching_one.once()
    assert looks == [{"mail": OK}]


def test_attempts_are_handed_in_without_a_worker_and_not_before_their_time(settings: object) -> None:
    settings.SEN_ATTEMPT_GRACE_SECONDS = 30
    attempts = [make_due(now() - dt.timedelta(seconds=seconds)) for seconds in (110, 130)]
    assert (hand_in_if_nobody_does(), hand_in_if_nobody_does()) == (2, 0)  # all that are due, once there is one
    for attempt in attempts:
        attempt.refresh_from_db()
    assert [attempt.state for attempt in attempts] == [AttemptState.SUBMITTED] * 2


def test_while_a_worker_lives_the_watch_leaves_attempts_to_it(
    django_assert_num_queries: object, settings: object
) -> None:
    settings.SEN_ATTEMPT_GRACE_SECONDS = 30
    make_due(now() - dt.timedelta(seconds=60))
    with django_assert_num_queries(1):
        assert hand_in_if_nobody_does() == 0


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Machine:
    """This process runs on a machine whose clock the test sets."""
    machine = Machine()
    monkeypatch.setattr(clock, "_steady", machine.process(tmp_path / "clock.json"))
    return machine


def _answer(attempt: object) -> None:
    save(attempt_id=attempt.pk, user_id=attempt.user_id, responses=[IncomingResponse(1, None, 1)])


def test_a_leap_of_the_clock_hands_nobody_in(machine: Machine) -> None:
    attempt = make_due(now() + dt.timedelta(minutes=40))
    machine.wall += 3 * HOURS
    machine.passes(60)
    assert (expire_due(), hand_in_if_nobody_does()) == (0, 0)
    _answer(attempt)
    attempt.refresh_from_db()
    assert attempt.state == AttemptState.OPEN
    machine.passes(3600)
    assert expire_due() == 1  # its own forty minutes have passed


def test_a_leap_is_told_and_followed_once_an_administrator_says_it_is_right(
    machine: Machine, administrator: User, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    parts = health._parts
    monkeypatch.setattr(health, "_parts", {name: parts[name] for name in ("database", "clock")})
    attempt = make_due(now() + dt.timedelta(minutes=40))
    look()
    machine.wall += 3 * HOURS
    machine.passes(60)
    look()
    assert _told(administrator) == [("incident_began", f"Đồng hồ nhảy bất thường ({node()})")]
    incident = Incident.objects.get()
    assert (incident.code, incident.facts) == ("step", {"minutes": 180})
    look()
    assert expire_due() == 0
    confirm_clock(incident=incident, actor=administrator)
    with pytest.raises(NothingToConfirmError):
        confirm_clock(incident=incident, actor=administrator)
    machine.passes(60)
    look()
    other = SteadyClock(
        tmp_path / "clock.json", wall=lambda: machine.wall, steady=lambda: machine.steady, boot=lambda: machine.run
    )
    assert (clock.steady().step, other.step, expire_due()) == (0.0, 0.0, 1)
    attempt.refresh_from_db()
    assert attempt.state == AttemptState.SUBMITTED


def test_a_confirmation_is_for_one_leap_only(machine: Machine, administrator: User) -> None:
    look()
    machine.wall += 3 * HOURS
    look()
    confirm_clock(incident=Incident.objects.get(part="clock"), actor=administrator)
    machine.wall += 5 * HOURS
    machine.passes(60)
    look()
    assert clock.steady().step == 8 * HOURS


@pytest.mark.parametrize(("apart", "step"), [(5.0, 0.0), (3 * HOURS, 3 * HOURS), (None, 3 * HOURS)])
def test_a_database_elsewhere_decides_by_itself(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, apart: float | None, step: float
) -> None:
    monkeypatch.setattr(watching, "apart_from_database", lambda: apart)
    machine.wall += 3 * HOURS
    look()
    assert clock.steady().step == step
