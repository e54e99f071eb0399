"""Conditions of completing a class, as its learner sees them."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from lms.classes.models import Enrolment
from lms.common.formats import percent, score
from lms.completion.facts import completion_rules
from lms.completion.outcome import attendance_needed
from lms.completion.queries import Position
from lms.exams.enums import AttemptState
from lms.exams.models import Attempt
from lms.exams.queries import shows_score
from lms.programmes.enums import ItemKind
from lms.programmes.queries import outline
from lms.progress.models import ItemState


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition of completion: ``state`` is todo, doing or done; ``value`` says how far, in figures."""

    label: str
    state: str
    value: str


def conditions(enrolment: Enrolment, position: Position) -> list[Condition]:
    """Return the conditions of completing this class, with the learner's progress."""
    edition = enrolment.training_class.edition
    secret = hidden_marks(enrolment, position)
    items = [item for module in outline(edition.pk) for item in module.items]
    found = []
    for kind, label in (
        (ItemKind.LESSON, _("Study every required lesson")),
        (ItemKind.ESSAY, _("Hand in every required essay")),
    ):
        required = [item for item in items if item.required and item.kind == kind]
        done = sum(position.states.get(item.id) == ItemState.DONE for item in required)
        if required:
            found.append(Condition(label, _state(done, len(required)), f"{done}/{len(required)}"))
    if position.planned:
        needed = attendance_needed(completion_rules(edition), position.planned)
        share = percent(edition.attendance_share * 100, 0)
        label = _("Attend at least %(share)s of the periods") % {"share": share}
        found.append(Condition(label, _state(position.attended, needed), f"{position.attended}/{position.planned}"))
    for item in items:
        if item.kind != ItemKind.EXAM or not item.required:
            continue
        mark = position.marks.get(item.id)
        state = position.states.get(item.id, ItemState.TODO.value)
        shown = score(mark) if mark is not None and item.id not in secret else "–"
        found.append(Condition(_("Pass: %(title)s") % {"title": item.title}, state, shown))
    if any(item.counts for item in items):
        final = position.outcome.score
        reached = final is not None and final >= edition.pass_mark
        label = _("A final mark of at least %(mark)s") % {"mark": score(edition.pass_mark)}
        if any(item.counts and item.id in secret for item in items):
            final, reached = None, False  # it would tell the mark that is not shown yet
        state = ItemState.DONE if reached else ItemState.TODO
        found.append(Condition(label, state.value, score(final) if final is not None else "–"))
    return found


def hidden_marks(enrolment: Enrolment, position: Position) -> set[int]:
    """Return the tests whose marks the learner must not see yet, by the exams' own rules; one query for them all."""
    attempts = Attempt.objects.filter(
        enrolment_id=enrolment.pk, item_id__in=position.marks, state=AttemptState.SUBMITTED
    )
    return {attempt.item_id for attempt in attempts.select_related("exam", "sitting") if not shows_score(attempt)}


def _state(have: int, need: int) -> str:
    if have >= need:
        return ItemState.DONE.value
    return ItemState.DOING.value if have else ItemState.TODO.value
