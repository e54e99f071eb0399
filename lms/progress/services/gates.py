"""Conditions for working on an item."""

from __future__ import annotations

from django.utils.translation import gettext as _

from lms.classes.enums import ClassState, EnrolmentStatus
from lms.classes.models import Enrolment
from lms.common.errors import DomainError


def may_study(enrolment: Enrolment) -> bool:
    """Whether the learner's work still counts: not withdrawn, the class open."""
    return enrolment.status != EnrolmentStatus.WITHDRAWN and enrolment.training_class.state == ClassState.OPEN


def require_open(enrolment: Enrolment) -> None:
    """Raise unless :func:`may_study`, saying why.

    Codes: ``withdrawn``, ``class_cancelled``, ``class_not_open``, ``class_closed``.
    """
    if enrolment.status == EnrolmentStatus.WITHDRAWN:
        raise DomainError(_("You have been withdrawn from this class."), code="withdrawn")
    state = enrolment.training_class.state
    if state == ClassState.CANCELLED:
        raise DomainError(_("This class has been cancelled."), code="class_cancelled")
    if state == ClassState.PLANNED:
        raise DomainError(_("This class has not opened yet."), code="class_not_open")
    if state != ClassState.OPEN:
        raise DomainError(_("This class has ended."), code="class_closed")
