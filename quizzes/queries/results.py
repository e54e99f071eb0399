"""How a group of people did in an exam: by person and by question."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from quizzes.engine.layout import original_by_shown, shown_by_original
from quizzes.engine.tally import QuestionTally, TallySlot, tally_questions
from quizzes.enums import AttemptState
from quizzes.kinds import get_kind
from quizzes.kinds.base import OptionKind
from quizzes.models import Attempt, ItemVersion, Paper, Response


@dataclass(frozen=True, slots=True)
class OptionResult:
    """One option in the order of the item version; ``letter`` is its place there."""

    letter: str
    html: str
    right: bool
    count: int
    percent: float


@dataclass(frozen=True, slots=True)
class QuestionResult:
    """One question as a group answered it. Percentages are of ``seen``, the attempts that asked it."""

    version: int
    kind: str
    stem_html: str
    seen: int
    omitted: int
    correct: int
    percent: float
    difficulty: float
    options: tuple[OptionResult, ...]


def attempts_of(
    exam_id: int, context_ids: Collection[int], *, context_item_id: int | None = None
) -> dict[int, list[Attempt]]:
    """Return the attempts at an exam by context (an enrolment), the first one first; annulled ones are left out."""
    found = Attempt.objects.filter(exam_id=exam_id, context_id__in=context_ids).exclude(state=AttemptState.ANNULLED)
    if context_item_id is not None:
        found = found.filter(context_item_id=context_item_id)
    attempts: dict[int, list[Attempt]] = {}
    for attempt in found.order_by("context_id", "number"):
        attempts.setdefault(attempt.context_id, []).append(attempt)
    return attempts


def question_results(
    exam_id: int, context_ids: Collection[int], *, context_item_id: int | None = None
) -> list[QuestionResult]:
    """Return how the group answered each question, the hardest first.

    Each person counts once, with the first attempt handed in: later ones show what was learnt from it. Four
    statements, whatever the number of people, questions and paper codes.
    """
    found = Attempt.objects.filter(exam_id=exam_id, context_id__in=context_ids, state=AttemptState.SUBMITTED)
    if context_item_id is not None:
        found = found.filter(context_item_id=context_item_id)
    firsts: dict[tuple[int, int], tuple[int, int]] = {}
    rows = found.order_by("number").values_list("context_id", "context_item_id", "pk", "paper_id")
    for context, item, attempt_id, paper_id in rows:
        firsts.setdefault((context, item), (attempt_id, paper_id))
    if not firsts:
        return []
    answers: dict[int, dict[int, Any]] = {attempt_id: {} for attempt_id, _paper in firsts.values()}
    for attempt_id, slot, answer in Response.objects.filter(attempt_id__in=list(answers)).values_list(
        "attempt_id", "slot", "answer"
    ):
        answers[attempt_id][slot] = answer
    layouts = dict(Paper.objects.filter(pk__in={paper for _id, paper in firsts.values()}).values_list("pk", "layout"))
    versions = ItemVersion.objects.in_bulk({entry["version"] for layout in layouts.values() for entry in layout})
    papers = {pk: [_slot(entry, versions[entry["version"]]) for entry in layout] for pk, layout in layouts.items()}
    sheets = ((paper_id, answers[attempt_id]) for attempt_id, paper_id in firsts.values())
    return [_result(tally, versions[tally.version]) for tally in tally_questions(papers, sheets, _chosen)]


def _slot(entry: Mapping[str, Any], version: ItemVersion) -> TallySlot:
    key = get_kind(version.kind).shown_key(version.key, shown_by_original(entry["options"]))
    return TallySlot(entry["slot"], version.pk, version.kind, key, original_by_shown(entry["options"]))


def _chosen(kind_name: str, answer: Mapping[str, Any]) -> list[str]:
    kind = get_kind(kind_name)
    return kind.chosen(answer) if isinstance(kind, OptionKind) else []


def _result(tally: QuestionTally, version: ItemVersion) -> QuestionResult:
    options = version.content.get("options", [])
    kind = get_kind(version.kind)
    # The key in letters of the version's own order, so that it can be set beside the options listed in it.
    letters = shown_by_original([option["id"] for option in options])
    shown = kind.shown_key(version.key, letters) if isinstance(kind, OptionKind) else {}
    correct = shown.get("correct", ())
    right = {correct} if isinstance(correct, str) else set(correct)
    return QuestionResult(
        version=version.pk,
        kind=version.kind,
        stem_html=version.stem,
        seen=tally.seen,
        omitted=tally.omitted,
        correct=tally.correct,
        percent=_percent(tally.correct, tally.seen),
        difficulty=float(round(tally.difficulty, 4)),
        options=tuple(
            OptionResult(
                letter=letters[option["id"]].upper(),
                html=option["html"],
                right=letters[option["id"]] in right,
                count=tally.chosen.get(option["id"], 0),
                percent=_percent(tally.chosen.get(option["id"], 0), tally.seen),
            )
            for option in options
        ),
    )


def _percent(part: int, whole: int) -> float:
    return float(round(Decimal(100 * part) / whole, 1))
