"""Tables of training classes."""

from lms.classes.models.requests import EnrolmentRequest, EnrolmentRequestQuerySet
from lms.classes.models.training import (
    AnnualPlan,
    AnnualPlanQuerySet,
    ClassItem,
    ClassSession,
    ClassStaff,
    ClassTally,
    Enrolment,
    EnrolmentQuerySet,
    PlanLine,
    RosterImport,
    TrainingClass,
    TrainingClassQuerySet,
)

__all__ = [
    "AnnualPlan",
    "AnnualPlanQuerySet",
    "ClassItem",
    "ClassSession",
    "ClassStaff",
    "ClassTally",
    "Enrolment",
    "EnrolmentQuerySet",
    "EnrolmentRequest",
    "EnrolmentRequestQuerySet",
    "PlanLine",
    "RosterImport",
    "TrainingClass",
    "TrainingClassQuerySet",
]
