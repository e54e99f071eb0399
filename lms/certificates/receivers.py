"""Issue of certificates without anybody's click."""

from __future__ import annotations

from typing import Any

from lms.certificates.services import issue, issue_for_class
from lms.classes.models import Enrolment, TrainingClass
from lms.programmes.enums import CertificateRule


def on_enrolment_completed(sender: Any, *, enrolment: Enrolment, **kwargs: Any) -> None:
    """Issue at once where the edition says so, in the transaction that completed the enrolment."""
    rule = enrolment.training_class.edition.certificate_rule
    late = rule == CertificateRule.ON_DECISION and enrolment.training_class.recognition_decision
    if rule == CertificateRule.ON_COMPLETION or late:
        issue(enrolment=enrolment)


def on_class_recognised(sender: Any, *, training_class: TrainingClass, actor: Any = None, **kwargs: Any) -> None:
    """Issue to everyone who completed, where the edition waits for the decision."""
    if training_class.edition.certificate_rule == CertificateRule.ON_DECISION:
        issue_for_class(training_class=training_class, actor=actor)
