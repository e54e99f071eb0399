"""Access to certificates (verification by code is public and is not this)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lms.classes.models import Enrolment

if TYPE_CHECKING:
    from lms.certificates.models import CertificateQuerySet


def certificates_visible_to(user: Any, queryset: CertificateQuerySet) -> CertificateQuerySet:
    """Certificates of the enrolments visible to ``user``."""
    return queryset.filter(enrolment__in=Enrolment.objects.visible_to(user))
