"""The rows behind the numbers: enrolments of a subtree, narrowed as on the page that led here."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q, QuerySet

from lms.classes.enums import Band, ClassState, EnrolmentStatus
from lms.classes.models import Enrolment
from lms.common.clock import today
from lms.common.text import fold
from lms.people.models import Unit
from lms.reports.queries import COUNTED, Filters, counting_in, editions_teaching
from lms.reports.rollup import KINDS

# Days without any study after which a learner of a running class is called behind.
QUIET_DAYS = 3
_DONE = {"all": None, "done": True, "left": False}
# Learners of classes that teach a kind of modules: all, those who have done it, those who have not; no withdrawn.
PARTS = {f"{kind}_{name}": (kind, done) for kind in KINDS for name, done in _DONE.items()}


@dataclass(frozen=True, slots=True)
class LearnerFilters:
    """Filters of a list of enrolments.

    ``own`` leaves out the units below; ``part`` (of :data:`PARTS`) says who has done all of a kind of modules.
    """

    base: Filters = field(default_factory=Filters)
    status: str = ""
    band: str = ""
    behind: bool = False
    text: str = ""
    part: str = ""
    own: bool = False


def enrolments(*, user: Any, unit: Unit, filters: LearnerFilters) -> QuerySet[Enrolment]:
    """Enrolments in counted classes of ``unit``'s subtree that ``user`` may see, by class and name."""
    found = Enrolment.objects.visible_to(user).filter(
        counting_in(unit, filters.base.tree, "training_class__unit", own=filters.own),
        training_class__state__in=COUNTED,
    )
    if filters.base.year is not None:
        found = found.filter(training_class__year=filters.base.year)
    if filters.base.programme_id is not None:
        found = found.filter(training_class__edition__programme_id=filters.base.programme_id)
    if filters.base.module_kind is not None:
        found = found.filter(training_class__edition__in=editions_teaching(filters.base.module_kind))
    if filters.status in EnrolmentStatus.values:
        found = found.filter(status=filters.status)
    if filters.band in Band.values:
        found = found.filter(band=filters.band)
    if filters.part in PARTS:
        kind, done = PARTS[filters.part]
        found = found.active().filter(training_class__edition__in=editions_teaching(kind))
        if done is not None:
            found = found.filter(**{f"{kind}_done": done})
    if filters.behind:
        found = found.filter(behind())
    if filters.text:
        found = found.filter(learner__search_text__contains=fold(filters.text))
    return found.select_related("learner", "training_class__unit", "training_class__edition").order_by(
        "-training_class__starts_on", "training_class_id", "learner__sort_key", "pk"
    )


def behind(on: dt.date | None = None) -> Q:
    """The condition of being behind, in words a manager can say: the class has ended and the learner has not
    completed, or the class runs and the learner has not studied for :data:`QUIET_DAYS` days.
    """
    day = on or today()
    quiet = dt.timedelta(days=QUIET_DAYS)
    unfinished = Q(status__in=[EnrolmentStatus.ENROLLED, EnrolmentStatus.IN_PROGRESS])
    ended = Q(training_class__ends_on__lt=day)
    begun = Q(training_class__state=ClassState.OPEN, training_class__starts_on__lte=day - quiet)
    silent = Q(last_activity_at__isnull=True) | Q(last_activity_at__date__lte=day - quiet)
    return unfinished & (ended | (begun & silent))
