"""Standings follow the facts, at once and in the caller's transaction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from itertools import batched
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from cms.enums import ModuleKind
from lms.classes.enums import ClassState, EnrolmentStatus
from lms.classes.models import Enrolment
from lms.classes.services.enrolments import Standing, set_standing
from lms.classes.services.tallies import slot_of
from lms.common.clock import now
from lms.common.prepared import prepared, prepared_update
from lms.completion.facts import outcome_of
from lms.completion.outcome import ENROLLED, CompletionOutcome
from lms.completion.signals import enrolment_completed
from lms.gradebook.queries.deeds import Deeds, planned_periods, read_deeds, read_deeds_and_plan

_BATCH = 1000
_BEGUN = (EnrolmentStatus.IN_PROGRESS, EnrolmentStatus.COMPLETED, EnrolmentStatus.FAILED)


def refresh_standing(*, enrolment_id: int, active_at: dt.datetime | None = None) -> Standing | None:
    """Bring one enrolment's standing in line with its facts; sends ``enrolment_completed`` when it completes.

    Args:
        active_at: when the learner acted, if it was the learner.

    Returns the standing, or ``None`` for a withdrawn enrolment or a cancelled class, which stay as they are.
    """
    with transaction.atomic(savepoint=False):
        enrolment = lock_enrolment(enrolment_id=enrolment_id)
        return None if enrolment is None else refresh_locked_standing(enrolment=enrolment, active_at=active_at)


def lock_enrolment(*, enrolment_id: int) -> Enrolment | None:
    """Return an enrolment whose standing may move, with its class and edition, locked until the transaction ends.

    For acts that read the enrolment before they write what :func:`refresh_locked_standing` computes with.
    """
    return _one_locked.first(enrolment=enrolment_id)


def refresh_locked_standing(*, enrolment: Enrolment, active_at: dt.datetime | None = None) -> Standing:
    """Do as :func:`refresh_standing` for an enrolment that :func:`lock_enrolment` gave, in the same transaction."""
    return _move([enrolment], {enrolment.pk: read_deeds_and_plan(enrolment)}, active_at)[enrolment.pk]


def note_begun(*, enrolment_id: int, active_at: dt.datetime) -> bool:
    """Note that a learner began one more item; ``False`` when the standing must be refreshed.

    "Begun" is all that an item being done tells the rules, so it tells nothing new of who has begun. The statement
    asks for that itself and takes the row's lock, like a refresh: none that runs beside it can miss either.
    """
    return bool(_touch_begun.run(enrolment=enrolment_id, at=active_at))


@prepared_update
def _touch_begun(enrolment: Any, at: Any) -> tuple[QuerySet[Enrolment], dict[str, Any]]:
    begun = Enrolment.objects.filter(pk=enrolment, status__in=_BEGUN)
    return begun, {"last_activity_at": at, "updated_at": at}


def refresh_standings(*, enrolment_ids: Iterable[int], active_at: dt.datetime | None = None) -> dict[int, Standing]:
    """Do as :func:`refresh_standing` for many, in a handful of reads per thousand; writes only what changed."""
    standings: dict[int, Standing] = {}
    with transaction.atomic():
        for ids in batched(sorted(set(enrolment_ids)), _BATCH):
            enrolments = list(_locked({"pk__in": ids}))
            deeds = read_deeds([enrolment.pk for enrolment in enrolments])
            planned = planned_periods(enrolment.training_class_id for enrolment in enrolments)
            facts = {one.pk: (deeds[one.pk], planned.get(one.training_class_id, 0)) for one in enrolments}
            standings |= _move(enrolments, facts, active_at)
    return standings


@prepared
def _one_locked(enrolment: Any) -> QuerySet[Enrolment]:
    return _locked({"pk": enrolment})


def _locked(which: dict[str, Any]) -> QuerySet[Enrolment]:
    """Enrolments whose standing may move, to be locked in order.

    The enrolment's row is locked before its facts are read: of two acts at once (the last lesson here, the
    attendance there) the second sees the first and completes. NO KEY leaves the foreign keys of rows that point
    here alone, so that writers of those rows do not deadlock with each other.
    """
    return (
        Enrolment.objects.select_related("training_class__edition")
        .select_for_update(of=("self",), no_key=True)
        .filter(**which)
        .exclude(status=EnrolmentStatus.WITHDRAWN)
        .exclude(training_class__state=ClassState.CANCELLED)
        .order_by("pk")
    )


def _move(
    enrolments: list[Enrolment], facts: dict[int, tuple[Deeds, int]], active_at: dt.datetime | None
) -> dict[int, Standing]:
    """Work out locked enrolments and write what differs."""
    moment = now()
    standings: dict[int, Standing] = {}
    completed: list[Enrolment] = []
    # Tally slots are locked in the order of their numbers (lms.classes.services.enrolments).
    for enrolment in sorted(enrolments, key=lambda one: (one.training_class_id, slot_of(one), one.pk)):
        outcome = outcome_of(enrolment, *facts[enrolment.pk])
        standing = _standing(enrolment, outcome, moment, active_at)
        earned_before = enrolment.completed_at is not None
        set_standing(enrolment=enrolment, standing=standing)
        standings[enrolment.pk] = standing
        if enrolment.completed_at is not None and not earned_before:
            completed.append(enrolment)
    for enrolment in completed:
        enrolment_completed.send(None, enrolment=enrolment)
    return standings


def _standing(
    enrolment: Enrolment, outcome: CompletionOutcome, moment: dt.datetime, active_at: dt.datetime | None
) -> Standing:
    begun = outcome.status != ENROLLED
    return Standing(
        status=EnrolmentStatus(outcome.status),
        percent=outcome.percent,
        score=outcome.score,
        band=outcome.band,
        next_item_id=outcome.next_item_id,
        completed_at=moment if outcome.status == EnrolmentStatus.COMPLETED else None,
        started_at=moment if begun else None,
        rules=enrolment.training_class.edition.digest,
        active_at=active_at,
        theory_done=ModuleKind.THEORY in outcome.kinds_done,
        professional_done=ModuleKind.PROFESSIONAL in outcome.kinds_done,
    )
