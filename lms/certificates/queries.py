"""Public verification."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from lms.certificates.codes import parse_code
from lms.certificates.models import Certificate


@dataclass(frozen=True, slots=True)
class Verification:
    """A certificate that exists, and whether it was revoked. The reason of a revocation is nobody else's business."""

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
    return Verification(certificate, revocation.at.astimezone().date() if revocation else None)


def code_of(enrolment_id: int) -> str | None:
    """The code of an enrolment's certificate, if one was issued."""
    return Certificate.objects.filter(enrolment_id=enrolment_id).values_list("code", flat=True).first()
