"""Conditions of completion for starting a test that counts."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext as _

from lms.attendance.queries import attended_periods, class_periods
from lms.classes.models import Enrolment
from lms.common.errors import DomainError
from lms.programmes.queries import OutlineItem


def attendance_gate(enrolment: Enrolment, item: OutlineItem) -> None:
    """Refuse a test that counts to a learner who attended too little so far (``attendance_short``).

    The teaching regulation asks for 80 % of the periods before the final (docs/domain.md). Only sessions where
    attendance was taken count against the learner.
    """
    if not item.counts:
        return
    needed = Decimal(enrolment.training_class.edition.attendance_share)
    if not needed:
        return
    held, _planned = class_periods(enrolment.training_class_id)
    if not held:
        return
    attended = attended_periods([enrolment.pk]).get(enrolment.pk, 0)
    if attended < needed * held:
        raise DomainError(
            _("You attended %(attended)d of %(held)d periods; this test needs %(share)d %% of them.")
            % {"attended": attended, "held": held, "share": needed * 100},
            code="attendance_short",
        )
