"""When a learner may work on something."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from lms.classes.enums import ClassState, EnrolmentStatus
from lms.classes.models import Enrolment
from lms.common.errors import DomainError

# Asked before an exam starts: gate(enrolment, item) raises a DomainError to refuse. Apps above (the grade book,
# which knows attendance) register theirs in ready().
_exam_gates: list[Callable[[Enrolment, Any], None]] = []


def register_exam_gate(gate: Callable[[Enrolment, Any], None]) -> None:
    """Let a higher app refuse the start of an exam."""
    if gate not in _exam_gates:
        _exam_gates.append(gate)


def exam_gates() -> tuple[Callable[[Enrolment, Any], None], ...]:
    return tuple(_exam_gates)


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
