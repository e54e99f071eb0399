"""The state of parts that need more than a look: background work, schedules, overdue attempts, backups, the clock.

Each is a :class:`lms.common.health.SystemPart`; :mod:`lms.operations.words` has the sentences.
"""

from __future__ import annotations

import datetime as dt
import socket
import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.models import Count, F, Max, Min, Q
from django.db.models.functions import Coalesce
from django.tasks import task_backends
from django.utils import timezone
from django_ox.models import OxScheduleTick, OxTask
from django_ox.schedules import schedule_source_from_options

from lms.common import clock
from lms.common.health import OK, Finding, SystemPart, degraded
from lms.common.steady_clock import STEP
from lms.exams.queries.attempts import overdue_since
from lms.operations.models import Incident

#: The schedule that runs most often; its ticks show that a worker lives.
PULSE = "hand-in-overdue"
SILENCE = dt.timedelta(minutes=3)
#: How late a schedule may be: a worker that restarts, a task that takes its time.
LATENESS = dt.timedelta(minutes=10)
FAILURES = dt.timedelta(days=1)
BACKUP_AGE = dt.timedelta(hours=26)
#: How long after the deadline and its grace an attempt should be handed in at the latest.
OVERDUE = dt.timedelta(seconds=90)


def node() -> str:
    """Return the name of this machine."""
    return socket.gethostname()[:100]


def check_worker() -> Finding:
    """Look whether a worker starts what is due and takes what waits; two look-ups by index."""
    moment = clock.now()
    ticks = OxScheduleTick.objects.filter(schedule_name=PULSE)
    last = ticks.order_by("-scheduled_for").values_list("scheduled_for", flat=True).first()
    if last is None:
        return degraded("never")
    if moment - last > SILENCE:
        return degraded("silent", minutes=_minutes(moment - last))
    ready = OxTask.objects.filter(status=OxTask.Status.READY).filter(Q(run_after=None) | Q(run_after__lte=moment))
    oldest = ready.aggregate(at=Min(Coalesce("run_after", "enqueued_at")))["at"]
    if oldest is not None and moment - oldest > SILENCE:
        return degraded("waiting", minutes=_minutes(moment - oldest))
    return OK


def check_schedules() -> Finding:
    """Look for a schedule whose last start is missing; one statement."""
    moment = timezone.localtime(clock.now())
    wanted = {schedule.name: _previous(schedule, moment - LATENESS) for schedule in _schedules()}
    rows = OxScheduleTick.objects.filter(scheduled_for__gte=moment - dt.timedelta(days=8))
    started = dict(rows.values_list("schedule_name").annotate(Max("scheduled_for")).order_by())
    # One that was never seen is anchored by the next worker; whether there is one is for the worker's part to say.
    late = sorted(name for name, due in wanted.items() if due and name in started and started[name] < due)
    return degraded("late", names=", ".join(late)) if late else OK


def _schedules() -> list[Any]:
    return list(schedule_source_from_options(task_backends["default"].options, "default").schedules())


def _previous(schedule: Any, moment: dt.datetime) -> dt.datetime | None:
    naive = schedule.trigger.previous(moment.replace(tzinfo=None))
    return None if naive is None else timezone.make_aware(naive)


def check_tasks() -> Finding:
    """Look for tasks that were given up within a day."""
    since = clock.now() - FAILURES
    given_up = OxTask.objects.filter(status__in=(OxTask.Status.FAILED, OxTask.Status.LOST))
    given_up = given_up.annotate(at=Coalesce("finished_at", "last_attempted_at")).filter(at__gte=since)
    rows = given_up.values("task_path").annotate(count=Count("pk")).order_by("-count", "task_path")
    counts = list(rows.values_list("task_path", "count"))
    if not counts:
        return OK
    names = ", ".join(path.rsplit(".", 1)[-1] for path, _count in counts[:3])
    return degraded("given_up", count=sum(count for _path, count in counts), names=names)


def check_overdue() -> Finding:
    """Look for attempts that the clock should have handed in by now."""
    count = overdue_since(OVERDUE).count()
    return degraded("open", count=count) if count else OK


def check_backup() -> Finding:
    """Look at the age of the file that the backup touches when it has succeeded (``SEN_BACKUP_MARKER``)."""
    if not settings.SEN_BACKUP_MARKER:
        return OK  # a warning of `check` says that nobody watches
    try:
        made = dt.datetime.fromtimestamp(Path(settings.SEN_BACKUP_MARKER).stat().st_mtime, tz=dt.UTC)
    except OSError:
        return degraded("never", file=settings.SEN_BACKUP_MARKER)
    age = clock.now() - made
    return degraded("old", hours=int(age.total_seconds() // 3600)) if age > BACKUP_AGE else OK


def check_clock() -> Finding:
    """Look whether this machine's clock made a step that is not followed, or differs from a database elsewhere."""
    steady = clock.steady()
    step = steady.step if steady else 0.0
    if step:
        return degraded("step", minutes=round(step / 60))
    try:
        apart = apart_from_database()
    except DatabaseError:
        apart = None  # the database's own part says that it does not answer
    if apart is not None and abs(apart) > STEP:
        return degraded("differs", minutes=round(apart / 60))
    return OK


def check_mail() -> Finding:
    """Return what the watch found when it last asked the mail server: asking takes seconds, so only it does."""
    incident = Incident.objects.open().filter(part="mail").first()
    return degraded(incident.code, **incident.facts) if incident else OK


def apart_from_database() -> float | None:
    """Return by how many seconds this machine's clock is ahead of the database's; ``None`` where that is the same."""
    if connection.vendor != "postgresql":
        return None
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT extract(epoch FROM clock_timestamp()), inet_server_addr() IS NULL OR inet_server_addr() = "
            "inet_client_addr() OR inet_server_addr() <<= '127.0.0.0/8' OR inet_server_addr() <<= '::1/128'"
        )
        there, same = cursor.fetchone()
    return None if same else time.time() - float(there)


PARTS = (
    SystemPart("worker", check_worker, live=False),
    SystemPart("schedules", check_schedules, live=False),
    SystemPart("tasks", check_tasks, live=False),
    SystemPart("overdue", check_overdue, live=False),
    SystemPart("backup", check_backup, live=False),
    SystemPart("clock", check_clock, local=True, live=False),
    SystemPart("mail", check_mail, live=False),
)


def open_incidents(user: Any) -> list[Incident]:
    """Return what ``user`` may know to be wrong at present."""
    return list(Incident.objects.visible_to(user).open().select_related("confirmed_by"))


def past_incidents(user: Any, limit: int = 30) -> list[Incident]:
    """Return what was wrong before, newest first."""
    ended = Incident.objects.visible_to(user).filter(ended_at__isnull=False)
    return list(ended.order_by(F("ended_at").desc(), "-pk")[:limit])


def _minutes(span: dt.timedelta) -> int:
    return int(span.total_seconds() // 60)
