"""Marks are posted, never changed: a correction is a new row that refers to the one it replaces."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from lms.common.clock import now
from lms.common.errors import DomainError
from lms.common.formats import number
from lms.gradebook.models import LedgerEntry, LedgerSource


def post(
    *,
    enrolment_id: int,
    item_id: int,
    points: Decimal,
    max_points: Decimal,
    source: LedgerSource,
    attempt_id: int | None = None,
    actor: Any = None,
    reason: str = "",
    replaces: LedgerEntry | None = None,
    at: dt.datetime | None = None,
) -> LedgerEntry:
    """Append one row. The caller's transaction also refreshes the standing (``lms.completion``).

    Raises ``DomainError``: ``invalid_mark`` (below zero, above the maximum), ``reason_needed`` (a correction by a
    person says why), ``already_replaced`` (the row was corrected before; correct the newer one).
    """
    if max_points <= 0 or not 0 <= points <= max_points:
        message = _("A mark lies between 0 and %(max)s.") % {"max": number(max_points)}
        raise DomainError(message, code="invalid_mark", fields={"points": [message]})
    if source == LedgerSource.CORRECTION and actor is not None and not reason.strip():
        message = _("Say why the mark is corrected.")
        raise DomainError(message, code="reason_needed", fields={"reason": [message]})
    entry = LedgerEntry(
        enrolment_id=enrolment_id,
        item_id=item_id,
        source=source,
        attempt_id=attempt_id,
        points=points,
        max_points=max_points,
        reason=reason.strip(),
        actor=actor,
        at=at or now(),
        replaces=replaces,
    )
    try:
        with transaction.atomic(savepoint=replaces is not None):
            entry.save(force_insert=True)
    except IntegrityError as error:
        if replaces is not None and LedgerEntry.objects.filter(replaces=replaces).exists():
            raise DomainError(
                _("This mark has been corrected already. Look at the newer one."), code="already_replaced"
            ) from error
        raise
    return entry
