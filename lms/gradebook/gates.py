"""What the grade book asks before a test that counts may start."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext as _

from lms.attendance.queries import share_of
from lms.classes.models import Enrolment
from lms.common.errors import DomainError
from lms.programmes.queries import OutlineItem


def attendance_gate(enrolment: Enrolment, item: OutlineItem) -> None:
    """Refuse a test that counts to a learner who attended too little so far (``attendance_short``).

    domain.md §3: attend ≥ 80 % of the periods to sit the final. Only sessions where attendance was taken count
    against the learner.
    """
    if not item.counts:
        return
    needed = Decimal(enrolment.training_class.edition.attendance_share)
    if not needed:
        return
    share = share_of(enrolment.pk, enrolment.training_class_id)
    if share.held and share.attended < needed * share.held:
        raise DomainError(
            _("You attended %(attended)d of %(held)d periods; this test needs %(share)d %% of them.")
            % {"attended": share.attended, "held": share.held, "share": needed * 100},
            code="attendance_short",
        )
