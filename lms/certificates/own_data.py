"""Data of certificates about a person: for the person's own data, and when the person is erased."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy

from lms.certificates.models import Certificate
from lms.people.erasure import Kept

LABELS = {
    "number": gettext_lazy("number as printed"),
    "programme": gettext_lazy("programme"),
    "class": gettext_lazy("class"),
    "holder": gettext_lazy("holder"),
    "issued_on": gettext_lazy("issued on"),
    "issuer": gettext_lazy("issuing body"),
    "code": gettext_lazy("verification code"),
    "revoked_on": gettext_lazy("revoked on"),
    "reason": gettext_lazy("reason"),
}


def certificates(user: Any) -> list[dict[str, Any]]:
    """The certificates issued to the person, newest first."""
    rows = Certificate.objects.filter(enrolment__learner=user).order_by("-issued_on", "-pk")
    return [
        {
            "number": row.number_text,
            "programme": row.programme_title,
            "class": row.class_name,
            "holder": row.holder_name,
            "issued_on": row.issued_on,
            "issuer": row.issuer_name,
            "code": row.code,
            **_revocation(row),
        }
        for row in rows.select_related("revocation")
    ]


def _revocation(certificate: Certificate) -> dict[str, Any]:
    """The day and the reason of the revocation, if there was one."""
    found = getattr(certificate, "revocation", None)
    return {} if found is None else {"revoked_on": found.revoked_on, "reason": found.reason}


def kept(user: Any) -> list[Kept]:
    """Issued certificates stay as they were printed, name and date of birth included."""
    count = Certificate.objects.filter(enrolment__learner=user).count()
    why = gettext_lazy(
        "the register is kept for ever and proves the certificate to others; name and date of birth stay as printed"
    )
    return [Kept(gettext_lazy("Certificates in the register"), count, why)]
