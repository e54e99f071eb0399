"""Work done every minute and at night."""

from __future__ import annotations

import logging

from django.tasks import task
from django.urls import reverse

from lms.audit.anchors import first_problems
from lms.classes.services.tallies import recount, run_proofs
from lms.notifications.services import notify
from lms.people.queries import administrators
from lms.reports.services.settling import settle

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
    """Prove the audit trail; what is broken is logged and told to the administrators. Returns how many streams are."""
    problems = first_problems()
    for problem in problems[:100]:
        logger.error("the audit trail is broken: %s #%s %s", problem.stream, problem.number, problem.code)
    if problems:
        first = problems[0]
        notify(
            recipients=administrators(),
            kind="audit_broken",
            params={"streams": len(problems), "first": f"{first.stream} #{first.number}"},
            url=reverse("office:audit"),
        )
    return len(problems)
