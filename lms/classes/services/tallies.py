"""Tallies: counts of each class by status and band, exact at every commit (ADR 10).

Whoever changes an enrolment's status or band calls :func:`shift` in the same transaction. :func:`recount` proves the
tallies against the enrolments, :func:`repair` puts a difference right without stopping anybody's work for long.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import batched

from django.db import transaction
from django.db.models import Count, F, IntegerField
from django.db.models.functions import Cast, Mod

from lms.classes.enums import Band, EnrolmentStatus
from lms.classes.models import ClassTally, Enrolment, TrainingClass
from lms.classes.signals import tally_moved

FLAGS = ("theory_done", "professional_done")
FIELDS = (*EnrolmentStatus.values, *Band.values, *FLAGS)
_BATCH = 500

_proofs: list[Callable[[bool], list[str]]] = []


@dataclass(frozen=True, slots=True, order=True)
class TallyMismatch:
    """A figure of a tally that is not what a recount of the enrolments gives."""

    class_id: int
    slot: int
    field: str
    recorded: int
    counted: int


def slots_for(capacity: int) -> int:
    """Return over how many rows to spread the tally of a class of this capacity."""
    if capacity <= 200:
        return 1
    return 4 if capacity <= 1000 else 16


def slot_of(enrolment: Enrolment) -> int:
    """Return the tally row that counts this enrolment."""
    return enrolment.pk % enrolment.training_class.tally_slots


def counted_as(enrolment: Enrolment) -> Counter[str]:
    """Return the figures in which an enrolment counts, one each."""
    fields = [enrolment.status, *([enrolment.band] if enrolment.band else [])]
    if enrolment.status != EnrolmentStatus.WITHDRAWN:
        fields += [flag for flag in FLAGS if getattr(enrolment, flag)]
    return Counter(fields)


def move(enrolment: Enrolment, before: Counter[str]) -> None:
    """Move the class's tally from how the enrolment counted ``before`` to how it counts now."""
    after = counted_as(enrolment)
    changes = {field: after[field] - before[field] for field in before | after}
    shift(class_id=enrolment.training_class_id, slot=slot_of(enrolment), changes=changes)


def shift(*, class_id: int, slot: int, changes: Mapping[str, int]) -> None:
    """Add ``changes`` (field → plus or minus) to one tally row, inside the caller's transaction."""
    moved = {field: F(field) + change for field, change in changes.items() if change}
    if not moved:
        return
    row = ClassTally.objects.filter(training_class_id=class_id, slot=slot)
    if not row.update(**moved):
        ClassTally.objects.bulk_create([ClassTally(training_class_id=class_id, slot=slot)], ignore_conflicts=True)
        row.update(**moved)
    tally_moved.send(sender=ClassTally, class_id=class_id)


def add_enrolled(*, training_class: TrainingClass, enrolment_ids: Iterable[int]) -> None:
    """Count new enrolments, inside the caller's transaction, slots in order."""
    slots = training_class.tally_slots
    for slot, count in sorted(Counter(pk % slots for pk in enrolment_ids).items()):
        shift(class_id=training_class.pk, slot=slot, changes={EnrolmentStatus.ENROLLED: count})


def recount(class_ids: Iterable[int] | None = None) -> list[TallyMismatch]:
    """Return every figure that differs from the enrolments; an empty list proves the tallies.

    Args:
        class_ids: only these classes; all by default.
    """
    differences: list[TallyMismatch] = []
    for ids in _batches(class_ids):
        differences += _compare(ids)
    return differences


def repair(class_ids: Iterable[int] | None = None) -> list[TallyMismatch]:
    """Put differing tallies right; returns what was wrong.

    Each class is locked (no new enrolments) and so are its tally rows (status changes wait), then counted again:
    an act that was under way when the first count ran is no difference.
    """
    mended: list[TallyMismatch] = []
    for class_id in sorted({difference.class_id for difference in recount(class_ids)}):
        with transaction.atomic():
            TrainingClass.objects.select_for_update().get(pk=class_id)
            list(ClassTally.objects.select_for_update().filter(training_class_id=class_id).order_by("slot"))
            for difference in _compare([class_id]):
                row, _made = ClassTally.objects.get_or_create(training_class_id=class_id, slot=difference.slot)
                ClassTally.objects.filter(pk=row.pk).update(**{difference.field: difference.counted})
                mended.append(difference)
            tally_moved.send(sender=ClassTally, class_id=class_id)
    return mended


def _batches(class_ids: Iterable[int] | None) -> Iterator[list[int]]:
    ids = TrainingClass.objects.order_by("pk").values_list("pk", flat=True) if class_ids is None else sorted(class_ids)
    yield from map(list, batched(ids, _BATCH))


def _compare(class_ids: list[int]) -> list[TallyMismatch]:
    counted: Counter[tuple[int, int, str]] = Counter()
    slot = Cast(Mod(F("pk"), F("training_class__tally_slots")), IntegerField())
    groups = (
        Enrolment.objects.filter(training_class_id__in=class_ids)
        .annotate(slot=slot)
        .values_list("training_class_id", "slot", "status", "band", *FLAGS)
        .annotate(people=Count("pk"))
        .order_by()
    )
    for class_id, number, status, band, theory_done, professional_done, people in groups:
        example = Enrolment(status=status, band=band, theory_done=theory_done, professional_done=professional_done)
        for field in counted_as(example):
            counted[class_id, number, field] += people
    recorded: dict[tuple[int, int, str], int] = {
        (class_id, number, field): figure
        for class_id, number, *figures in ClassTally.objects.filter(training_class_id__in=class_ids).values_list(
            "training_class_id", "slot", *FIELDS
        )
        for field, figure in zip(FIELDS, figures, strict=True)
        if figure
    }
    return [
        TallyMismatch(*key, recorded=recorded.get(key, 0), counted=counted[key])
        for key in sorted(recorded.keys() | counted.keys())
        if recorded.get(key, 0) != counted[key]
    ]


def register_proof(proof: Callable[[bool], list[str]]) -> None:
    """Let a higher app prove what it adds up from tallies: ``proof(fix)`` returns what is wrong, a line each."""
    if proof not in _proofs:
        _proofs.append(proof)


def run_proofs(fix: bool = False) -> list[str]:
    """Run every registered proof; with ``fix`` each puts right what it found."""
    return [problem for proof in _proofs for problem in proof(fix)]
