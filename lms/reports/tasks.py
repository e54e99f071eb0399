"""Work done every minute and at night."""

from __future__ import annotations

import datetime as dt
import logging
from pathlib import Path

from django.conf import settings
from django.tasks import task
from django.urls import reverse
from django.utils.translation import override

from lms.audit.anchors import compare_with_last, first_problems, keep_nightly
from lms.classes.services.tallies import recount, run_proofs
from lms.common.clock import now
from lms.common.tasks import failed_tasks
from lms.notifications.queries import params_told
from lms.notifications.services import notify
from lms.people.queries import administrators
from lms.reports.services.settling import settle
from lms.reports.task_names import TASK_FAILED, task_name

_A_DAY = dt.timedelta(days=1)

logger = logging.getLogger(__name__)


@task()
def settle_tallies() -> int:
    """Move what classes have now into the sums of their units; returns how many classes were looked at."""
    return settle()


@task()
def prove_tallies() -> int:
    """Recount every class and prove the sums; what is wrong is logged as an error. Returns how much that is."""
    problems = [*map(str, recount()), *run_proofs()]
    for problem in problems[:100]:
        logger.error("tally differs: %s", problem)
    return len(problems)


@task()
def prove_audit() -> int:
    """Prove the audit trail by itself and against the last anchor; write tonight's anchor when it is whole.

    Side effects: faults are logged and told to the administrators; a broken trail gets no anchor. Returns how many
    streams are broken.
    """
    folder = Path(settings.SEN_ANCHORS_DIR)
    problems = [*first_problems(), *compare_with_last(folder)]
    for problem in problems[:100]:
        logger.error("the audit trail is broken: %s #%s %s", problem.stream, problem.number, problem.code)
    broken = len({problem.stream for problem in problems})
    if problems:
        first = problems[0]
        notify(
            recipients=administrators(),
            kind="audit_broken",
            params={"streams": broken, "first": f"{first.stream} #{first.number}"},
            url=reverse("office:audit"),
        )
    else:
        keep_nightly(folder)
    return broken


@task()
def tell_failed_tasks() -> int:
    """Tell the administrators which background tasks failed for good, of each kind once a day. Returns how many kinds.

    Scheduled every five minutes.
    """
    failed = set(failed_tasks(_A_DAY).values_list("task_path", flat=True))
    told = {params.get("task") for params in params_told(TASK_FAILED, since=now() - _A_DAY)}
    new = sorted(failed - told)
    for path in new:
        logger.error("the task %s failed for good", path)
        with override(settings.LANGUAGE_CODE):
            params = {"task": path, "name": str(task_name(path))}
        notify(recipients=administrators(), kind=TASK_FAILED, params=params)
    return len(new)
