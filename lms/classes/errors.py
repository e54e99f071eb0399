"""Refusals of the services of classes, each with a stable code."""

from __future__ import annotations

from lms.common.errors import DomainError


class ClassStateError(DomainError):
    """The class is not in a state that allows the act."""

    code = "class_state"


class ClassFull(DomainError):  # noqa: N818 (reads as the sentence it says, like AlreadyEnrolled)
    """No place is left in the class."""

    code = "class_full"


class AlreadyEnrolled(DomainError):  # noqa: N818
    """The person is in the class already."""

    code = "already_enrolled"


class NotEnrollable(DomainError):  # noqa: N818
    """The person's account is closed, or is no account."""

    code = "not_enrollable"


class ConsentNeeded(DomainError):  # noqa: N818
    """A person of another unit is asked for, not enrolled; ``fields["learners"]`` lists the ids."""

    code = "consent_needed"


class RequestError(DomainError):
    """``not_open``, or ``not_allowed`` to answer or take back."""

    code = "not_open"


class ClassInvalid(DomainError):  # noqa: N818
    """Some fact about the class is wrong; ``fields`` says which."""

    code = "class_invalid"


class ClassNameTaken(ClassInvalid):
    """The unit has a class of this name in this year."""

    code = "class_name_taken"


class EarnedStatus(DomainError):  # noqa: N818
    """A completed enrolment is never taken back here: completion is monotone (docs/architecture.md)."""

    code = "earned_status"


class RosterError(DomainError):
    """A list of learners cannot be read or carried out as a whole."""

    code = "roster_unreadable"


class PlanError(DomainError):
    """The annual plan does not allow the act."""

    code = "plan_state"
