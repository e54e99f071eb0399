"""The part of the record about classes of audited units; see :mod:`lms.audit.access`."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from lms.classes.models import TrainingClass
from lms.people.access import role_paths, within
from lms.people.audit_scope import target
from lms.people.enums import AUDIT_ROLES


def audit_scope(user: Any) -> Q | None:
    """Return the condition for acts on classes of the units that ``user`` audits."""
    paths = role_paths(user, AUDIT_ROLES)
    if not paths:
        return None
    names = TrainingClass.objects.filter(within(paths, "unit__path")).order_by().values_list(target("class"), flat=True)
    return Q(stream__in=names) | Q(target__in=names)
