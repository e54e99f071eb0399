"""Work done at night."""

from __future__ import annotations

import logging

from django.tasks import task

from lms.classes.services.tallies import recount
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
