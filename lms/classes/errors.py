"""Refusals of the services of classes, each with a stable code."""

from __future__ import annotations

from lms.common.errors import DomainError


class ClassStateError(DomainError):
    """The class is not in a state that allows the act."""

    code = "class_state"


class ClassFullError(DomainError):
    """No place is left in the class."""

    code = "class_full"


class AlreadyEnrolledError(DomainError):
    """The person is in the class already."""

    code = "already_enrolled"


class NotEnrollableError(DomainError):
    """The person's account is closed, or is no account."""

    code = "not_enrollable"


class ConsentNeededError(DomainError):
    """A person of another unit is asked for, not enrolled; ``fields["learners"]`` lists the ids."""

    code = "consent_needed"


class RequestError(DomainError):
    """``not_open``, or ``not_allowed`` to answer or take back."""

    code = "not_open"


class ClassInvalidError(DomainError):
    """Some fact about the class is wrong; ``fields`` says which."""

    code = "class_invalid"


class ClassNameTakenError(ClassInvalidError):
    """The unit has a class of this name in this year."""

    code = "class_name_taken"


class EarnedStatusError(DomainError):
    """A completed enrolment is never taken back here: completion is monotone (docs/architecture.md)."""

    code = "earned_status"


class RosterError(DomainError):
    """A list of learners cannot be read or carried out as a whole."""

    code = "roster_unreadable"


class PlanError(DomainError):
    """The annual plan does not allow the act."""

    code = "plan_state"
