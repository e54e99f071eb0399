"""The part of the record that auditors of units may read; see :mod:`lms.audit.access`."""

from __future__ import annotations

from typing import Any

from django.db.models import CharField, Q, Value
from django.db.models.functions import Cast, Concat

from lms.people.access import ROOT_LENGTH, belonging_to, role_paths, within
from lms.people.enums import AUDIT_ROLES
from lms.people.models import Unit, User


def audit_scope(user: Any) -> Q | None:
    """Return all for auditors and administrators of the whole tree; else what people of the audited units did, and
    what was done to those people and units. Learners of other units who study here are theirs to audit.
    """
    paths = role_paths(user, AUDIT_ROLES)
    if not paths:
        return None
    if any(len(path) <= ROOT_LENGTH for path in paths):
        return Q(pk__isnull=False)  # an empty condition would vanish in a union
    people = User.objects.filter(belonging_to(paths)).order_by()
    units = Unit.objects.filter(within(paths, "path")).order_by()
    return (
        Q(actor__in=people.values("pk"))
        | Q(target__in=people.values_list(target("user"), flat=True))
        | Q(target__in=units.values_list(target("unit"), flat=True))
    )


def target(kind: str) -> Concat:
    """The expression of a row's name in the record: ``user:17``."""
    return Concat(Value(f"{kind}:"), Cast("pk", CharField()), output_field=CharField())
