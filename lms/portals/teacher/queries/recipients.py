"""Recipients of a message."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q

from lms.classes.enums import EnrolmentStatus
from lms.classes.models import Enrolment, TrainingClass
from lms.portals.teacher.queries.matrix import learners_of

LIMIT = 500
GROUPS = {
    "behind": Q(is_behind=True),
    "not_started": Q(status=EnrolmentStatus.ENROLLED),
    "not_completed": Q(status__in=[EnrolmentStatus.ENROLLED, EnrolmentStatus.IN_PROGRESS]),
    "all": Q(),
}


@dataclass(frozen=True, slots=True)
class Recipients:
    """``group`` is the name of a group, or empty for learners chosen one by one."""

    group: str
    enrolments: list[Enrolment]
    counts: dict[str, int]

    @property
    def is_partial(self) -> bool:
        """Whether the group is larger than what one message goes to."""
        return bool(self.group) and self.counts[self.group] > len(self.enrolments)


def recipients(
    training_class: TrainingClass, user: Any, *, group: str = "", chosen: Collection[int] = ()
) -> Recipients:
    """The learners of a group, or those chosen, by name; at most :data:`LIMIT`. Two queries."""
    everyone = learners_of(training_class, user)
    counts = everyone.aggregate(
        **{f"n_{name}": Count("pk", filter=rule) if rule else Count("pk") for name, rule in GROUPS.items()}
    )
    numbers = {name: counts[f"n_{name}"] for name in GROUPS}
    if not chosen and group not in GROUPS:
        group = "behind" if numbers["behind"] else "all"
    rule = Q(pk__in=chosen) if chosen else GROUPS[group]
    found = everyone.filter(rule).select_related("learner__profile").order_by("learner__sort_key", "pk")[:LIMIT]
    return Recipients("" if chosen else group, list(found), numbers)
