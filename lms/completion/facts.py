"""From the tables to the rules of completion: items, rules and deeds in the form that they are computed with."""

from __future__ import annotations

from decimal import Decimal

from lms.classes.enums import ClassState
from lms.classes.models import Enrolment
from lms.completion.outcome import (
    Attendance,
    CompletionItem,
    CompletionOutcome,
    Earned,
    Facts,
    Rules,
    compute_outcome,
)
from lms.gradebook.fold import attempts_made
from lms.gradebook.queries.deeds import Deeds
from lms.programmes.models import Edition
from lms.programmes.queries import outline
from lms.progress.models import ItemState

ENDED = frozenset({ClassState.CLOSED, ClassState.RECOGNISED})


def completion_items(edition_id: int) -> tuple[CompletionItem, ...]:
    """Return the items of an edition, from the cached outline."""
    return tuple(
        CompletionItem(
            id=item.id,
            position=item.position,
            kind=item.kind,
            required=item.required,
            counts=item.counts,
            weight=item.weight,
            module_kind=module.kind,
        )
        for module in outline(edition_id)
        for item in module.items
    )


def completion_rules(edition: Edition) -> Rules:
    """Return the rules of an edition."""
    return Rules(
        pass_mark=Decimal(edition.pass_mark),
        attendance_share=Decimal(edition.attendance_share),
        bands=tuple((band["code"], Decimal(str(band["from"]))) for band in edition.bands),
    )


def facts_of(enrolment: Enrolment, deeds: Deeds, planned: int) -> Facts:
    """Return the facts of one enrolment (its class must be loaded)."""
    made = attempts_made(deeds.entries)
    earned = None
    if enrolment.completed_at is not None:
        earned = Earned(score=enrolment.score, band=enrolment.band)
    return Facts(
        done=frozenset(item for item, state in deeds.states.items() if state == ItemState.DONE),
        doing=frozenset(item for item, state in deeds.states.items() if state == ItemState.DOING),
        marks=deeds.marks(),
        closed=frozenset(item for item, count in made.items() if 0 < deeds.allowed.get(item, 0) <= count),
        attendance=Attendance(attended=deeds.attended, planned=planned),
        ended=enrolment.training_class.state in ENDED,
        earned=earned,
    )


def outcome_of(enrolment: Enrolment, deeds: Deeds, planned: int) -> CompletionOutcome:
    """Return the outcome that the deeds give one enrolment (its class and edition must be loaded)."""
    edition = enrolment.training_class.edition
    return compute_outcome(completion_items(edition.pk), completion_rules(edition), facts_of(enrolment, deeds, planned))
