"""Work done at night."""

from __future__ import annotations

import logging

from django.tasks import task
from django.urls import reverse

from lms.audit.anchors import first_problems
from lms.classes.services.tallies import recount
from lms.notifications.services import notify
from lms.people.queries import administrators
from lms.reports.services import close_past_years

logger = logging.getLogger(__name__)


@task()
def close_years() -> list[int]:
    """Add up past years that are not closed, so that reports over many years stay fast."""
    return close_past_years()


@task()
def prove_tallies() -> int:
    """Recount every class; a difference is logged as an error for the operator. Returns how many there are."""
    differences = recount()
    for difference in differences[:100]:
        logger.error("tally differs from its enrolments: %s", difference)
    return len(differences)


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
