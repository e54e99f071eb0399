"""Public verification."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from lms.certificates.codes import parse_code
from lms.certificates.models import Certificate


@dataclass(frozen=True, slots=True)
class Verification:
    """A certificate that exists, and whether it was revoked. The reason is not for the public."""

    certificate: Certificate
    revoked_on: dt.date | None


def verify(code: str) -> Verification | None:
    """Find a certificate by its code as typed from paper; ``None`` when there is none."""
    known = parse_code(code)
    if known is None:
        return None
    certificate = Certificate.objects.select_related("revocation").filter(code=known).first()
    if certificate is None:
        return None
    revocation = getattr(certificate, "revocation", None)
    return Verification(certificate, revocation.revoked_on if revocation else None)


def reason_of_revocation(certificate: Certificate, reader: Any) -> str:
    """The reason of a revocation, for its holder and those in charge of the class; empty for everybody else."""
    if not Certificate.objects.visible_to(reader).filter(pk=certificate.pk).exists():
        return ""
    return certificate.revocation.reason


def code_of(enrolment_id: int) -> str | None:
    """The code of an enrolment's certificate, if one was issued."""
    return Certificate.objects.filter(enrolment_id=enrolment_id).values_list("code", flat=True).first()
