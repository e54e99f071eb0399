"""Certificates as rows, for tests that are not about completing."""

from __future__ import annotations

from lms.certificates.codes import new_code
from lms.certificates.models import Certificate, Register
from lms.classes.models import Enrolment
from lms.common.clock import today


def make_certificate(enrolment: Enrolment, number: int = 1, **fields: object) -> Certificate:
    """A certificate of the enrolment, whatever its standing."""
    training_class = enrolment.training_class
    register, _made = Register.objects.get_or_create(unit=training_class.unit, year=today().year)
    return Certificate.objects.create(
        **{
            "code": new_code(),
            "register": register,
            "number": number,
            "number_text": f"{number:02d}/{register.year}/GCN-TTCT",
            "enrolment": enrolment,
            "holder_name": str(enrolment.learner),
            "programme_title": training_class.edition.title,
            "class_name": training_class.name,
            "starts_on": training_class.starts_on,
            "ends_on": training_class.ends_on,
            "issuer_name": training_class.unit.name,
            "issued_on": today(),
            **fields,
        }
    )
