"""Data of the record about a person whose account is erased."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy

from lms.audit.models import AuditEntry
from lms.people.erasure import Kept
from lms.people.models import Membership


def kept(user: Any) -> list[Kept]:
    """The audit trail and past roles."""
    entries = AuditEntry.objects.filter(Q(actor=user) | Q(target=f"user:{user.pk}")).count()
    return [
        Kept(
            gettext_lazy("Entries of the audit trail"),
            entries,
            gettext_lazy("the law asks for a record of who read and changed data; it names a number, not the person"),
        ),
        Kept(
            gettext_lazy("Past roles"),
            Membership.objects.filter(user=user).count(),
            gettext_lazy("decisions made in office must be traceable; without the name"),
        ),
    ]
