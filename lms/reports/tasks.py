"""Work done every minute and at night."""

from __future__ import annotations

import logging

from django.tasks import task

from lms.classes.services.tallies import recount, run_proofs
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
