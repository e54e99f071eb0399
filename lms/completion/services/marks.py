"""Marks that a person gives: posted to the ledger, with what follows for the item and the standing."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from lms.audit.services import record
from lms.classes.enums import ClassState
from lms.classes.models import Enrolment, TrainingClass
from lms.common.clock import now
from lms.common.errors import DomainError
from lms.completion.services.standings import lock_enrolment, refresh_locked_standing
from lms.gradebook.models import LedgerEntry, LedgerSource
from lms.gradebook.queries import items_with_marks
from lms.gradebook.services.ledger import post
from lms.notifications.services import notify
from lms.programmes.enums import ItemKind
from lms.programmes.models import EditionItem
from lms.progress.services.store import set_item_done

# The kinds of the learner's notices.
ENTERED, CORRECTED = "mark_entered", "mark_corrected"


def enter_mark(
    *, enrolment: Enrolment, item: EditionItem, points: Decimal, actor: Any, reason: str = "", seen: int = 0
) -> LedgerEntry:
    """Enter a mark on 10 by hand (an essay, an oral or practical test, an exam held on paper); refresh the standing.

    An essay at or above the pass mark is done by it. The learner is told. The same mark sent twice is entered once.

    Args:
        seen: the newest row of the ledger that ``actor`` saw for this learner and item; 0 for none.

    Raises:
        DomainError: what :func:`post` raises; ``foreign_item`` (not of the enrolment's edition), ``no_mark`` (a
            lesson, a session, a self-check), ``own_mark``, ``not_active`` (withdrawn, or the class is cancelled),
            ``class_recognised``, ``changed_meanwhile`` (there is a newer row than ``seen``).
    """
    edition = enrolment.training_class.edition
    if item.edition_id != edition.pk:
        raise DomainError(_("This item does not belong to the programme of the class."), code="foreign_item")
    if not items_with_marks(edition.pk).filter(pk=item.pk).exists():
        raise DomainError(_("Only tests and essays have a mark."), code="no_mark")
    with transaction.atomic():
        locked = _lock(enrolment.pk, actor)
        newer = LedgerEntry.objects.filter(enrolment=locked, item=item, pk__gt=seen).order_by("pk").first()
        if newer is not None:
            if _repeats(newer, LedgerSource.MANUAL, points, reason, actor):
                return newer
            raise DomainError(
                _("A mark was given for this item meanwhile. Look at it, then enter yours if it still applies."),
                code="changed_meanwhile",
            )
        entry = post(
            enrolment_id=locked.pk,
            item_id=item.pk,
            points=points,
            max_points=Decimal(10),
            source=LedgerSource.MANUAL,
            actor=actor,
            reason=reason,
        )
        _keep_mark(entry, item, locked, actor, "gradebook.mark_entered")
        _tell(entry, item, locked, ENTERED)
    return entry


def correct_mark(*, entry: LedgerEntry, points: Decimal, reason: str, actor: Any) -> LedgerEntry:
    """Replace a mark, by whom and why; refresh the standing and tell the learner.

    The same correction sent twice is made once; of two different ones at once the second is refused.

    Raises:
        DomainError: what :func:`post` raises; ``annulled`` (the row takes an attempt out: there is no mark),
            ``unchanged`` (the mark is that already), ``own_mark``, ``not_active``, ``class_recognised``.
    """
    with transaction.atomic():
        locked = _lock(entry.enrolment_id, actor)
        after = LedgerEntry.objects.filter(replaces=entry).first()
        if after is not None and _repeats(after, LedgerSource.CORRECTION, points, reason, actor):
            return after
        if entry.source == LedgerSource.VOID:
            raise DomainError(_("This attempt was annulled: it has no mark to correct."), code="annulled")
        if after is None and points == entry.points:
            message = _("The mark is this one already.")
            raise DomainError(message, code="unchanged", fields={"points": [message]})
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
        _keep_mark(corrected, entry.item, locked, actor, "gradebook.mark_corrected")
        _tell(corrected, entry.item, locked, CORRECTED)
    return corrected


def _lock(enrolment_id: int, actor: Any) -> Enrolment:
    """Return the enrolment, locked with its class, if ``actor`` may give it marks now.

    The class's row comes first, as when it is recognised: a mark is given before that, with its certificates, or not.
    """
    class_id = Enrolment.objects.values_list("training_class_id", flat=True).get(pk=enrolment_id)
    state = TrainingClass.objects.select_for_update(no_key=True).get(pk=class_id).state
    if state == ClassState.RECOGNISED:
        raise DomainError(
            _("The class has been recognised: its marks no longer change."),
            code="class_recognised",
        )
    enrolment = lock_enrolment(enrolment_id=enrolment_id)
    if enrolment is None:
        raise DomainError(
            _("The learner has left the class, or the class was cancelled: no mark is given."), code="not_active"
        )
    if enrolment.learner_id == actor.pk:
        raise DomainError(_("You cannot give yourself a mark."), code="own_mark")
    return enrolment


def _repeats(entry: LedgerEntry, source: LedgerSource, points: Decimal, reason: str, actor: Any) -> bool:
    """Whether ``entry`` is what is sent once more: a button pressed twice, an answer that was lost on its way."""
    return (entry.source, entry.points, entry.reason, entry.actor_id) == (source, points, reason.strip(), actor.pk)


def _tell(entry: LedgerEntry, item: EditionItem, enrolment: Enrolment, kind: str) -> None:
    """Tell the learner, without the figure: the exam's rules may still hide it."""
    notify(
        recipients=[enrolment.learner_id],
        kind=kind,
        params={"item": item.title, "reason": entry.reason},
        url=reverse("learner:class", args=[enrolment.pk]),
    )


def _keep_mark(entry: LedgerEntry, item: EditionItem, enrolment: Enrolment, actor: Any, action: str) -> None:
    share = entry.points / entry.max_points
    if item.kind == ItemKind.EXAM:
        needed = item.exam.pass_share if item.exam else Decimal(1)
    else:
        needed = enrolment.training_class.edition.pass_mark / 10
    if share >= needed:
        set_item_done(enrolment_id=enrolment.pk, item_id=item.pk, at=now())
    refresh_locked_standing(enrolment=enrolment)
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
