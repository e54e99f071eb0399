"""Reads of where learners stand and what they still lack."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lms.classes.enums import EnrolmentStatus
from lms.classes.models import Enrolment
from lms.common.formats import number
from lms.completion.facts import outcome_of
from lms.completion.models import ClassRefresh
from lms.completion.outcome import CompletionOutcome, Missing
from lms.gradebook.fold import round_mark
from lms.gradebook.queries.deeds import read_deeds_and_plan
from lms.programmes.queries import OutlineModule, outline


@dataclass(frozen=True, slots=True)
class Position:
    """The standing of one enrolment, with what it was computed from."""

    outcome: CompletionOutcome
    states: dict[int, str]
    marks: dict[int, Decimal]
    attended: int
    planned: int


def position_of(enrolment: Enrolment) -> Position:
    """Return where one enrolment stands by its deeds, in one statement (its class and edition should be loaded)."""
    deeds, planned = read_deeds_and_plan(enrolment)
    outcome = outcome_of(enrolment, deeds, planned)
    marks = {item: round_mark(mark) for item, mark in deeds.marks().items()}
    return Position(outcome, deeds.states, marks, deeds.attended, planned)


def missing(enrolment: Enrolment) -> list[str]:
    """Return what the learner lacks for completion, in sentences of the reader's language."""
    if enrolment.status == EnrolmentStatus.WITHDRAWN:
        return []
    outcome = position_of(enrolment).outcome
    return missing_sentences(outcome.missing, outline(enrolment.training_class.edition_id))


def missing_sentences(items: Iterable[Missing], modules: Iterable[OutlineModule]) -> list[str]:
    """Say in sentences what is missing."""
    titles = {item.id: item.title for module in modules for item in module.items}
    return [_sentence(one, titles) for one in items]


def _sentence(one: Missing, titles: dict[int, str]) -> str:
    values = {
        "item": titles.get(one.item_id or 0, ""),
        "have": number(one.have) if one.have is not None else "",
        "need": number(one.need) if one.need is not None else "",
    }
    sentences = {
        "read_lesson": _("Study “%(item)s”."),
        "pass_exam": _("Pass “%(item)s”."),
        "pass_essay": _("Hand in and pass “%(item)s”."),
        "attend_session": _("Attend “%(item)s”."),
        "exam_closed": _("No attempt is left at “%(item)s”: ask your lecturer."),
        "attendance_share": ngettext(
            "Attend at least %(need)s period (so far: %(have)s).",
            "Attend at least %(need)s periods (so far: %(have)s).",
            int(one.need or 0),
        ),
        "pass_mark": _("Reach a final mark of %(need)s (now: %(have)s)."),
        "mark_pending": _("“%(item)s” waits for its mark."),
    }
    return sentences[one.code] % values


def class_refresh(class_id: int) -> ClassRefresh | None:
    """Return how far a very large class is worked out again; ``None`` when nothing is left to do."""
    return ClassRefresh.objects.filter(pk=class_id).first()
