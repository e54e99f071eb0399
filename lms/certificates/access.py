"""Access to certificates (verification by code is public and is not this)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lms.classes.models import Enrolment, TrainingClass

if TYPE_CHECKING:
    from lms.certificates.models import CertificateQuerySet


def certificates_visible_to(user: Any, queryset: CertificateQuerySet) -> CertificateQuerySet:
    """Certificates of the enrolments visible to ``user``."""
    return queryset.filter(enrolment__in=Enrolment.objects.visible_to(user))


def certificates_revocable_by(user: Any, queryset: CertificateQuerySet) -> CertificateQuerySet:
    """Certificates of the classes that ``user`` runs; nobody revokes the own one."""
    classes = TrainingClass.objects.manageable_by(user)
    return queryset.filter(enrolment__training_class__in=classes).exclude(enrolment__learner_id=user.pk)
