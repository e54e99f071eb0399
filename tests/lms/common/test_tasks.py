"""Background tasks that kill their workers are set aside; what failed for good is known."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import sqlite3
import subprocess
import sys
import time
import uuid
from pathlib import Path

import pytest
import time_machine
from django.conf import settings
from django_ox.models import OxTask
from django_ox.testing import run_tasks
from django_ox.worker import worker_class

from lms.common.clock import now
from lms.common.tasks import LAST, SenWorker, ended_badly, failed_tasks
from lms.notifications.models import Notification
from lms.reports.task_names import TASK_NAMES
from lms.reports.tasks import tell_failed_tasks
from tests.factories.people import make_user
from tests.lms.common.deadly import fail, write
from tests.plugins.migrated import ROOT, migrated_file

ERROR = {"exception_class_path": "builtins.ValueError", "traceback": "no"}


def running(*, attempts: int, errors: int = 0, expired: bool = True, **more) -> OxTask:
    """Return a task whose worker has gone (or not)."""
    moment = now() - dt.timedelta(seconds=600 if expired else 0)
    return OxTask.objects.create(
        task_path="tests.lms.common.deadly.write", args=["x"], backend_name="default", max_attempts=5,
        status=OxTask.Status.RUNNING, attempts=attempts, errors=[ERROR] * errors, enqueued_at=moment, started_at=moment,
        locked_by="gone", locked_at=moment, lease_expires_at=moment + dt.timedelta(seconds=300), **more,
    )  # fmt: skip


def test_the_installation_uses_our_worker():
    assert worker_class() is SenWorker


@pytest.mark.django_db
def test_a_task_whose_worker_died_waits_behind_all_others_and_is_given_up_the_second_time():
    once, twice = running(attempts=1), running(attempts=2)
    raised, alive = running(attempts=3, errors=2), running(attempts=2, expired=False)
    before = now()

    assert SenWorker().reap() == 3

    found = {row.pk: row for row in OxTask.objects.all()}
    for row in (found[once.pk], found[raised.pk]):
        assert (row.status, row.priority, row.max_attempts) == (OxTask.Status.READY, LAST, 5)
        assert row.run_after >= before + dt.timedelta(seconds=60)
    lost = found[twice.pk]
    assert (lost.status, lost.attempts, lost.max_attempts) == (OxTask.Status.LOST, 2, 2)
    untouched = found[alive.pk]
    assert (untouched.status, untouched.priority, untouched.max_attempts) == (OxTask.Status.RUNNING, 0, 5)
    assert ended_badly([once.pk, twice.pk, alive.pk]) == {twice.pk}
    assert list(failed_tasks()) == [lost]


@pytest.mark.django_db
def test_what_is_gone_or_done_is_told_apart(tmp_path):
    good = write.enqueue(str(tmp_path / "note"))
    bad = fail.enqueue()
    run_tasks()
    nowhere = uuid.uuid4()
    assert ended_badly([uuid.UUID(good.id), uuid.UUID(bad.id), nowhere]) == {uuid.UUID(bad.id), nowhere}


@pytest.mark.django_db
def test_administrators_are_told_once_a_day_of_each_kind():
    person = make_user(is_superuser=True)
    make_user()
    fail.enqueue()
    fail.enqueue()
    run_tasks()
    assert (tell_failed_tasks.call(), tell_failed_tasks.call()) == (1, 0)
    path = "tests.lms.common.deadly.fail"
    (notice,) = Notification.objects.all()
    assert (notice.recipient, notice.kind, notice.params) == (person, "task_failed", {"task": path, "name": path})
    assert notice.sentence == (
        f"Một việc chạy nền bị lỗi và không được chạy lại: {path}. Hãy báo cho người vận hành máy chủ ({path})."
    )
    with time_machine.travel(now() + dt.timedelta(days=2), tick=False):
        assert tell_failed_tasks.call() == 0
        OxTask.objects.update(finished_at=now())
        assert tell_failed_tasks.call() == 1


def test_every_task_has_a_name_for_administrators():
    scheduled = {one["task"] for one in settings.TASKS["default"]["OPTIONS"]["SCHEDULES"].values()}
    assert set(TASK_NAMES) == scheduled | {"quizzes.tasks.read_question_file"}


@pytest.mark.slow
def test_the_worker_of_others_is_killed_twice_at_most(tmp_path: Path):
    """Real workers on a file: the task that kills them runs twice, the one behind it runs, the site would go on."""
    database = tmp_path / "sen.sqlite3"
    shutil.copy(migrated_file(), database)
    env = os.environ | {"SEN_VAR_DIR": str(tmp_path), "DATABASE_URL": f"sqlite:///{database}", "PYTHONPATH": str(ROOT)}
    enqueue = (
        "import django; django.setup()\n"
        "from tests.lms.common.deadly import die, write\n"
        f"die.using(priority=50).enqueue({str(tmp_path / 'deaths')!r}); write.enqueue({str(tmp_path / 'note')!r})\n"
    )
    django = env | {"DJANGO_SETTINGS_MODULE": "lms.settings"}
    subprocess.run([sys.executable, "-c", enqueue], cwd=ROOT, env=django, check=True)
    hurry = (
        "import datetime, django; django.setup()\n"
        "from django.core.management import call_command\n"
        "from lms.common import tasks\n"
        "tasks.SET_ASIDE = datetime.timedelta(seconds=1)\n"
        "call_command('ox_worker', lock_timeout=2.0, interval=0.2)\n"
    )

    def state() -> tuple[str, int]:
        with sqlite3.connect(database, timeout=20) as connection:
            row = connection.execute(
                "SELECT status, attempts FROM django_ox_oxtask WHERE task_path = 'tests.lms.common.deadly.die'"
            ).fetchone()
        connection.close()
        return row[0], row[1]

    ends: list[int] = []
    until = time.monotonic() + 150
    while state()[0] != "LOST":
        assert time.monotonic() < until, (state(), ends)
        assert len(ends) < 4, ends
        worker = subprocess.Popen([sys.executable, "-c", hurry], cwd=ROOT, env=django)
        while worker.poll() is None and state()[0] != "LOST":
            assert time.monotonic() < until, (state(), ends)
            time.sleep(0.2)
        if worker.poll() is None:
            worker.terminate()
        ends.append(worker.wait(30))
    assert state() == ("LOST", 2)
    assert ends == [-9, -9, 0]
    assert (tmp_path / "deaths").read_text() == "xx"
    assert (tmp_path / "note").read_text() == "done"
