"""Each part says what is the matter, and every saying has its words."""

from __future__ import annotations

import datetime as dt
import io
import os
from pathlib import Path

import pytest
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.db import connection
from django_ox.models import OxScheduleTick, OxTask

from lms.common import health
from lms.common.clock import now
from lms.common.health import OK, degraded
from lms.operations import queries
from lms.operations.services.watching import check_mail
from lms.operations.tasks import clear_away
from lms.operations.words import PARTS, WORDS, meaning_of, title_of, words_of
from lms.settings.schedules import SCHEDULES
from tests.lms.operations.test_watching import make_due

pytestmark = pytest.mark.django_db


def tick(name: str, **ago: float) -> None:
    """Say that a worker started this schedule then."""
    at = now() - dt.timedelta(**ago)
    OxScheduleTick.objects.create(schedule_name=name, scheduled_for=at, created_at=at)


def task(status: str, *, path: str = "quizzes.tasks.read_question_file", **ago: float) -> OxTask:
    at = now() - dt.timedelta(**ago)
    finished = at if status in {"FAILED", "SUCCESSFUL"} else None
    return OxTask.objects.create(
        task_path=path,
        status=status,
        backend_name="default",
        enqueued_at=at,
        last_attempted_at=at,
        finished_at=finished,
    )


def test_a_worker_that_stopped_is_seen(django_assert_num_queries: object) -> None:
    assert queries.check_worker() == degraded("never")
    tick(queries.PULSE, minutes=4)
    assert queries.check_worker() == degraded("silent", minutes=4)
    tick(queries.PULSE, minutes=1)
    assert queries.check_worker() == OK
    task("READY", minutes=2)
    task("RUNNING", minutes=50)
    assert queries.check_worker() == OK
    task("READY", minutes=7)
    with django_assert_num_queries(2):
        assert queries.check_worker() == degraded("waiting", minutes=7)


def test_a_task_for_later_does_not_wait() -> None:
    tick(queries.PULSE, minutes=1)
    later = task("READY", minutes=90)
    OxTask.objects.filter(pk=later.pk).update(run_after=now() + dt.timedelta(hours=1))
    assert queries.check_worker() == OK


def test_a_schedule_that_was_not_started_is_seen(django_assert_num_queries: object) -> None:
    for name in SCHEDULES:
        tick(name, minutes=1)
    assert queries.check_schedules() == OK
    OxScheduleTick.objects.filter(schedule_name="settle-tallies").delete()
    assert queries.check_schedules() == OK  # never seen: the next worker begins with it
    tick("settle-tallies", minutes=30)
    OxScheduleTick.objects.filter(schedule_name="prove-audit").update(scheduled_for=now() - dt.timedelta(days=2))
    with django_assert_num_queries(1):
        assert queries.check_schedules() == degraded("late", names="prove-audit, settle-tallies")


def test_tasks_that_were_given_up_are_seen_for_a_day() -> None:
    for status, hours in (("SUCCESSFUL", 1), ("FAILED", 30), ("LOST", 30), ("DISCARDED", 1)):
        task(status, hours=hours)
    assert queries.check_tasks() == OK
    for status in ("FAILED", "LOST"):
        task(status, hours=20)
    task("FAILED", path="lms.exams.tasks.hand_in_overdue", hours=2)
    assert queries.check_tasks() == degraded("given_up", count=3, names="read_question_file, hand_in_overdue")


def test_attempts_that_nobody_hands_in_are_seen() -> None:
    make_due(now() - dt.timedelta(seconds=80))
    assert queries.check_overdue() == OK
    make_due(now() - dt.timedelta(seconds=150))
    assert queries.check_overdue() == degraded("open", count=1)


