"""Marks that a person gives: posted to the ledger, with what follows for the item and the standing."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from lms.audit.services import record
from lms.classes.models import Enrolment
from lms.common.clock import now
from lms.common.errors import DomainError
from lms.completion.services.standings import refresh_standing
from lms.gradebook.models import LedgerEntry, LedgerSource
from lms.gradebook.services.ledger import post
from lms.programmes.enums import ItemKind
from lms.programmes.models import EditionItem
from lms.progress.services.store import set_item_done


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
        _keep_mark(entry, item, enrolment, actor, "gradebook.mark_entered")
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
        _keep_mark(corrected, entry.item, enrolment, actor, "gradebook.mark_corrected")
    return corrected


def _keep_mark(entry: LedgerEntry, item: EditionItem, enrolment: Enrolment, actor: Any, action: str) -> None:
    share = entry.points / entry.max_points
    if item.kind == ItemKind.EXAM:
        needed = item.exam.pass_share if item.exam else Decimal(1)
    else:
        needed = enrolment.training_class.edition.pass_mark / 10
    if item.kind != ItemKind.SESSION and share >= needed:
        set_item_done(enrolment_id=enrolment.pk, item_id=item.pk, at=now())
    refresh_standing(enrolment_id=enrolment.pk)
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
