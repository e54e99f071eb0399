"""Marks are posted, never changed: a correction is a new row that refers to the one it replaces."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from lms.audit.services import record
from lms.classes.models import Enrolment
from lms.common.clock import now
from lms.common.errors import DomainError
from lms.gradebook.models import LedgerEntry, LedgerSource
from lms.gradebook.services.completion import refresh
from lms.programmes.enums import ItemKind
from lms.programmes.models import EditionItem
from lms.progress.services import set_item_done


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
    """Append one row. The caller's transaction also refreshes the standing (:func:`enter_mark`, the receivers).

    Raises ``DomainError``: ``invalid_mark`` (below zero, above the maximum), ``reason_needed`` (a correction by a
    person says why), ``already_replaced`` (the row was corrected before; correct the newer one).
    """
    if max_points <= 0 or not 0 <= points <= max_points:
        raise DomainError(_("A mark lies between 0 and %(max)s.") % {"max": max_points}, code="invalid_mark")
    if source == LedgerSource.CORRECTION and actor is not None and not reason.strip():
        raise DomainError(_("Say why the mark is corrected."), code="reason_needed")
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
            raise DomainError(_("This mark has been corrected already."), code="already_replaced") from error
        raise
    return entry


def enter_mark(
    *, enrolment: Enrolment, item: EditionItem, points: Decimal, actor: Any, reason: str = ""
) -> LedgerEntry:
    """Enter a mark on 10 by hand (an essay, an oral test); refreshes the standing.

    An essay at or above the pass mark is done by it. Raises what :func:`post` raises, and ``DomainError``
    ``foreign_item`` when the item is not of the enrolment's edition.
    """
    edition = enrolment.training_class.edition
    if item.edition_id != edition.pk:
        raise DomainError(_("This item does not belong to the programme of the class."), code="foreign_item")
    with transaction.atomic():
        entry = post(
            enrolment_id=enrolment.pk,
            item_id=item.pk,
            points=points,
            max_points=Decimal(10),
            source=LedgerSource.MANUAL,
            actor=actor,
            reason=reason,
        )
        _settle(entry, item, enrolment, actor, "gradebook.mark_entered")
    return entry


def correct_mark(*, entry: LedgerEntry, points: Decimal, reason: str, actor: Any) -> LedgerEntry:
    """Replace a mark, by whom and why; refreshes the standing. Raises what :func:`post` raises."""
    enrolment = entry.enrolment
    with transaction.atomic():
        corrected = post(
            enrolment_id=entry.enrolment_id,
            item_id=entry.item_id,
            points=points,
            max_points=entry.max_points,
            source=LedgerSource.CORRECTION,
            attempt_id=entry.attempt_id,
            actor=actor,
            reason=reason,
            replaces=entry,
        )
        _settle(corrected, entry.item, enrolment, actor, "gradebook.mark_corrected")
    return corrected


def _settle(entry: LedgerEntry, item: EditionItem, enrolment: Enrolment, actor: Any, action: str) -> None:
    share = entry.points / entry.max_points
    if item.kind == ItemKind.EXAM:
        needed = item.exam.pass_share if item.exam else Decimal(1)
    else:
        needed = enrolment.training_class.edition.pass_mark / 10
    fresh = (
        item.kind != ItemKind.SESSION and share >= needed and set_item_done(enrolment_id=enrolment.pk, item_id=item.pk)
    )
    if not fresh:
        refresh(enrolment_id=enrolment.pk)
    record(
        actor=actor,
        action=action,
        target=f"enrolment:{enrolment.pk}",
        data={
            "entry": entry.pk,
            "item": item.pk,
            "points": str(entry.points),
            "out_of": str(entry.max_points),
            "reason": entry.reason,
            "replaces": entry.replaces_id,
        },
        stream=f"class:{enrolment.training_class_id}",
    )