def test_a_backup_that_fell_silent_is_seen(settings: object, tmp_path: Path) -> None:
    assert (settings.SEN_BACKUP_MARKER, queries.check_backup()) == ("", OK)
    marker = tmp_path / "backup-ok"
    settings.SEN_BACKUP_MARKER = str(marker)
    assert queries.check_backup() == degraded("never", file=str(marker))
    marker.touch()
    assert queries.check_backup() == OK
    old = (now() - dt.timedelta(hours=27, minutes=5)).timestamp()
    os.utime(marker, (old, old))
    assert queries.check_backup() == degraded("old", hours=27)


def test_a_database_on_the_same_machine_says_nothing_about_the_clock() -> None:
    assert queries.apart_from_database() is None


@pytest.mark.parametrize(("apart", "finding"), [(None, OK), (-200.0, OK), (-5400.0, degraded("differs", minutes=-90))])
def test_a_clock_that_differs_from_a_database_elsewhere_is_seen(
    monkeypatch: pytest.MonkeyPatch, apart: float | None, finding: object
) -> None:
    monkeypatch.setattr(queries, "apart_from_database", lambda: apart)
    assert queries.check_clock() == finding


def test_a_mail_server_that_does_not_answer_is_seen(settings: object) -> None:
    assert (settings.SEN_SMTP_HOST, check_mail()) == ("", OK)
    settings.SEN_SMTP_HOST = "127.0.0.1"
    smtp = "django.core.mail.backends.smtp.EmailBackend"
    settings.MAILERS = {"default": {"BACKEND": smtp, "OPTIONS": {"host": "127.0.0.1", "port": 1, "timeout": 2}}}
    finding = check_mail()
    assert (finding.state, finding.code, "refused" in finding.facts["error"]) == ("degraded", "unreachable", True)


def test_everything_that_may_be_the_matter_has_words_that_its_facts_fill() -> None:
    facts = {
        "folder": "/srv",
        "free": 3,
        "minutes": 4,
        "names": "a",
        "count": 2,
        "file": "f",
        "hours": 30,
        "error": "e",
    }
    assert {part.name for part in health.parts()} | {"mail"} == set(PARTS)
    for part, code in WORDS:
        assert part in PARTS
        assert "%(" not in meaning_of(part, code, facts) + title_of(part, code) + str(words_of(part, code).advice)
    assert title_of("worker", "new") == "Xử lý nền: Có điều bất thường"
    assert meaning_of("worker", "silent", {}) == "Không kiểm tra được bộ phận này."


def test_the_command_says_it_in_words(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, settings: object
) -> None:
    settings.SEN_DISK_FREE_MB = 1
    parts = {name: health._parts[name] for name in ("database", "worker")}
    monkeypatch.setattr(health, "_parts", parts)
    with pytest.raises(CommandError, match="Not everything is well"):
        call_command("health")
    said = capsys.readouterr().out
    assert "ok        database    Cơ sở dữ liệu\n" in said
    assert "degraded  worker      Xử lý nền\n          Chưa có tiến trình xử lý nền nào chạy. Tệp không" in said
    assert "          → Hãy khởi động: manage.py serve chạy một tiến trình" in said


def test_the_command_believes_the_clock(settings: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.SEN_CLOCK_FILE = tmp_path / "clock.json"
    monkeypatch.setattr(health, "_parts", {"database": health._parts["database"]})
    call_command("health", "--accept-clock", stdout=io.StringIO())
    assert settings.SEN_CLOCK_FILE.exists()


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no read-only servers")
def test_a_standby_or_a_read_only_server_is_seen() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL transaction_read_only = on")
        assert health.check_database() == degraded("read_only")


def test_what_would_grow_for_ever_is_cleared_away() -> None:
    task("SUCCESSFUL", days=31)
    recent = task("SUCCESSFUL", days=29)
    for key, days in (("old", -1), ("new", 1)):
        Session.objects.create(session_key=key, session_data="", expire_date=now() + dt.timedelta(days=days))
    clear_away.func()
    assert (list(OxTask.objects.all()), list(Session.objects.values_list("pk", flat=True))) == ([recent], ["new"])
