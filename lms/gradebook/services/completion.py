"""The orchestrator: facts → fold → standing, at once and in the caller's transaction (design.md §1)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from itertools import batched

from django.db import transaction

from cms.enums import ModuleKind
from lms.classes.enums import ClassState, EnrolmentStatus
from lms.classes.models import Enrolment
from lms.classes.services.enrolments import Standing, set_standing
from lms.classes.services.tallies import slot_of
from lms.common.clock import now
from lms.gradebook.facts import fold_enrolment, planned_periods, read_deeds
from lms.gradebook.signals import enrolment_completed
from lms.progress.fold import ENROLLED, Outcome

_BATCH = 1000


def refresh(*, enrolment_id: int, active_at: dt.datetime | None = None) -> Standing | None:
    """Bring one enrolment's standing in line with its facts; sends ``enrolment_completed`` when it completes.

    Args:
        active_at: when the learner acted, if it was the learner.

    Returns the standing, or ``None`` for a withdrawn enrolment or a cancelled class, which stay as they are.
    """
    return refresh_many(enrolment_ids=[enrolment_id], active_at=active_at).get(enrolment_id)


def refresh_many(*, enrolment_ids: Iterable[int], active_at: dt.datetime | None = None) -> dict[int, Standing]:
    """:func:`refresh` for many, in a handful of reads per thousand; writes only what changed."""
    standings: dict[int, Standing] = {}
    with transaction.atomic():
        for ids in batched(sorted(set(enrolment_ids)), _BATCH):
            standings |= _refresh_batch(ids, active_at)
    return standings


def _refresh_batch(ids: tuple[int, ...], active_at: dt.datetime | None) -> dict[int, Standing]:
    # The enrolment's row is locked before its facts are read: of two acts at once (the last lesson here, the
    # attendance there) the second sees the first and completes. NO KEY leaves the foreign keys of rows that point
    # here alone, so that writers of those rows do not deadlock with each other.
    enrolments = list(
        Enrolment.objects.select_related("training_class__edition")
        .select_for_update(of=("self",), no_key=True)
        .filter(pk__in=ids)
        .exclude(status=EnrolmentStatus.WITHDRAWN)
        .exclude(training_class__state=ClassState.CANCELLED)
        .order_by("pk")
    )
    if not enrolments:
        return {}
    deeds = read_deeds([enrolment.pk for enrolment in enrolments])
    planned = planned_periods(enrolment.training_class_id for enrolment in enrolments)
    moment = now()
    standings: dict[int, Standing] = {}
    completed: list[Enrolment] = []
    # Tally slots are locked in the order of their numbers (lms.classes.services.enrolments).
    for enrolment in sorted(enrolments, key=lambda one: (one.training_class_id, slot_of(one), one.pk)):
        outcome = fold_enrolment(enrolment, deeds[enrolment.pk], planned.get(enrolment.training_class_id, 0))
        standing = _standing(enrolment, outcome, moment, active_at)
        earned_before = enrolment.completed_at is not None
        set_standing(enrolment=enrolment, standing=standing)
        standings[enrolment.pk] = standing
        if enrolment.completed_at is not None and not earned_before:
            completed.append(enrolment)
    for enrolment in completed:
        enrolment_completed.send(None, enrolment=enrolment)
    return standings


def _standing(enrolment: Enrolment, outcome: Outcome, moment: dt.datetime, active_at: dt.datetime | None) -> Standing:
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
