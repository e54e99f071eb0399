"""Putting learners into classes, taking them out, and moving their standing.

Locks are taken in one order: class, enrolment, tally slots by number, audit stream.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from itertools import batched
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lms.audit.services import record
from lms.classes.enums import ClassState, EnrolmentStatus
from lms.classes.errors import (
    AlreadyEnrolledError,
    ClassFullError,
    ClassStateError,
    ConsentNeededError,
    EarnedStatusError,
    NotEnrollableError,
)
from lms.classes.models import Enrolment, TrainingClass
from lms.classes.queries import headcount
from lms.classes.services.tallies import add_enrolled, counted_as, move
from lms.classes.services.telling import tell_enrolled
from lms.classes.signals import enrolment_reinstated
from lms.common.clock import now
from lms.people.models import User
from lms.people.services.authority import run_by
from lms.programmes.enums import ItemKind
from lms.programmes.queries import outline

ENROLLABLE = frozenset({ClassState.PLANNED, ClassState.OPEN})
_BATCH = 900  # SQLite takes at most 999 parameters in older builds
_RETRIES = 10


@dataclass(frozen=True, slots=True)
class Standing:
    """The standing that progress, attendance and marks give an enrolment.

    ``rules`` is the fingerprint of the rules that gave it; ``active_at`` moves ``last_activity_at`` forward in the
    same statement.
    """

    status: EnrolmentStatus
    percent: int
    score: Decimal | None = None
    band: str = ""
    next_item_id: int | None = None
    completed_at: dt.datetime | None = None
    started_at: dt.datetime | None = None
    rules: str = ""
    active_at: dt.datetime | None = None
    theory_done: bool = False
    professional_done: bool = False


def first_item(edition_id: int) -> int | None:
    """Return what a new learner does first: a required item that one does alone, as the rules of completion say it."""
    items = [item for module in outline(edition_id) for item in module.items]
    required = [item for item in items if item.required] or items
    alone = [item for item in required if item.kind != ItemKind.SESSION] or required
    return alone[0].id if alone else None


def enrol(*, training_class: TrainingClass, learner: User, actor: Any) -> Enrolment:
    """Put one person into a planned or open class; a withdrawn one comes back.

    By the person, or by the office of the person's home unit or above. Other offices ask first
    (:mod:`lms.classes.services.requests`); whom they have taken out of this class they may take back.

    Raises:
        ConsentNeededError: the person belongs to another unit.
        AlreadyEnrolledError: the person is in the class.
        ClassFullError: every place is taken.
        ClassStateError: the class takes nobody any more.
        NotEnrollableError: the account is closed, or that of a guest.
    """
    _require_account(learner)
    former = Enrolment.objects.filter(training_class=training_class, learner=learner)
    if needing_consent(actor, [learner.pk]) and not former.exists():
        raise _consent_needed([learner.pk])
    return enrol_agreed(training_class=training_class, learner=learner, actor=actor)


def enrol_agreed(
    *, training_class: TrainingClass, learner: User, actor: Any, enrolled_by: Any = None, invited: bool = False
) -> Enrolment:
    """Do what :func:`enrol` does for somebody who has agreed, or whose unit has.

    Args:
        enrolled_by: the one who asked, where that is not ``actor``.
        invited: the person was asked; whoever did not answer alone is told.

    Raises:
        The same, without ``ConsentNeededError``.
    """
    _require_account(learner)
    with transaction.atomic():
        locked = lock_for_enrolment(training_class.pk)
        enrolment = Enrolment.objects.filter(training_class=locked, learner=learner).first()
        if enrolment is not None and enrolment.status != EnrolmentStatus.WITHDRAWN:
            raise AlreadyEnrolledError(_("%(name)s is in this class already.") % {"name": learner})
        require_places(locked, 1)
        if enrolment is not None:
            tell_enrolled(training_class=locked, learner_ids=[learner.pk], actor=actor, invited=invited)
            return _reinstate(enrolment, actor)
        try:
            with transaction.atomic():
                enrolment = Enrolment.objects.create(
                    training_class=locked,
                    learner=learner,
                    enrolled_by=enrolled_by or actor,
                    next_item_id=first_item(locked.edition_id),
                )
        except IntegrityError as error:
            raise AlreadyEnrolledError(_("%(name)s is in this class already.") % {"name": learner}) from error
        add_enrolled(training_class=locked, enrolment_ids=[enrolment.pk])
        _record(actor, "classes.learner_enrolled", locked.pk, {"learner": learner.pk})
        tell_enrolled(training_class=locked, learner_ids=[learner.pk], actor=actor, invited=invited)
    return enrolment


def _require_account(learner: User) -> None:
    if not learner.is_active:
        raise NotEnrollableError(_("The account of %(name)s is closed.") % {"name": learner})
    if learner.is_guest:
        raise NotEnrollableError(_("%(name)s is a guest of a sitting; a learner needs an account.") % {"name": learner})


def enrol_many(*, training_class: TrainingClass, learner_ids: Iterable[int], actor: Any) -> int:
    """Put several people into a class, all or none; returns how many were new.

    Whoever has an enrolment in the class already is passed over, the withdrawn too (taking them back is a decision
    about one person: :func:`enrol`), so that a repeat changes nothing.

    Raises:
        ConsentNeededError: some belong to another unit; nobody is enrolled.
        ClassFullError: not all the new ones have a place; nobody is enrolled.
        ClassStateError: the class takes nobody any more.
        NotEnrollableError: an id is no open account.
    """
    wanted = list(dict.fromkeys(learner_ids))
    with transaction.atomic():
        locked = lock_for_enrolment(training_class.pk)
        present: set[int] = set()
        usable: set[int] = set()
        for ids in batched(wanted, _BATCH):
            present.update(
                Enrolment.objects.filter(training_class=locked, learner_id__in=ids).values_list("learner_id", flat=True)
            )
            usable.update(User.objects.active().filter(pk__in=ids, is_guest=False).values_list("pk", flat=True))
        new = [learner_id for learner_id in wanted if learner_id not in present]
        if closed := [learner_id for learner_id in new if learner_id not in usable]:
            raise NotEnrollableError(
                ngettext("%(count)s account is closed.", "%(count)s accounts are closed.", len(closed))
                % {"count": len(closed)}
            )
        if not new:
            return 0
        if foreign := needing_consent(actor, new):
            raise _consent_needed(foreign)
        require_places(locked, len(new))
        first = first_item(locked.edition_id)
        made = Enrolment.objects.bulk_create(
            [
                Enrolment(training_class=locked, learner_id=learner_id, enrolled_by=actor, next_item_id=first)
                for learner_id in new
            ],
            batch_size=2000,
        )
        add_enrolled(training_class=locked, enrolment_ids=[enrolment.pk for enrolment in made])
        _record(actor, "classes.learners_enrolled", locked.pk, {"count": len(new), "learners": new})
        tell_enrolled(training_class=locked, learner_ids=new, actor=actor)
    return len(new)


def needing_consent(actor: Any, learner_ids: Iterable[int]) -> list[int]:
    """Return those whom ``actor`` has to ask for: all but ``actor`` and the people whom ``actor`` runs.

    The product itself (``None``) asks nobody.
    """
    wanted = [learner_id for learner_id in learner_ids if actor is not None and learner_id != actor.pk]
    own = run_by(actor, wanted) if wanted else set()
    return [learner_id for learner_id in wanted if learner_id not in own]


def _consent_needed(learner_ids: list[int]) -> ConsentNeededError:
    return ConsentNeededError(
        ngettext(
            "%(count)s person belongs to another unit, which has to agree first.",
            "%(count)s people belong to other units, which have to agree first.",
            len(learner_ids),
        )
        % {"count": len(learner_ids)},
        fields={"learners": [str(pk) for pk in learner_ids]},
    )


def withdraw(*, enrolment: Enrolment, actor: Any, reason: str) -> None:
    """Take a learner out of the class, keeping what was done; a repeat changes nothing.

    Raises:
        EarnedStatusError: the learner has completed; only an audited revocation could take that away.
        ClassStateError: the class is recognised or cancelled.
    """
    with transaction.atomic():
        locked = Enrolment.objects.select_for_update(of=("self",)).select_related("training_class").get(pk=enrolment.pk)
        state = locked.training_class.state
        if locked.status == EnrolmentStatus.WITHDRAWN:
            enrolment.status = locked.status
            return
        if locked.status == EnrolmentStatus.COMPLETED:
            raise EarnedStatusError(_("This learner has completed the class and stays in its records."))
        if state in {ClassState.RECOGNISED, ClassState.CANCELLED}:
            raise ClassStateError(_("The class is over: its list no longer changes."))
        was, before = locked.status, counted_as(locked)
        locked.status = EnrolmentStatus.WITHDRAWN
        locked.save(update_fields=["status", "updated_at"])
        move(locked, before)
        _record(
            actor,
            "classes.learner_withdrawn",
            locked.training_class_id,
            {"learner": locked.learner_id, "reason": reason, "was": was},
        )
    enrolment.status = EnrolmentStatus.WITHDRAWN


def record_export(*, training_class: TrainingClass, rows: int, form: str, actor: Any) -> None:
    """Record that the list of learners left as a file: who took it, how many lines, in which format."""
    _record(actor, "classes.learners_exported", training_class.pk, {"rows": rows, "form": form})


def set_standing(*, enrolment: Enrolment, standing: Standing) -> bool:
    """Write a standing that was computed, and move the class's tally in the same transaction.

    A completed status, with its date and rules, is never taken away: a later standing may only raise the mark. A
    withdrawn enrolment keeps its status. Nothing is written when nothing differs. ``enrolment`` is brought up to date.

    Returns:
        Whether what is counted (status, band, parts done) changed.
    """
    with transaction.atomic(savepoint=False):
        for _attempt in range(_RETRIES):
            fields = _fields(enrolment, standing)
            if not fields:
                return False
            before = counted_as(enrolment)
            # Conditional on what the tally was moved for last: of two refreshes at once, the later one starts again.
            written = Enrolment.objects.filter(
                pk=enrolment.pk,
                status=enrolment.status,
                band=enrolment.band,
                completed_at=enrolment.completed_at,
                theory_done=enrolment.theory_done,
                professional_done=enrolment.professional_done,
            ).update(updated_at=now(), **fields)
            if written:
                for name, value in fields.items():
                    setattr(enrolment, name, value)
                if counted_as(enrolment) == before:
                    return False
                move(enrolment, before)
                return True
            enrolment.refresh_from_db(from_queryset=Enrolment.objects.select_for_update())
    raise RuntimeError(f"enrolment {enrolment.pk} kept changing while locked")


def _fields(enrolment: Enrolment, standing: Standing) -> dict[str, Any]:
    """Return the columns that ``standing`` changes, by the rules of :func:`set_standing`."""
    wanted: dict[str, Any] = {
        "percent": standing.percent,
        "next_item_id": standing.next_item_id,
        "started_at": enrolment.started_at or standing.started_at,
        "theory_done": enrolment.theory_done or standing.theory_done,
        "professional_done": enrolment.professional_done or standing.professional_done,
    }
    if standing.active_at and (enrolment.last_activity_at is None or enrolment.last_activity_at < standing.active_at):
        wanted["last_activity_at"] = standing.active_at
    earned = enrolment.completed_at is not None
    if earned:
        wanted["percent"] = max(enrolment.percent, standing.percent)
    if not earned or _higher(standing.score, enrolment.score):
        wanted |= {"score": standing.score, "band": standing.band}
    if enrolment.status == EnrolmentStatus.WITHDRAWN:
        wanted.pop("score", None)
        wanted.pop("band", None)
    elif earned:
        wanted["status"] = EnrolmentStatus.COMPLETED
    else:
        wanted["status"] = standing.status
        if standing.status == EnrolmentStatus.COMPLETED:
            wanted |= {"completed_at": standing.completed_at or now(), "completed_by_rules": standing.rules}
    return {name: value for name, value in wanted.items() if getattr(enrolment, name) != value}


def _higher(score: Decimal | None, than: Decimal | None) -> bool:
    return score is not None and (than is None or score > than)


def lock_for_enrolment(class_id: int) -> TrainingClass:
    """Return the class, locked until the transaction ends, if it still takes learners.

    Raises:
        ClassStateError: it does not.
    """
    locked = TrainingClass.objects.select_for_update().get(pk=class_id)
    if locked.state not in ENROLLABLE:
        raise ClassStateError(_("The class no longer takes learners."))
    return locked


def require_places(locked: TrainingClass, wanted: int) -> None:
    """Refuse what does not fit; the class must be locked by the caller.

    Raises:
        ClassFullError: fewer than ``wanted`` places are left.
    """
    free = locked.capacity - headcount(locked.pk)
    if wanted > free:
        raise ClassFullError(
            _("The class has %(free)s places left of %(capacity)s, and %(wanted)s are needed.")
            % {"free": max(free, 0), "capacity": locked.capacity, "wanted": wanted}
        )


def _reinstate(enrolment: Enrolment, actor: Any) -> Enrolment:
    if enrolment.completed_at:
        status = EnrolmentStatus.COMPLETED
    else:
        status = EnrolmentStatus.IN_PROGRESS if enrolment.started_at else EnrolmentStatus.ENROLLED
    before = counted_as(enrolment)
    enrolment.status = status
    enrolment.save(update_fields=["status", "updated_at"])
    move(enrolment, before)
    _record(actor, "classes.learner_reinstated", enrolment.training_class_id, {"learner": enrolment.learner_id})
    enrolment_reinstated.send(sender=Enrolment, enrolment=enrolment)
    return enrolment


def _record(actor: Any, action: str, class_id: int, data: dict[str, Any]) -> None:
    record(actor=actor, action=action, target=f"class:{class_id}", data=data, stream=f"class:{class_id}")
