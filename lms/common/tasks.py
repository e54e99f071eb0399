"""Background tasks that did not come to an end.

A task whose worker died while it ran (the kernel killed it, the machine lost power) may be what killed it. django-ox
would hand it to the next worker at once, up to five times. :class:`SenWorker` sets it aside: it runs once more, after
everything else, and when a worker dies under it again, it is over. What it worked for is told by its own app, which
asks :func:`ended_badly`; administrators are told by :mod:`lms.reports.tasks`.
"""

from __future__ import annotations

import datetime as dt
import logging
import uuid
from collections.abc import Collection

from django.db.models import F, QuerySet
from django.db.models.functions import Now
from django_ox.models import OxTask
from django_ox.worker import Worker

from lms.common.clock import now

#: Workers that may die under one task before it is given up.
DEATHS = 2
#: How long a task waits that a worker died under, and behind which others.
SET_ASIDE = dt.timedelta(seconds=60)
LAST = -100
_LIVE = (OxTask.Status.READY, OxTask.Status.RUNNING, OxTask.Status.WAITING)
_BAD = (OxTask.Status.FAILED, OxTask.Status.LOST)

logger = logging.getLogger(__name__)


class SenWorker(Worker):
    """A worker that does not run at once again what a worker has died under."""

    def reap(self) -> int:
        """Take tasks from workers that are gone, after setting aside those that may have been the reason."""
        self._set_aside()
        return int(super().reap())

    def _set_aside(self) -> None:
        abandoned = OxTask.objects.using(self._db_alias).filter(
            status=OxTask.Status.RUNNING, lease_expires_at__lt=Now(), lease_expires_at__gte=F("locked_at")
        )
        for task in abandoned.order_by("pk")[: self.reap_batch]:
            # An attempt that ended in an exception left it in the row; one without is one that nobody saw the end of.
            deaths = task.attempts - len(task.errors)
            same = abandoned.filter(pk=task.pk, lease_epoch=task.lease_epoch)
            if deaths >= DEATHS:
                same.update(max_attempts=F("attempts"))  # none left: the reaper gives it up
                logger.error(
                    "Task id=%s path=%s: %d workers died under it; it is given up", task.pk, task.task_path, deaths
                )
            else:
                same.update(priority=LAST, run_after=now() + SET_ASIDE)
                logger.warning("Task id=%s path=%s: its worker died; it is set aside", task.pk, task.task_path)


def ended_badly(ids: Collection[uuid.UUID]) -> set[uuid.UUID]:
    """Return those of ``ids`` that failed, were given up, or are gone: none of them will run any more."""
    live = OxTask.objects.filter(pk__in=ids, status__in=_LIVE).values_list("pk", flat=True)
    done = OxTask.objects.filter(pk__in=ids, status=OxTask.Status.SUCCESSFUL).values_list("pk", flat=True)
    return set(ids) - set(live) - set(done)


def failed_tasks(since: dt.timedelta = dt.timedelta(days=7)) -> QuerySet[OxTask]:
    """Return the tasks that failed for good or were given up since then, the newest first."""
    return OxTask.objects.filter(status__in=_BAD, finished_at__gte=now() - since).order_by("-finished_at", "-pk")
